"""The clock of a running server is set, by a day and more, in the middle of conversations.

The quick part, on one server; test_clock_long.py does it to a fleet under a crowd.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from footnote.channels.callers import LOCAL, conversation
from footnote.privacy.identity import stored_id
from footnote.serving.client import Conversation
from tests.conftest import ID_SECRET
from tests.helpers.clock import DAY, Clock
from tests.helpers.fleet import CRY, QUESTION
from tests.helpers.serving import Served
from tests.helpers.web import WebBot, Window, connect

FIRST, SECOND, THIRD = "What is chemotherapy?", "How is chemotherapy given?", QUESTION
SESSION_DAYS = 30
"""For how long a token of the web chat counts (docs/web.md)."""


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    return Clock(tmp_path_factory.mktemp("clock"))


@pytest.fixture(scope="module")
def served(start_bot, clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("clocked")
    environment = {"FOOTNOTE_COUNTRY": "GB", "FOOTNOTE_REPLY_TIMEOUT": "20", **clock.environment}
    with start_bot(folder, environment) as bot:
        yield Served(bot, folder / "conversations.db", folder / "bot.log")


@pytest.fixture(autouse=True)
def right_again(clock: Clock) -> Iterator[None]:
    yield
    clock.set(0)


def turns(served: Served, sender: str) -> list[tuple[str, float]]:
    """Return what a REST sender said as it is stored, with the times, in the stored order."""
    key = stored_id(conversation("rest", LOCAL, sender), ID_SECRET.encode())
    query = "select data from events where type_name = 'user' and sender_id = ? order by id"
    with sqlite3.connect(served.database) as database:
        events = [json.loads(data) for (data,) in database.execute(query, (key,))]
    return [(event["text"], event["timestamp"]) for event in events]


@pytest.mark.parametrize("days", [1, -1])
def test_people_are_answered_and_their_turns_stay_in_order(
    served: Served, clock: Clock, days: int
) -> None:
    talk = served.talk()
    assert talk.ask(FIRST, 60).kind == "answer"
    with clock.wrong_by(days):
        assert talk.ask(SECOND, 60).kind == "answer"
        assert talk.ask(CRY, 60).kind == "emergency"
        # Stored behind its reply.
        until(lambda: len(turns(served, talk.sender)) == 3)
    assert talk.ask(THIRD, 60).kind == "answer"
    said, times = zip(*turns(served, talk.sender), strict=True)
    assert said == (FIRST, SECOND, CRY, THIRD)
    assert [round((at - time.time()) / DAY) for at in times] == [0, days, days, 0]


@pytest.mark.parametrize(("days", "kept"), [(1, False), (-1, True)])
def test_a_day_forward_is_a_silence_of_a_day_and_a_day_back_is_none(
    served: Served, clock: Clock, days: int, kept: bool
) -> None:
    """After an hour of silence a conversation begins anew, and what it was about is left."""
    talk = served.talk()
    assert talk.ask(FIRST, 60).kind == "answer"
    with clock.wrong_by(days):
        reply = talk.ask("and the side effects?", 60)
        assert (reply.payload["entries"] == ["chemotherapy/side-effects"]) == kept
        assert reply.kind == ("answer" if kept else "clarify")


@pytest.mark.parametrize("days", [1, -1])
def test_a_jump_while_ten_messages_wait_loses_none_and_leaves_nothing_locked(
    served: Served, clock: Clock, days: int
) -> None:
    sender = f"hasty-{uuid.uuid4().hex}"
    texts = [f"{QUESTION} {number}" for number in range(10)]
    with ThreadPoolExecutor(len(texts)) as pool:
        asked = [pool.submit(served.talk(sender).ask, text, 60) for text in texts]
        until(lambda: any(one.done() for one in asked))
        with clock.wrong_by(days):
            kinds = {one.result().kind for one in asked}
            assert served.talk(sender).ask(FIRST, 60).kind == "answer"
    assert kinds == {"answer"}
    assert sorted(text for text, _ in turns(served, sender)) == sorted([*texts, FIRST])


def until(condition: Callable[[], bool]) -> None:
    for _ in range(400):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about")


# The web chat


def chatting(served: Served, story: Callable[[WebBot], Awaitable[None]]) -> None:
    bot = WebBot(urlsplit(served.bot.url).port or 0, served.log.parent, {}, {})
    asyncio.run(asyncio.wait_for(story(bot), 120))


async def started(bot: WebBot, token: Any = None) -> tuple[Window, dict[str, Any]]:
    window = await connect(bot, token)
    return window, await window.ask("start")


def test_the_chat_goes_on_and_shows_its_messages_in_order(served: Served, clock: Clock) -> None:
    async def story(bot: WebBot) -> None:
        window, start = await started(bot)
        texts = [FIRST, SECOND, THIRD, FIRST]
        for text, days in zip(texts, (0, 1, -1, 0), strict=True):
            clock.set(days)
            assert (await window.reply(text))["kind"] == "answer"
        await window.close()
        again, more = await started(bot, start["token"])
        assert more["resumed"] is True
        messages = (await again.ask("history"))["messages"]
        assert [each["text"] for each in messages if each["from"] == "person"] == texts
        assert [each["from"] for each in messages] == ["person", "bot"] * 4
        await again.close()

    chatting(served, story)


@pytest.mark.parametrize(
    ("issued", "shown", "counts"),
    [
        (0, 1, True),
        (0, -1, True),
        (0, SESSION_DAYS - 0.01, True),
        (0, SESSION_DAYS + 0.01, False),
        # Made while the clock was ahead: from the future, and it counts a day longer.
        (1, 0, True),
        (1, SESSION_DAYS + 0.99, True),
        # Made while it was behind: it ends a day early.
        (-1, SESSION_DAYS - 1.01, True),
        (-1, SESSION_DAYS - 0.99, False),
    ],
)
def test_a_token_counts_until_its_day_by_the_servers_clock(
    served: Served, clock: Clock, issued: float, shown: float, counts: bool
) -> None:
    async def story(bot: WebBot) -> None:
        clock.set(issued)
        window, start = await started(bot)
        await window.close()
        clock.set(shown)
        again, more = await started(bot, start["token"])
        assert more["resumed"] is counts
        await again.close()
        # It was not spoilt.
        clock.set(0)
        later, most = await started(bot, start["token"])
        assert most["resumed"] is True
        await later.close()

    chatting(served, story)


def test_nobody_noticed_in_the_log(served: Served) -> None:
    assert Conversation(served.bot.url).ask(FIRST, 60).kind == "answer"
    logged = served.logged()
    assert "Traceback" not in logged
    assert "ERROR" not in logged
