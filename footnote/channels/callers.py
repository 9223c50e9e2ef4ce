"""Who may use the HTTP channels `rest` and `callback`, and whose conversations they reach.

With FOOTNOTE_API_TOKENS each caller shows its own bearer token, and reaches only conversations
of its own. Without, only programs on this machine are let in.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import re
from collections.abc import Mapping
from functools import lru_cache

from sanic.request import Request

from footnote.channels.requests import BadRequest
from footnote.settings import SettingsError

API_TOKENS = "FOOTNOTE_API_TOKENS"
LEAST_CHARACTERS = 24
LOCAL = "local"
_CALLER = re.compile(r"[a-z0-9-]{1,32}")
_LOCAL_HOST = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class Callers:
    """The callers that are let in.

    Args:
        tokens: each caller's token, by its name; none lets in this machine only.
    """

    def __init__(self, tokens: Mapping[str, str]) -> None:
        self._digests = {name: _digest(token) for name, token in tokens.items()}

    def of(self, request: Request) -> str:
        """Return the name of the caller of a request.

        Raises:
            BadRequest: it is not let in (status 401).
        """
        if not self._digests:
            if _from_this_machine(request):
                return LOCAL
            raise BadRequest(
                f"only programs on this machine are let in, unless {API_TOKENS} is set", status=401
            )
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = _digest(token.strip()) if scheme.lower() == "bearer" else b""
        # All are compared, so that the time taken tells nothing.
        found = [name for name, own in self._digests.items() if hmac.compare_digest(own, given)]
        if not found:
            raise BadRequest('"Authorization: Bearer ..." is missing or unknown', status=401)
        return found[0]


def conversation(channel: str, caller: str, sender: str) -> str:
    """Return a conversation's id: a caller's senders are no other caller's, nor channel's."""
    return f"{channel}:{caller}:{sender}"


def tokens(given: str) -> dict[str, str]:
    """Read `name:token,name:token`.

    Raises:
        SettingsError: it is malformed, or a token is too short; the message holds no token.
    """
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in given.split(","))):
        name, colon, token = part.partition(":")
        if not colon or not _CALLER.fullmatch(name) or name == LOCAL or name in found:
            raise SettingsError(
                f"{API_TOKENS} is malformed; give name:token,name:token (names: a-z, 0-9, -)"
            )
        if len(token) < LEAST_CHARACTERS or not token.isascii() or not token.isprintable():
            raise SettingsError(
                f"{API_TOKENS}: the token of {name!r} has fewer than {LEAST_CHARACTERS} "
                "characters or holds odd ones; make one with `openssl rand -hex 32`"
            )
        found[name] = token
    return found


@lru_cache(maxsize=1)
def callers() -> Callers:
    """Return the process's callers, as FOOTNOTE_API_TOKENS names them."""
    return Callers(tokens(os.environ.get(API_TOKENS, "")))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _from_this_machine(request: Request) -> bool:
    """Whether a program on this machine asks, not a proxy for another, nor a page in a browser.

    A page of a stranger's site may make a browser send requests here: under the site's own
    host name (rebinding), or with an `Origin`.
    """
    if any(name in request.headers for name in (*_FORWARDED, "origin")):
        return False
    if not _LOCAL_HOST.fullmatch(request.headers.get("host", "")):
        return False
    try:
        return ipaddress.ip_address(request.ip).is_loopback
    except ValueError:
        return False
