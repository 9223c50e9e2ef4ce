"""A server that is told to stop: what is in hand is answered, and it ends in its time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import websockets

from footnote.channels import work
from footnote.channels.work import Work
from tests.helpers.web import PATIENCE, WebBot, connect, wait, web_bot
from tests.helpers.web_bot import SLOW

CRY = "I can't breathe"


@pytest.fixture
def stoppable(tmp_path: Path) -> Iterator[WebBot]:
    with web_bot(tmp_path) as bot:
        yield bot


def test_what_is_in_hand_is_answered_and_what_comes_late_is_told_to_come_again(
    stoppable: WebBot,
) -> None:
    async def story() -> None:
        # Another country's numbers have a gateway of their own, which must be waited for, too.
        window, other = await connect(stoppable, country="US"), await connect(stoppable)
        token = (await window.ask("start"))["token"]
        for text in (SLOW, SLOW, SLOW, "last"):
            assert (await window.send(text))["ok"]
        stoppable.tell_to_stop()
        late = await other.send("hello")
        assert late["code"] == "stopping"
        assert "again" in late["text"]
        assert (await other.reply(CRY))["kind"] == "emergency"
        with pytest.raises(websockets.InvalidStatusCode) as refused:
            await connect(stoppable)
        assert refused.value.status_code == 503
        await wait(lambda: window.closed and other.closed, "the connections stay open")
        replies = [each["text"] for each in window.said if each["from"] == "bot"]
        assert replies == [f"You said: {SLOW}"] * 3 + ["You said: last"]
        assert stoppable.ended() == 0
        stoppable.start()
        again = await connect(stoppable, token, country="US")
        kept = (await again.ask("history"))["messages"]
        assert [each["text"] for each in kept if each["from"] == "bot"] == replies
        await again.close()

    asyncio.run(asyncio.wait_for(story(), 3 * PATIENCE))


def test_open_connections_do_not_hold_a_stop_up(stoppable: WebBot) -> None:
    async def story() -> None:
        windows = [await connect(stoppable) for _ in range(3)]
        async with aiohttp.ClientSession() as session:
            waiting = await polling(session, stoppable)
            # Long enough for the waiting request to arrive.
            assert (await windows[0].send(SLOW))["ok"]
            await asyncio.to_thread(stoppable.tell_to_stop)
            # The request that waits is answered with Engine.IO's "close", not cut off.
            assert (await asyncio.wait_for(waiting, PATIENCE)).split("\x1e")[-1] == "1"
        assert stoppable.ended() == 0
        await wait(lambda: all(each.closed for each in windows), "the connections stay open")

    asyncio.run(asyncio.wait_for(story(), 3 * PATIENCE))
    log = stoppable.logged()
    assert "Traceback" not in log and "Task was destroyed" not in log


async def polling(session: aiohttp.ClientSession, bot: WebBot) -> asyncio.Task[str]:
    """Connect by long polling; return the request that waits for something to be said."""
    url = f"{bot.url}/web/socket/?EIO=4&transport=polling"

    async def get(address: str) -> str:
        async with session.get(address) as answer:
            return await answer.text()

    url += "&sid=" + json.loads((await get(url))[1:])["sid"]
    async with session.post(url, data="40{}") as answer:
        assert answer.status == 200
    assert (await get(url)).startswith("40")
    return asyncio.ensure_future(get(url))


def test_parts_that_wait_for_the_same_work_share_one_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story() -> None:
        monkeypatch.setattr(work, "DRAIN_SECONDS", 0.0)
        hung = Work()
        with hung.held():
            await hung.drain()
            # As if it were an hour: the time that there was has passed.
            monkeypatch.setattr(work, "DRAIN_SECONDS", 3600.0)
            await asyncio.wait_for(hung.drain(), PATIENCE)
        assert hung.stopping

    asyncio.run(story())
