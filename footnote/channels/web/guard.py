"""What is turned away before Socket.IO sees it: foreign addresses in a hurry, odd frames."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer

from footnote.channels.web.limits import MAX_FRAME, Buckets

logger = logging.getLogger(__name__)

_HANDSHAKES, _HANDSHAKE_RATE = 120, 2.0
_REQUESTS, _REQUEST_RATE = 240, 20.0
_FRAMES, _FRAME_RATE = 60, 10.0
_SLOW = "Too many requests from this address. Please wait a moment."


def address_of(environ: dict[str, Any]) -> str:
    """Return the address that a socket's request came from (see `client_address`)."""
    return client_address(environ["sanic.request"])


def client_address(request: Request) -> str:
    """Return a request's address; forwarded ones count only as far as proxies are configured.

    Sanic reads X-Forwarded-For where SANIC_PROXIES_COUNT (or SANIC_REAL_IP_HEADER) is set.
    """
    return request.remote_addr or request.ip or ""


def is_own_origin(origin: str | None, environ: dict[str, Any]) -> bool:
    """Whether a page's origin is this very server, as the browser addressed it."""
    host = environ.get("HTTP_HOST", "")
    parts = urlsplit(origin or "")
    return bool(host) and parts.scheme in ("http", "https") and parts.netloc == host


class Guard:
    """Holds the socket's traffic to what a person can cause.

    Args:
        sio: the server behind it.
    """

    def __init__(self, sio: AsyncServer) -> None:
        self._sio = sio
        self._handshakes = Buckets(_HANDSHAKES, _HANDSHAKE_RATE)
        self._requests = Buckets(_REQUESTS, _REQUEST_RATE)
        self._frames = Buckets(_FRAMES, _FRAME_RATE)

    def refusal(self, request: Request) -> HTTPResponse | None:
        """Return the answer to a request that is turned away, or None."""
        address = client_address(request)
        if "j" in request.args:
            # JSONP would let any page read replies; our widget never asks for it.
            return response.text("JSONP is not served.", status=400)
        if len(request.body or b"") > MAX_FRAME:
            return response.text("The message is too large.", status=413)
        buckets = self._requests if request.args.get("sid") else self._handshakes
        if not buckets.take(address):
            return response.text(_SLOW, status=429, headers={"Retry-After": "5"})
        return None

    def install(self) -> None:
        """Count frames and refuse binary ones, which python-socketio would collect unbounded."""
        handle = self._sio.eio.handlers["message"]

        async def guarded(eio_sid: str, data: Any) -> None:
            if not isinstance(data, str) or data[:1] in "56" or not self._frames.take(eio_sid):
                await self._sio.eio.disconnect(eio_sid)
                return
            try:
                await handle(eio_sid, data)
            except (ValueError, TypeError, KeyError, IndexError, RecursionError):
                # Nothing that our widget sends; the library would log it with a traceback.
                await self._sio.eio.disconnect(eio_sid)

        self._sio.eio.on("message", guarded)
