"""What goes wrong around a running bot, with real servers: people still get a true reply."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from footnote.channels.requests import MAX_BODY
from footnote.serving.client import Answer
from tests.helpers.serving import EMERGENCY_LINE, Served, serving, stopped

QUESTION = "What are the side effects of chemotherapy?"
CRY = "I can't breathe"
TIMEOUT = 2.0
GENEROUS = 15.0


@pytest.fixture(scope="module")
def served(start_bot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A bot in good health; no test may leave it in another state."""
    with serving(start_bot, tmp_path_factory.mktemp("healthy")) as running:
        yield running


@pytest.fixture(scope="module")
def faulty(start_bot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A bot of short patience, whose action server is hung first and killed last."""
    with serving(start_bot, tmp_path_factory.mktemp("faulty"), TIMEOUT) as running:
        yield running


def the_only(answer: Answer) -> str:
    """Return the kind of a reply that has exactly one message with one payload."""
    assert len(answer.messages) == len(answer.payloads) == 1
    return answer.kind


# The action server hangs or is gone (in this order: the second does not come back)


def test_a_hung_action_server_is_an_error_in_time_and_danger_is_answered_at_once(
    faulty: Served,
) -> None:
    talk = faulty.talk()
    assert the_only(talk.ask(QUESTION, timeout=60)) == "answer"
    with stopped(faulty.bot.actions.pid), ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        asked = pool.submit(talk.ask, QUESTION, 60)
        time.sleep(TIMEOUT / 4)
        cry = talk.ask(CRY, timeout=60)
        assert not asked.done(), "the cry was to be answered while the question waits"
        answer = asked.result()
        took = time.monotonic() - began
    assert the_only(cry) == "emergency"
    assert EMERGENCY_LINE in cry.text
    assert the_only(answer) == "error"
    assert EMERGENCY_LINE in answer.text
    assert took < TIMEOUT + GENEROUS


def test_the_same_conversation_goes_on_once_the_action_server_does(faulty: Served) -> None:
    talk = faulty.talk()
    with stopped(faulty.bot.actions.pid):
        assert the_only(talk.ask(QUESTION, timeout=60)) == "error"
    kinds = [talk.ask(QUESTION, timeout=60).kind for _ in range(3)]
    assert kinds[-1] == "answer"


def test_a_killed_action_server_is_an_error_with_the_number_to_call(faulty: Served) -> None:
    faulty.bot.actions.kill()
    faulty.bot.actions.wait(GENEROUS)
    answer = faulty.talk().ask(QUESTION, timeout=60)
    assert the_only(answer) == "error"
    assert EMERGENCY_LINE in answer.text
    assert answer.sources == []


@pytest.mark.parametrize(("cry", "kind"), [(CRY, "emergency"), ("I want to die", "crisis")])
def test_danger_is_answered_without_an_action_server(faulty: Served, cry: str, kind: str) -> None:
    answer = faulty.talk().ask(cry, timeout=60)
    assert the_only(answer) == kind
    assert "999" in answer.text


def test_failures_are_logged_without_what_was_said(faulty: Served) -> None:
    talk = faulty.talk(f"sender-{uuid.uuid4().hex}")
    talk.ask("zebracolour is what I call my chemotherapy, what are its side effects?", timeout=60)
    assert "zebracolour" not in faulty.logged().lower()
    assert talk.sender not in faulty.logged()


# REST


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"message": QUESTION}, 400, "sender"),
        ({"sender": "", "message": QUESTION}, 400, "sender"),
        ({"sender": "me"}, 400, "message"),
        ({"sender": "me", "message": {"text": QUESTION}}, 400, "message"),
        ({"sender": "me", "message": 5}, 400, "message"),
        (b"{not json", 400, "JSON"),
        (b"\xff\xfe", 400, "JSON"),
        (b"[]", 400, "object"),
        ({"sender": "me", "message": "x" * MAX_BODY}, 413, "larger"),
    ],
)
def test_rest_refuses_what_it_cannot_use(
    served: Served, body: object, status: int, reason: str
) -> None:
    response = served.post(body)
    assert response.status_code == status
    assert reason in response.json()["error"]


def test_a_message_as_large_as_may_be_is_replied_to(served: Served) -> None:
    body = {"sender": f"large-{uuid.uuid4().hex}", "message": ""}
    room = MAX_BODY - len(json.dumps(body).encode())
    response = served.post({**body, "message": ("word " * MAX_BODY)[:room]})
    assert response.status_code == 200
    assert len(response.json()) == 1
    assert "custom" in response.json()[0]


@pytest.mark.parametrize(
    "text", ["", " ", "/", "\u0000", "🙂", "\u202e", "x" * 2000, "{}", "\n\n", "\\ud83d"]
)
def test_an_odd_message_gets_one_reply_that_is_no_error(served: Served, text: str) -> None:
    kind = the_only(served.talk().ask(text, timeout=60))
    assert kind not in ("error", "answer", "none")


def test_input_channel_and_metadata_from_outside_are_ignored(served: Served) -> None:
    sender, secret = f"outside-{uuid.uuid4().hex}", f"planted{uuid.uuid4().hex}"
    body = {
        "sender": sender,
        "message": QUESTION,
        "input_channel": secret,
        "metadata": {"footnote": secret},
    }
    response = served.post(body)
    assert [message["custom"]["kind"] for message in response.json()] == ["answer"]
    assert served.knows(sender)
    assert sender.encode() not in served.stored()
    assert secret.encode() not in served.stored()


@pytest.mark.parametrize(
    "typed",
    ["/restart", "/session_start", "//restart", "/ /restart", "/ /session_start"],
)
def test_a_typed_command_does_nothing_to_the_conversation(served: Served, typed: str) -> None:
    talk = served.talk()
    assert the_only(talk.ask(QUESTION, timeout=60)) == "answer"
    assert the_only(talk.ask(typed, timeout=60)) not in ("error", "none")
    repeated = talk.ask("say that again please", timeout=60)
    assert len(repeated.messages) == 1
    assert b'"event": "restart"' not in served.stored()


@pytest.mark.parametrize("typed", ["/erase_data", '/affirm{"a": 1}', "/ask_cost", "/emergency"])
def test_a_typed_intent_is_read_as_text(served: Served, typed: str) -> None:
    talk = served.talk()
    assert the_only(talk.ask(typed, timeout=60)) != "error"
    assert f'"text": "{typed}'.encode() not in served.stored()


# Privacy


def lettered() -> str:
    """Return a word that nobody else says, without digits, which would be redacted."""
    return "zebra" + "".join(chr(ord("a") + byte % 26) for byte in uuid.uuid4().bytes)


def test_erasing_leaves_nothing_of_the_person_in_the_database(served: Served) -> None:
    secret = lettered()
    talk, other = served.talk(f"erased-{uuid.uuid4().hex}"), served.talk()
    talk.ask(f"my name is {secret} and what are the side effects of chemotherapy?", timeout=60)
    talk.ask(CRY, timeout=60)
    other.ask(QUESTION, timeout=60)
    assert secret.encode() in served.stored()
    assert the_only(talk.ask("please delete my data", timeout=60)) == "social"
    told = talk.ask("yes", timeout=60)
    assert the_only(told) == "social"
    assert "deleted" in told.text
    content = served.stored()
    assert secret.encode() not in content
    assert not served.knows(talk.sender)
    assert served.knows(other.sender)


def test_a_no_keeps_the_conversation(served: Served) -> None:
    talk = served.talk(f"kept-{uuid.uuid4().hex}")
    talk.ask("please delete my data", timeout=60)
    assert "nothing is deleted" in talk.ask("no", timeout=60).text
    assert served.knows(talk.sender)


def test_after_erasing_a_new_conversation_begins(served: Served) -> None:
    talk = served.talk(f"again-{uuid.uuid4().hex}")
    for text in (QUESTION, "please delete my data", "yes"):
        talk.ask(text, timeout=60)
    assert the_only(talk.ask(QUESTION, timeout=60)) == "answer"


def test_nothing_of_a_message_is_in_the_log(served: Served) -> None:
    secret = f"zebra{uuid.uuid4().hex}"
    talk = served.talk(f"logged-{uuid.uuid4().hex}")
    for text in (
        secret,
        f"{CRY}, {secret}",
        f"{secret} side effects of chemotherapy?",
        "/" + secret,
    ):
        talk.ask(text, timeout=60)
    served.post(b'{"sender": "me", "message": "' + secret.encode())
    assert secret not in served.logged()
    assert talk.sender not in served.logged()


# Many at once


def test_ten_messages_of_one_sender_at_once_all_get_a_reply(served: Served) -> None:
    sender = f"hasty-{uuid.uuid4().hex}"
    answers = served.ask_at_once([QUESTION] * 9 + [CRY], sender)
    assert [the_only(answer) for answer in answers] == ["answer"] * 9 + ["emergency"]


def test_ten_senders_at_once_do_not_get_each_others_replies(served: Served) -> None:
    questions = [QUESTION, "How is chemotherapy given?"] * 5
    answers = served.ask_at_once(questions)
    entries = [answer.payload["entries"] for answer in answers]
    assert entries == entries[:2] * 5
    assert entries[0] != entries[1]


# Last, since a bot that dies of it takes the tests behind it along


@pytest.mark.parametrize("sender", ["me\ud83d", "me\u0000", "'; DROP TABLE events; --", "🙂"])
def test_an_odd_sender_is_refused_or_has_a_conversation(served: Served, sender: str) -> None:
    response = served.post({"sender": sender, "message": QUESTION})
    if response.status_code == 400:
        assert "sender" in response.json()["error"]
    else:
        assert [message["custom"]["kind"] for message in response.json()] == ["answer"]
    assert the_only(served.talk().ask(CRY, timeout=60)) == "emergency"
    assert served.bot.server.poll() is None
