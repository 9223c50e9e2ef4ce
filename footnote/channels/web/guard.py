"""What is turned away before Socket.IO sees it: foreign addresses in a hurry, odd frames."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from urllib.parse import urlsplit

from engineio.async_socket import AsyncSocket
from engineio.exceptions import EngineIOError, SocketIsClosedError
from engineio.packet import CLOSE, MESSAGE, PONG, Packet
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer
from socketio.packet import CONNECT, DISCONNECT, EVENT

from footnote.channels.web.limits import MAX_FRAME, Buckets
from footnote.channels.work import Work

logger = logging.getLogger(__name__)

_HANDSHAKES, _HANDSHAKE_RATE = 120, 2.0
_REQUESTS, _REQUEST_RATE = 240, 20.0
_FRAMES, _FRAME_RATE = 60, 10.0
_JOIN_SECONDS = 10.0
"""How long a connection may stand without a chat: only those with one are counted."""
EVENTS = ("start", "history", "message", "rate")
"""What a client may ask for; `chat.py` handles each."""
FROM_CLIENT = (CLOSE, PONG, MESSAGE)
"""What a client sends on a connection that stands (Engine.IO's packet types)."""
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, RecursionError)
"""What decoding raises on odd packets."""
_SLOW = "Too many requests from this address. Please wait a moment."
_STOPPING = "This server is about to stop. Please try again in a moment."


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
        work: tells whether the server is about to stop.
    """

    def __init__(self, sio: AsyncServer, work: Work) -> None:
        self._sio = sio
        self._work = work
        self._handshakes = Buckets(_HANDSHAKES, _HANDSHAKE_RATE)
        self._requests = Buckets(_REQUESTS, _REQUEST_RATE)
        self._frames = Buckets(_FRAMES, _FRAME_RATE)
        self._pings: set[asyncio.Future[Any]] = set()
        self._endings: set[asyncio.Future[None]] = set()

    def refusal(self, request: Request) -> HTTPResponse | None:
        """Return the answer to a request that is turned away, or None."""
        address = client_address(request)
        if self._work.stopping and not request.args.get("sid"):
            return response.text(_STOPPING, status=503, headers={"Retry-After": "2"})
        if "j" in request.args:
            # JSONP would let any page read replies; our widget never asks for it.
            return response.text("JSONP is not served.", status=400)
        if len(request.body or b"") > MAX_FRAME:
            return response.text("The message is too large.", status=413)
        buckets = self._requests if request.args.get("sid") else self._handshakes
        if not buckets.take(address):
            return response.text(_SLOW, status=429, headers={"Retry-After": "5"})
        return None

    async def finish(self) -> None:
        """End every connection, so that the server can stop at once; the widgets come back.

        What is in hand was finished before. Engine.IO's own closing is not waited for: a client
        that reads nothing would hold it up.
        """
        await self._work.drain()
        for socket in list(self._sio.eio.sockets.values()):
            await socket.close(wait=False)
        for task in self._pings:
            task.cancel()

    async def pass_on(self, request: Request) -> HTTPResponse | None:
        """Let Socket.IO handle a request; a frame that it cannot read ends the connection.

        Returns:
            The answer; None where the request became a WebSocket, which is over by then.
        """
        # Asked for before: it is gone when the connection is.
        protocol = request.transport.get_protocol()
        try:
            answer = await self._sio.handle_request(request)
        except _UNREADABLE as error:
            _told(error)
            answer = response.text("That could not be read.", status=400)
        # Sanic would write the answer into the WebSocket, or fail at it.
        return None if getattr(protocol, "websocket", None) else answer

    def install(self) -> None:
        """Watch what comes in on each connection.

        Only packets that our widget sends get through: python-socketio would collect binary
        ones without bound, and call the handlers of `connect` and `disconnect` for events of
        these names.
        """
        eio = self._sio.eio
        connect, handle = eio.handlers["connect"], eio.handlers["message"]

        async def connected(eio_sid: str, environ: dict[str, Any]) -> Any:
            socket = eio.sockets[eio_sid]
            self._watch(socket)
            asyncio.get_running_loop().call_later(_JOIN_SECONDS, self._end_unless_joined, socket)
            return await connect(eio_sid, environ)

        async def received(eio_sid: str, data: Any) -> None:
            socket = eio.sockets[eio_sid]
            ours = self._is_ours(data)
            if ours:
                await handle(eio_sid, data)
            if not ours or data.startswith(str(DISCONNECT)):
                await self._close(socket)

        start = eio.start_background_task

        def started(target: Any, *args: Any, **kwargs: Any) -> Any:
            # Engine.IO's pings sleep longer than a stop takes; asyncio would call each an error.
            task = start(target, *args, **kwargs)
            if getattr(target, "__name__", "") == "_send_ping":
                self._pings.add(task)
                task.add_done_callback(self._pings.discard)
            return task

        eio.start_background_task = started
        eio.on("connect", connected)
        eio.on("message", received)

    def _watch(self, socket: AsyncSocket) -> None:
        self._count_frames(socket)
        self._refuse_unreadable_bodies(socket)
        self._refuse_unreadable_frames(socket)

    def _count_frames(self, socket: AsyncSocket) -> None:
        """Count the frames of a connection, and end it as soon as it is closed for one."""
        receive = socket.receive

        async def counted(frame: Packet) -> None:
            if frame.packet_type not in FROM_CLIENT or not self._frames.take(socket.sid):
                await self._close(socket)
            if not socket.closed:
                await receive(frame)
            if socket.closed:
                raise SocketIsClosedError

        socket.receive = counted

    def _refuse_unreadable_bodies(self, socket: AsyncSocket) -> None:
        """End the connection; Engine.IO would answer OK and log a traceback that quotes them."""
        handle = socket.handle_post_request

        async def handled(environ: dict[str, Any]) -> None:
            try:
                await handle(environ)
            except _UNREADABLE as error:
                _told(error)
                await self._close(socket)
                raise EngineIOError from None

        socket.handle_post_request = handled

    def _refuse_unreadable_frames(self, socket: AsyncSocket) -> None:
        """Take them as the end of the WebSocket; else a 400 would be written into it, as HTTP."""
        handle = socket._websocket_handler

        async def handled(websocket: Any) -> None:
            wait = websocket.wait

            async def readable() -> Any:
                frame = await wait()
                try:
                    Packet(encoded_packet=frame)
                except _UNREADABLE as error:
                    _told(error)
                    return None
                return frame

            websocket.wait = readable
            await handle(websocket)

        socket._websocket_handler = handled

    def _end_unless_joined(self, socket: AsyncSocket) -> None:
        if not socket.closed and not self._sio.manager.sid_from_eio_sid(socket.sid, "/"):
            ending = asyncio.ensure_future(self._hang_up(socket))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    async def _hang_up(self, socket: AsyncSocket) -> None:
        """Close a connection that nothing comes in on, so that no reader notices."""
        await self._close(socket)
        # What Engine.IO's writer takes as the end.
        await socket.queue.put(None)

    async def _close(self, socket: AsyncSocket) -> None:
        await socket.close(wait=False, abort=True)

    def _is_ours(self, data: object) -> bool:
        if not isinstance(data, str):
            return False
        try:
            packet = self._sio.packet_class(encoded_packet=data)
        except _UNREADABLE:
            return False
        if packet.namespace not in (None, "/"):
            return False
        if packet.packet_type == EVENT:
            event = packet.data
            return isinstance(event, list) and bool(event) and event[0] in EVENTS
        return packet.packet_type in (CONNECT, DISCONNECT)


def _told(error: Exception) -> None:
    # Only the kind: the message quotes what was sent.
    logger.warning("A socket sent what could not be read: %s", type(error).__name__)
