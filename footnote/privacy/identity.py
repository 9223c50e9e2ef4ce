"""Under which name a conversation is stored: a keyed hash, never the sender's own id.

A sender's id may be a phone number or an address of e-mail. Whoever reads the database
without the key can neither tell whose a conversation is nor find out by trying all numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from footnote import paths

ID_SECRET = "FOOTNOTE_ID_SECRET"
SECRET_FILE = "id-secret"


def stored_id(sender_id: str, key: bytes) -> str:
    """Return the id under which a sender's conversation is kept (HMAC-SHA256, hexadecimal)."""
    text = sender_id.encode("utf-8", "surrogatepass")
    return hmac.new(key, b"stored\0" + text, hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def id_key(folder: Path = paths.STATE) -> bytes:
    """Return the key: FOOTNOTE_ID_SECRET, else a random one that is kept on this machine.

    Args:
        folder: where the key's file lies; it is made at the first use, for its owner only.

    Raises:
        OSError: the file can neither be read nor made.
    """
    given = os.environ.get(ID_SECRET, "").strip()
    if given:
        return given.encode()
    path = folder / SECRET_FILE
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{SECRET_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            # A link fails if another process was first; both then read the same key.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip().encode()
