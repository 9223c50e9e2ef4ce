"""Whatever comes over the socket: the bot goes on, and nobody hears what is another's.

Frames, polling bodies and bytes made by hypothesis, each connection from an address of its own; a
witness talks with the bot meanwhile. A short run in `make test`, 20,000 frames with `-m long`.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import psutil
import pytest
import websockets
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from footnote.channels.web.guard import EVENTS
from footnote.channels.web.limits import MAX_FRAME
from tests.helpers.hostile import JSON, NAUGHTY, NESTED, TEXT
from tests.helpers.web import WebBot, Window, connect, new_address, web_bot

FEW, MANY = 200, 6_500
"""Connections; each sends up to eight frames."""
LEAST_OF_MANY = 20_000
SPEAKS_EVERY = 4.0
"""Seconds after which the witness says something again; more often would be too fast."""
GROWTH = 60e6
"""Bytes that the server may take more after its first connections."""
PATIENCE = 30.0
HASTE = {"Host": "127.0.0.1", "Connection": "Upgrade", "Upgrade": "websocket"}
KEY = {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
QUICK = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))

ID = st.from_regex(r"[A-Za-z0-9_-]{8,40}", fullmatch=True)
LONG = st.integers(400, MAX_FRAME + 50).map(lambda size: "x" * size)
SAID = TEXT | NAUGHTY | LONG | JSON
ASKED = st.fixed_dictionaries(
    {}, optional={"id": ID | JSON, "text": SAID, "again": JSON, "reply": SAID, "helpful": JSON}
)
NAME = st.sampled_from([*EVENTS, *EVENTS, "said", "connect", "disconnect", ""]) | TEXT
EVENT = st.builds(lambda name, given: [name, *given], NAME, st.lists(ASKED | JSON, max_size=3))


def packet(kind: str, number: str, data: Any) -> str:
    """Return a Socket.IO packet in an Engine.IO message."""
    return f"4{kind}{number}{data if isinstance(data, str) else json.dumps(data)}"


PACKET = st.builds(
    packet,
    st.sampled_from([*"222201345678", "51-", "52-", "5999999-", "61-", "2/admin,"]),
    st.sampled_from(["", "", "1", "99999999999999999999"]),
    EVENT | EVENT | JSON | NESTED | TEXT,
)
CUT = st.builds(lambda text, end: text[: end % (len(text) + 1)], PACKET, st.integers(0, 300))
FRAME = st.one_of(PACKET, PACKET, CUT, TEXT, st.binary(max_size=300)).map(
    lambda frame: frame if isinstance(frame, bytes) else _sendable(frame)
)
AUTH = st.one_of(
    st.none(),
    JSON,
    st.fixed_dictionaries({"token": SAID}, optional={"country": SAID}),
)


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True)
class Frames:
    """A WebSocket: a Socket.IO connect with some `auth` (or none at all), then frames."""

    joins: bool
    auth: Any
    frames: list[str | bytes]


@dataclass(frozen=True)
class Polls:
    """The polling transport: a handshake, then bodies."""

    bodies: list[str | bytes]


@dataclass(frozen=True)
class Bytes:
    """An upgrade to WebSocket, then bytes that are no frames of it."""

    data: bytes


ATTACK = st.one_of(
    st.builds(Frames, st.booleans() | st.just(True), AUTH, st.lists(FRAME, min_size=1, max_size=8)),
    st.builds(Frames, st.just(True), AUTH, st.lists(FRAME, min_size=4, max_size=8)),
    st.builds(Polls, st.lists(FRAME, min_size=1, max_size=4)),
    st.builds(Bytes, st.binary(min_size=1, max_size=200)),
)


@dataclass
class Stage:
    """A bot, a witness who talks with it, and the loop that both run in."""

    bot: WebBot
    loop: asyncio.AbstractEventLoop
    witness: Window
    mark: str
    sent: list[str] = field(default_factory=list)
    connections: int = 0
    inputs: int = 0
    spoke: float = 0.0

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, PATIENCE))

    @property
    def process(self) -> psutil.Process:
        assert self.bot.process is not None
        return psutil.Process(self.bot.process.pid)

    def held(self) -> int:
        """Return how many connections the server has."""
        return sum(one.status != "LISTEN" for one in self.process.net_connections(kind="tcp"))

    async def speak(self) -> None:
        """Have the witness ask, be answered, and hear nothing but its own conversation."""
        self.spoke = time.monotonic()
        message_id = self.witness.new_id()
        self.sent.append(message_id)
        assert (await self.witness.send(f"I am {self.mark}", message_id))["ok"]
        reply = await self.witness.until(lambda each: each["id"] == f"{message_id}.r")
        assert reply["text"] == f"You said: I am {self.mark}"
        own = {key for each in self.sent for key in (each, f"{each}.r")}
        assert {each["id"] for each in self.witness.said} == own
        assert {name for name, _ in self.witness.told} <= {"typing"}

    async def attack(self, attack: Frames | Polls | Bytes) -> None:
        """Make one connection and send; hold that nothing of the witness comes back."""
        heard = await ATTACKS[type(attack)](self.bot, attack)
        assert self.mark not in heard
        assert "Traceback" not in heard
        self.connections += 1
        self.inputs += len(getattr(attack, "frames", None) or getattr(attack, "bodies", [0]))
        if time.monotonic() - self.spoke > SPEAKS_EVERY:
            await self.speak()

    def in_good_order(self) -> None:
        """Hold that the bot answers and that its log has no failure that nobody caught."""
        self.run(self.speak())
        logged = self.bot.logged()
        assert self.mark not in logged
        for trace in ("Traceback", "never retrieved", "Unhandled", "ERROR"):
            assert trace not in logged, logged[-3000:]


async def by_frames(bot: WebBot, attack: Frames) -> str:
    heard: list[str] = [""]
    socket = await handshake(bot)
    with suppress(websockets.ConnectionClosed):
        if attack.joins:
            await socket.send(_sendable("40" + json.dumps(attack.auth)))
            heard.append(str(await socket.recv()))
        for frame in attack.frames:
            await socket.send(frame)
        if heard[-1].startswith("40"):
            # All before it was read once it is answered, or the connection ends.
            await socket.send('42987654["start"]')
            while not heard[-1].startswith("43987654"):
                heard.append(str(await socket.recv()))
    # The server may have ended it before.
    with suppress(websockets.ConnectionClosed):
        await socket.close()
    return "".join(heard)


async def by_polls(bot: WebBot, attack: Polls) -> str:
    heard = ""
    headers = {"X-Forwarded-For": new_address()}
    async with aiohttp.ClientSession(headers=headers) as session:
        place = f"{bot.url}/web/socket/?EIO=4&transport=polling"
        async with session.get(place) as answer:
            place += f"&sid={json.loads((await answer.text())[1:])['sid']}"

        async def poll() -> str:
            async with session.get(place) as answer:
                return await answer.text(errors="replace")

        polling = asyncio.ensure_future(poll())
        for body in [*attack.bodies, "1"]:
            sent = body if isinstance(body, bytes) else body.encode()
            async with session.post(place, data=sent) as answer:
                assert answer.status in (200, 400, 413), (answer.status, body)
                heard += await answer.text(errors="replace")
        # It stays open until the next ping, or the session's end.
        polling.cancel()
        with suppress(asyncio.CancelledError, aiohttp.ClientError):
            heard += await polling
    return heard


async def by_bytes(bot: WebBot, attack: Bytes) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
    lines = {**HASTE, **KEY, "X-Forwarded-For": new_address()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(f"GET /web/socket/?EIO=4&transport=websocket HTTP/1.1\r\n{head}\r\n".encode())
    heard = await reader.readuntil(b"\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 101")
    with suppress(OSError):
        writer.write(attack.data)
        writer.write_eof()
        heard += await reader.read(65536)
    writer.close()
    return heard.decode("utf-8", "replace")


ATTACKS: dict[type, Callable[[WebBot, Any], Coroutine[Any, Any, str]]] = {
    Frames: by_frames,
    Polls: by_polls,
    Bytes: by_bytes,
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with web_bot(tmp_path_factory.mktemp("fuzzed"), {"connections_per_address": 5}) as bot:
        loop = asyncio.new_event_loop()
        witness = loop.run_until_complete(connect(bot))
        yield Stage(bot, loop, witness, f"zebra{uuid.uuid4().hex}")
        loop.run_until_complete(witness.close())
        loop.close()


def fuzz(stage: Stage, connections: int) -> None:
    @settings(parent=QUICK, max_examples=connections)
    @given(ATTACK)
    @example(Polls(["nonsense", b"\xf1"]))
    @example(Frames(True, None, ['451-["message",{"_placeholder":true,"num":0}]', b"x"]))
    @example(Frames(True, None, ['42["message",' + "[" * 5000]))
    def run(attack: Frames | Polls | Bytes) -> None:
        stage.run(stage.attack(attack))

    run()


async def handshake(bot: WebBot) -> Any:
    """Return an open WebSocket, its first packet read."""
    socket = await websockets.connect(  # type: ignore[attr-defined]
        f"ws://127.0.0.1:{bot.port}/web/socket/?EIO=4&transport=websocket",
        extra_headers={"X-Forwarded-For": new_address()},
        open_timeout=PATIENCE,
        ping_interval=None,
        max_size=None,
    )
    assert (await socket.recv()).startswith("0")
    return socket


def test_whatever_is_sent_the_bot_goes_on(stage: Stage) -> None:
    # These never join a chat; they are ended, too.
    idle = [stage.run(handshake(stage.bot)) for _ in range(3)]
    fuzz(stage, FEW // 4)
    before = stage.process.memory_info().rss
    fuzz(stage, FEW)
    stage.in_good_order()
    assert stage.process.memory_info().rss < before + GROWTH
    until_only_the_witness_is_left(stage)
    assert all(each.closed for each in idle)


def test_a_hundred_windows_that_vanish_at_once_leave_nothing(stage: Stage) -> None:
    async def vanish() -> None:
        windows = await asyncio.gather(*(connect(stage.bot) for _ in range(100)))
        await asyncio.gather(*(each.send("hello") for each in windows))
        for each in windows:
            each.socket.transport.abort()
        await asyncio.gather(*(each.reader for each in windows if each.reader))

    stage.run(vanish())
    stage.in_good_order()
    until_only_the_witness_is_left(stage)


def until_only_the_witness_is_left(stage: Stage) -> None:
    """Wait until the server holds no connection but the witness's."""

    async def look() -> None:
        # The loop runs meanwhile, so that the witness answers pings.
        while stage.held() > 1:
            await asyncio.sleep(0.1)

    stage.run(look())


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_twenty_thousand_frames_without_a_failure_or_growth(stage: Stage) -> None:
    fuzz(stage, MANY // 10)
    before, inputs = stage.process.memory_info().rss, stage.inputs
    began = time.monotonic()
    fuzz(stage, MANY)
    stage.in_good_order()
    after = stage.process.memory_info().rss
    print(
        f"\n{stage.inputs - inputs} frames on {stage.connections} connections in "
        f"{(time.monotonic() - began) / 60:.0f} min, {before / 1e6:.0f} to {after / 1e6:.0f} MB"
    )
    assert stage.inputs - inputs >= LEAST_OF_MANY
    assert after < before + GROWTH
    until_only_the_witness_is_left(stage)
