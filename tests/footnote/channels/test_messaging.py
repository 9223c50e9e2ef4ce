"""What all first-class messaging channels hold, each against its platform's stand-in.

The channels are the real ones with the platforms' real client libraries; Rasa's turn behind
them is a stand-in, so that each case takes milliseconds.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterator

import pytest

from footnote.channels.webhooks import MAX_BODY
from tests.helpers.channel_server import ANSWER, OPTIONS, ChannelServer
from tests.helpers.platforms import FIRST_CLASS, Platform

CRY = "I can't breathe"
pytestmark = pytest.mark.usefixtures("british_gateway")
PAYLOADS = [option["payload"] for option in OPTIONS]


@pytest.fixture(params=FIRST_CLASS, ids=lambda platform: platform.setup.channel)
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    with request.param() as running:
        yield running


@pytest.fixture
def server(platform: Platform) -> Iterator[ChannelServer]:
    with ChannelServer([platform.channel()]) as running:
        yield running
        platform.open.set()
        running.agent.open.set()


def test_a_signed_question_is_answered_with_text_and_choices(
    platform: Platform, server: ChannelServer
) -> None:
    assert server.post(platform, platform.question("what is it")).status_code == 200
    (sent,) = platform.wait(1)
    assert sent.text.startswith(ANSWER)
    assert "11" in sent.to
    if platform.has_buttons:
        assert sent.options == PAYLOADS
    else:
        assert "Reply with a number:\n1. How it works\n2. Side effects of" in sent.text
    assert server.agent.texts == ["what is it"]


def test_a_pressed_button_or_a_number_is_a_message(
    platform: Platform, server: ChannelServer
) -> None:
    assert server.post(platform, platform.press("How does it work?")).status_code == 200
    platform.wait(1)
    assert server.agent.texts == ["How does it work?" if platform.has_buttons else "2"]


def test_what_the_platform_did_not_sign_is_refused_before_any_work(
    platform: Platform, server: ChannelServer
) -> None:
    calls = platform.forged()
    assert len(calls) >= 4
    for call in calls:
        assert server.post(platform, call).status_code in (401, 403), call
    server.stop()
    assert server.agent.seen == []
    assert platform.sent == []


def test_a_message_that_comes_twice_is_answered_once(
    platform: Platform, server: ChannelServer
) -> None:
    call = platform.question("what is it", event="7")
    assert [server.post(platform, call).status_code for _ in range(3)] == [200] * 3
    assert server.post(platform, platform.question("and then", event="8")).status_code == 200
    server.stop()
    assert sorted(server.agent.texts) == ["and then", "what is it"]
    assert len(platform.sent) == 2


def test_what_is_no_text_gets_a_kind_word_and_whom_to_call(
    platform: Platform, server: ChannelServer
) -> None:
    calls = platform.unreadable()
    for call in calls:
        assert server.post(platform, call).status_code == 200
    sent = platform.wait(len(calls))
    assert {message.text for message in sent} == {
        "I am sorry, I can only read text. Could you write your question in a few words? "
        "If it is an emergency: Please call 999 or 112 now."
    }
    assert server.agent.seen == []


def test_what_needs_no_reply_gets_none(platform: Platform, server: ChannelServer) -> None:
    for call in platform.silent():
        assert server.post(platform, call).status_code == 200, call
    server.stop()
    assert server.agent.seen == []
    assert platform.sent == []


def test_a_cry_for_help_is_answered_while_rasa_hangs(
    platform: Platform, server: ChannelServer
) -> None:
    server.agent.open.clear()
    assert server.post(platform, platform.question("what is it", event="1")).status_code == 200
    assert server.post(platform, platform.question(CRY, event="2")).status_code == 200
    (sent,) = platform.wait(1)
    assert "Please call 999 or 112 now." in sent.text


def test_a_cry_for_help_does_not_wait_for_an_earlier_reply(
    platform: Platform, server: ChannelServer
) -> None:
    platform.fail(503)
    platform.open.clear()
    assert server.post(platform, platform.question("what is it", event="1")).status_code == 200
    assert server.post(platform, platform.question(CRY, event="2")).status_code == 200
    platform.open.set()
    texts = [sent.text for sent in platform.wait(2)]
    assert any("999" in text for text in texts)


def test_a_long_reply_is_split_at_sentence_ends_under_the_limit(
    platform: Platform, server: ChannelServer
) -> None:
    sentence = "This sentence says <b>one</b> thing & \U0001f600 no more. "
    server.agent.text = (sentence * (25_000 // len(sentence))).strip()
    assert server.post(platform, platform.question("tell me all")).status_code == 200
    server.stop()
    texts = [sent.text for sent in platform.sent]
    assert len(texts) > 1
    assert all(text.endswith("no more.") for text in texts[:-1])
    said = " ".join(texts).partition(" Reply with a number:")[0]
    said = re.sub(r"\s+", " ", said.partition("\nReply with a number:")[0])
    assert said == server.agent.text
    assert all(not sent.options for sent in platform.sent[:-1])


def test_a_platform_that_fails_or_limits_is_tried_again(
    platform: Platform, server: ChannelServer, caplog: pytest.LogCaptureFixture
) -> None:
    platform.fail(503)
    platform.fail(429, retry_after=0.05)
    assert server.post(platform, platform.question("what is it")).status_code == 200
    (sent,) = platform.wait(1)
    assert sent.text.startswith(ANSWER)
    assert "not delivered" not in caplog.text


@pytest.mark.parametrize("status", [429, 500])
def test_what_cannot_be_delivered_is_logged_without_text_or_person(
    platform: Platform, server: ChannelServer, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    platform.fail(status, times=3, retry_after=0.05)
    with caplog.at_level(logging.DEBUG):
        server.post(platform, platform.question("my secret lump", person="4242"))
        server.stop()
    assert platform.sent == []
    lines = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert [line for line in lines if "a reply was not delivered" in line and "tries: 3" in line]
    ours = [r.getMessage() for r in caplog.records if r.name.startswith(("footnote", "rasa"))]
    assert not [line for line in ours if "secret" in line or "4242" in line or "treatment" in line]


def test_a_platform_that_is_away_is_survived(
    platform: Platform, server: ChannelServer, caplog: pytest.LogCaptureFixture
) -> None:
    question = platform.question("what is it")
    server.post(platform, platform.question("before", event="2"))
    platform.wait(1)
    platform.close()
    assert server.post(platform, question).status_code == 200
    server.stop()
    assert "a reply was not delivered" in caplog.text
    assert "tries: 3" in caplog.text


def test_one_slow_platform_keeps_nobody_else_waiting(
    platform: Platform, server: ChannelServer
) -> None:
    platform.wait_for_calls(len(platform.calls))
    calls = [platform.question("what is it", str(n), str(10 + n)) for n in range(1, 6)]
    platform.open.clear()
    before = len(platform.calls)
    for call in calls:
        assert server.post(platform, call).status_code == 200
    platform.wait_for_calls(before + 1)
    # The platform answers nothing until it is let go; the server answers all the same.
    assert server.get(f"/webhooks/{platform.setup.channel}/").json() == {"status": "ok"}
    assert platform.sent == []
    platform.open.set()
    platform.wait(5)


def test_a_stop_waits_for_replies_in_hand(platform: Platform, server: ChannelServer) -> None:
    server.agent.open.clear()
    assert server.post(platform, platform.question("what is it")).status_code == 200
    threading.Timer(0.2, server.agent.open.set).start()
    server.stop()
    assert [sent.text.startswith(ANSWER) for sent in platform.sent] == [True]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 5000, b"a=1&a=2&%FF=%FE"],
    ids=["empty", "cut", "list", "null", "string", "no utf-8", "deep", "form"],
)
def test_a_malformed_body_is_no_server_error(
    platform: Platform, server: ChannelServer, body: bytes
) -> None:
    assert server.post(platform, platform.signed(body)).status_code < 500
    server.stop()
    assert server.agent.seen == []


def test_an_oversized_body_is_refused_unread(platform: Platform, server: ChannelServer) -> None:
    call = platform.signed(b"x" * (MAX_BODY + 1))
    assert server.post(platform, call).status_code == 413


@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data", "", ";"])
def test_another_content_type_is_refused(
    platform: Platform, server: ChannelServer, media_type: str
) -> None:
    call = platform.question("what is it").with_headers(Content_Type=media_type)
    assert server.post(platform, call).status_code == 415
    server.stop()
    assert server.agent.seen == []


def test_a_content_type_with_a_charset_is_as_good(
    platform: Platform, server: ChannelServer
) -> None:
    media_type = f"{platform.media_type}; charset=utf-8"
    call = platform.question("what is it").with_headers(Content_Type=media_type)
    assert server.post(platform, call).status_code == 200
    platform.wait(1)


def test_a_person_is_stored_as_a_keyed_hash(platform: Platform, server: ChannelServer) -> None:
    for event, person in (("1", "4242"), ("2", "4242"), ("3", "4243")):
        server.post(platform, platform.question("what is it", event, person))
    platform.wait(3)
    stored = [message.sender_id for message in server.agent.seen]
    assert all(re.fullmatch(rf"{platform.setup.channel}-[0-9a-f]{{32}}", who) for who in stored)
    assert len(set(stored)) == 2
    assert {message.metadata for message in server.agent.seen} == {None}
    assert {message.input_channel for message in server.agent.seen} == {platform.setup.channel}


def test_a_typed_intent_is_only_text(platform: Platform, server: ChannelServer) -> None:
    server.post(platform, platform.question('/restart{"a": 1}'))
    platform.wait(1)
    assert server.agent.texts == ['restart{"a": 1}']


def test_too_many_turns_in_hand_are_sent_again_later_but_no_cry_for_help(
    platform: Platform, server: ChannelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.agent.open.clear()
    monkeypatch.setattr(server.channels[0]._turns, "_most", 1)
    first, second = platform.question("one", "1"), platform.question("two", "2", "12")
    assert server.post(platform, first).status_code == 200
    assert server.post(platform, second).status_code == 503
    assert server.post(platform, platform.question(CRY, "3", "13")).status_code == 200
    assert "999" in platform.wait(1)[0].text
    server.agent.open.set()
    platform.wait(2)
    while server.post(platform, second).status_code == 503:
        time.sleep(0.01)
    platform.wait(3)
    assert sorted(set(server.agent.texts) - {CRY}) == ["one", "two"]
