"""People's ids on a platform, turned into what may be stored."""

from __future__ import annotations

import hashlib
import hmac


def conversation_id(channel: str, secret: str, *parts: str) -> str:
    """Return the id under which a conversation is kept: a keyed hash (HMAC-SHA256).

    Without the secret nobody can tell from the store who a conversation is with, nor try
    all phone numbers to find out; with another secret the same person begins anew.

    Args:
        channel: the platform's name; it stays readable in front of the hash.
        secret: FOOTNOTE_ID_SECRET.
        parts: the person's id on the platform, and where they talk.
    """
    # Lengths in front keep ("a", "bc") and ("ab", "c") apart.
    text = "".join(f"{len(part)}:{part}" for part in (channel, *parts))
    digest = hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return f"{channel}-{digest.hexdigest()[:32]}"
