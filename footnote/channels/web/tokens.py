"""Session tokens: a conversation's id, signed by this server.

A browser keeps its token and shows it on every connect. Without the signature an id is
worth nothing: it neither reads nor joins the conversation.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable

import jwt

from footnote.channels.requests import WEB_PREFIX

_ALGORITHM = "HS256"
_AUDIENCE = "footnote-web"
_SESSION = re.compile(WEB_PREFIX + r"[A-Za-z0-9_-]{22}")
_MAX_TOKEN = 1000
_DAY = 24 * 60 * 60


def new_session() -> str:
    """Return a new conversation id of 128 random bits."""
    return WEB_PREFIX + secrets.token_urlsafe(16)


class Tokens:
    """Signs conversation ids and reads them back (JSON Web Tokens, RFC 7519, HMAC-SHA256).

    Args:
        secret: the signing key.
        days: how long a token counts; each connect issues a fresh one.
        clock: the time in seconds since 1970.
    """

    def __init__(self, secret: str, days: int, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._lifetime = days * _DAY
        self._clock = clock

    def issue(self, session: str) -> str:
        """Return a token for a conversation id."""
        now = int(self._clock())
        claims = {"sub": session, "aud": _AUDIENCE, "iat": now, "exp": now + self._lifetime}
        return jwt.encode(claims, self._secret, algorithm=_ALGORITHM)

    def session(self, token: object) -> str | None:
        """Return the conversation id of a token that we signed and that still counts, or None."""
        if not isinstance(token, str) or len(token) > _MAX_TOKEN:
            return None
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                options={
                    "require": ["sub", "aud", "exp"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, ValueError):
            return None
        session, expires = claims["sub"], claims["exp"]
        if not isinstance(expires, (int, float)) or expires <= self._clock():
            return None
        return session if isinstance(session, str) and _SESSION.fullmatch(session) else None
