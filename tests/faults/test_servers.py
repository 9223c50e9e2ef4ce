"""Two servers on shared stores: nothing is mixed up, lost or answered blank, whatever breaks."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import requests

from footnote.operations.health import KEPT_SECONDS
from tests.helpers.fleet import CRY, QUESTION, Fleet, fleet, kill

NUMBERS = "020 7946 0000"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Two servers in good health; the last test kills one."""
    with fleet(tmp_path_factory.mktemp("fleet")) as running:
        yield running


def at_once(servers: Fleet, messages: list[str], sender: str) -> list[str]:
    """Send messages of one sender side by side, through both servers; return the kinds."""

    def ask(numbered: tuple[int, str]) -> str:
        return servers.talk(numbered[0] % 2, sender).ask(numbered[1]).kind

    with ThreadPoolExecutor(len(messages)) as pool:
        return list(pool.map(ask, enumerate(messages)))


def test_a_conversation_goes_on_at_the_other_server(servers: Fleet) -> None:
    talk = servers.talk(0)
    assert talk.ask("What is chemotherapy?").kind == "answer"
    follow_up = servers.talk(1, talk.sender).ask("and the side effects?")
    assert follow_up.payload["entries"] == ["chemotherapy/side-effects"]


@pytest.mark.parametrize("_round", range(3))
def test_ten_messages_at_once_through_two_servers_are_all_answered_and_stored(
    servers: Fleet, _round: int
) -> None:
    sender = f"hasty-{uuid.uuid4().hex}"
    messages = [f"{QUESTION} {number}" for number in range(10)]
    kinds = at_once(servers, messages, sender)
    assert "error" not in kinds
    assert sorted(servers.stored(sender)) == sorted(messages)


def test_the_same_message_twice_is_answered_twice_and_nothing_breaks(servers: Fleet) -> None:
    sender = f"twice-{uuid.uuid4().hex}"
    assert at_once(servers, [QUESTION, QUESTION], sender) == ["answer", "answer"]
    assert servers.stored(sender) == [QUESTION, QUESTION]


@pytest.mark.parametrize("how", ["away", "frozen"])
@pytest.mark.parametrize(("store", "check"), [("postgres", "conversations"), ("redis", "locks")])
def test_without_a_store_people_are_told_so_and_danger_is_answered(
    servers: Fleet, store: str, check: str, how: str
) -> None:
    talk = servers.talk(0)
    assert talk.ask("What is chemotherapy?").kind == "answer"
    with getattr(getattr(servers, store), how)():
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(talk.ask, "and the side effects?")
            time.sleep(0.1)
            began = time.monotonic()
            cry = servers.talk(0).ask(CRY)
            live = requests.get(f"{servers.bots[0].url}/health/live", timeout=5)
            serving = requests.get(f"{servers.bots[0].url}/health/serving", timeout=5)
            took = time.monotonic() - began
            answer = asked.result()
        assert cry.kind == "emergency"
        assert (live.status_code, serving.status_code) == (200, 200)
        assert took < 3
        # Never answered from a blank conversation.
        assert answer.kind == "error"
        time.sleep(KEPT_SECONDS)
        status, checks = servers.ready(0)
        assert status == 503
        assert checks[check] != "ok"
    for server in (0, 1):
        servers.until_ready(server, within=20)
    # The conversation is as it was.
    assert talk.ask("and the side effects?").payload["entries"] == ["chemotherapy/side-effects"]


def test_nothing_of_a_message_is_in_the_log_or_the_numbers_stored(servers: Fleet) -> None:
    mark = f"zebra{uuid.uuid4().hex}"
    talk = servers.talk(0)
    with servers.postgres.away():
        talk.ask(f"{mark} {NUMBERS} what is chemotherapy?")
    servers.until_ready(0)
    talk.ask(f"{mark} {NUMBERS} what is chemotherapy?")
    assert mark not in servers.log(0)
    assert talk.sender not in servers.log(0)
    assert [NUMBERS in text for text in servers.stored(talk.sender)] == [False]


def test_metrics_tell_of_it_without_anybody_in_them(servers: Fleet) -> None:
    text = requests.get(f"{servers.bots[0].url}/metrics", timeout=5).text
    assert 'footnote_messages_total{channel="rest",kind="answer"}' in text
    assert 'footnote_store_failures_total{store="conversations"}' in text
    assert "person-" not in text


def test_after_a_crash_the_other_server_goes_on_within_seconds(servers: Fleet) -> None:
    """Last but one: server 0 is killed in the middle of one person's messages."""
    with ThreadPoolExecutor(10) as pool:
        sender, answered = f"killed-{uuid.uuid4().hex}", []

        def ask(number: int) -> None:
            text = f"{QUESTION} {number}"
            with suppress(requests.RequestException):
                if servers.talk(0, sender).ask(text).kind == "answer":
                    answered.append(text)

        for number in range(10):
            pool.submit(ask, number)
        until_in_hand(servers, 0)
        kill(servers.bots[0])
        began, kind = time.monotonic(), ""
        while kind != "answer" and time.monotonic() - began < 15:
            kind = servers.talk(1, sender).ask(QUESTION).kind
        assert kind == "answer"
        assert time.monotonic() - began < 15
    kept = servers.stored(sender)
    assert [text for text in answered if text not in kept] == []


def test_a_stop_finishes_the_messages_in_hand(servers: Fleet) -> None:
    """Last: server 1 is told to stop while it works."""
    servers.talk(1).ask("What is chemotherapy?")
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(servers.talk(1).ask, QUESTION) for _ in range(8)]
        until_in_hand(servers, 1)
        servers.bots[1].server.terminate()
        # A message that came in is answered; one that came too late was refused as a whole.
        given = [one.result().kind for one in asked if one.exception() is None]
    assert servers.bots[1].server.wait(25) == 0
    assert given
    assert set(given) == {"answer"}


def until_in_hand(servers: Fleet, server: int) -> None:
    """Wait until a server has at least one message in work."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        text = requests.get(f"{servers.bots[server].url}/metrics", timeout=10).text
        if "footnote_messages_in_hand 0.0" not in text:
            return
    raise AssertionError("no message came in")
