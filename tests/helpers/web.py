"""Start the scripted web bot, and talk to its socket as a client of the protocol."""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websockets

from footnote import paths
from footnote.serving.environment import environment, free_port
from footnote.serving.servers import STOP_TIMEOUT, answers

SECRET = "a secret of more than thirty-two characters"
PATIENCE = 60.0
START = """
import sys
from footnote import without_tensorflow
without_tensorflow.install()
from tests.helpers.web_bot import main
main(*sys.argv[1:])
"""
_addresses = itertools.count(1)


@dataclass
class WebBot:
    """A running scripted bot and its files."""

    port: int
    folder: Path
    credentials: dict[str, Any]
    extra: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with (self.folder / "web.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-c", START, str(self.port)),
                    *(str(self.folder / "web.db"), json.dumps(self.credentials)),
                ],
                cwd=paths.ROOT,
                env={
                    **environment(),
                    "FOOTNOTE_WEB_SECRET": SECRET,
                    "FOOTNOTE_WEB_ORIGINS": "",
                    **self.extra,
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while not answers(f"{self.url}/webhooks/web"):
            assert self.process.poll() is None, self.logged()
            assert time.monotonic() < deadline, "the web bot did not start"
            time.sleep(0.1)

    def stop(self) -> None:
        """End it as a crash would."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def tell_to_stop(self) -> None:
        """Ask it to end, as an upgrade does, and return when it knows; `ended` tells that it did.

        Something that takes a while must be in hand, or it is gone at once.
        """
        assert self.process is not None
        self.process.terminate()
        deadline = time.monotonic() + PATIENCE
        while answers(f"{self.url}/health/serving"):
            assert time.monotonic() < deadline, "the web bot does not stop"
            time.sleep(0.02)

    def ended(self) -> int:
        """Wait until it ended by itself, in the time that a stop has; return its exit code."""
        assert self.process is not None
        return self.process.wait(STOP_TIMEOUT)

    def logged(self) -> str:
        return (self.folder / "web.log").read_text(encoding="utf-8", errors="replace")

    def stored(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.folder.glob("web.db*")))


@contextmanager
def web_bot(
    folder: Path, credentials: dict[str, Any] | None = None, extra: dict[str, str] | None = None
) -> Iterator[WebBot]:
    """Run a scripted bot; each test may come from an address of its own (X-Forwarded-For)."""
    settings = {"SANIC_PROXIES_COUNT": "1", "FOOTNOTE_COUNTRY": "GB", **(extra or {})}
    bot = WebBot(free_port(), folder, credentials or {}, settings)
    try:
        bot.start()
        yield bot
    finally:
        bot.stop()


def new_address() -> str:
    """Return an address that no test came from yet (of the range for documentation)."""
    number = next(_addresses)
    return f"203.0.{number // 250}.{number % 250 + 1}"


class Refused(Exception):  # noqa: N818
    """The server did not let the client in; `data` is what it said."""

    def __init__(self, data: Any) -> None:
        super().__init__(str(data))
        self.data = data


@dataclass
class Window:
    """One connected client (Socket.IO 5 over a WebSocket, by hand) and what it was told."""

    socket: Any
    said: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str, Any]] = field(default_factory=list)
    answers: dict[int, Any] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    reader: asyncio.Task[None] | None = None

    async def read(self) -> None:
        """Sort what comes: pings, answers, events; ends with the connection."""
        try:
            async for frame in self.socket:
                if frame == "2":
                    await self.socket.send("3")
                elif frame.startswith("43"):
                    number, _, rest = frame[2:].partition("[")
                    self.answers[int(number)] = json.loads("[" + rest)[0]
                elif frame.startswith("42"):
                    name, data = json.loads(frame[2:])
                    (self.said.append(data) if name == "said" else self.told.append((name, data)))
        except websockets.ConnectionClosed:
            pass

    async def raw(self, frame: str | bytes) -> None:
        await self.socket.send(frame)

    async def ask(self, event: str, *data: Any) -> dict[str, Any]:
        number = next(self.ids)
        await self.raw(f"42{number}{json.dumps([event, *data])}")
        await wait(lambda: number in self.answers or self.closed, f"no answer to {event}")
        return self.answers.get(number, {})

    async def send(self, text: Any, message_id: Any = None, **more: Any) -> dict[str, Any]:
        message_id = message_id or self.new_id()
        return await self.ask("message", {"id": message_id, "text": text, **more})

    async def reply(self, text: str) -> dict[str, Any]:
        """Send a message and return the reply to it."""
        message_id = self.new_id()
        answer = await self.send(text, message_id)
        assert answer.get("ok"), answer
        return await self.until(lambda each: each["id"].startswith(f"{message_id}."))

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first message that is as wanted, waiting for it."""
        await wait(lambda: any(map(wanted, self.said)), f"not said: {self.said}")
        return next(filter(wanted, self.said))

    async def until_told(self, event: str) -> Any:
        await wait(lambda: event in [name for name, _ in self.told], f"not told: {event}")
        return dict(reversed(self.told))[event]

    def new_id(self) -> str:
        return f"message-{uuid.uuid4().hex[:20]}"

    @property
    def closed(self) -> bool:
        return bool(self.reader and self.reader.done())

    async def close(self) -> None:
        await self.socket.close()


async def wait(condition: Callable[[], bool], complaint: str) -> None:
    for _ in range(int(PATIENCE / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(complaint)


async def connect(
    bot: WebBot,
    token: Any = None,
    origin: str | None = None,
    address: str | None = None,
    country: Any = None,
    auth: Any = ...,
) -> Window:
    """Open a window.

    Raises:
        Refused: the server let the connection in, but not the client.
        websockets.InvalidStatusCode: the server refused the connection.
    """
    socket = await websockets.connect(  # type: ignore[attr-defined]
        f"ws://127.0.0.1:{bot.port}/web/socket/?EIO=4&transport=websocket",
        extra_headers={"X-Forwarded-For": address or new_address()},
        origin=origin,
        open_timeout=PATIENCE,
        ping_interval=None,
        max_size=None,
    )
    assert (await socket.recv()).startswith("0")
    given = {"token": token, "country": country} if auth is ... else auth
    await socket.send("40" + json.dumps(given))
    answer = await socket.recv()
    if not answer.startswith("40"):
        await socket.close()
        raise Refused(json.loads(answer[2:]))
    window = Window(socket)
    window.reader = asyncio.ensure_future(window.read())
    return window
