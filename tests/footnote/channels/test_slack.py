"""Slack's own: threads, mentions, the handshake, and what its markup does to a reply."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.helpers.channel_server import ChannelServer
from tests.helpers.platforms import SlackPlatform

pytestmark = pytest.mark.usefixtures("british_gateway")


@pytest.fixture
def slack() -> Iterator[SlackPlatform]:
    with SlackPlatform() as running:
        yield running  # type: ignore[misc]


@pytest.fixture
def server(slack: SlackPlatform) -> Iterator[ChannelServer]:
    with ChannelServer([slack.channel()]) as running:
        yield running


def test_the_handshake_returns_the_challenge(slack: SlackPlatform, server: ChannelServer) -> None:
    call = slack.signed(json.dumps({"type": "url_verification", "challenge": "abc"}).encode())
    assert server.post(slack, call).text == "abc"
    assert server.post(slack, call.with_headers(X_Slack_Signature="v0=0")).status_code == 401


def test_a_mention_is_answered_in_its_thread(slack: SlackPlatform, server: ChannelServer) -> None:
    server.post(slack, slack.mention("what is it"))
    (sent,) = slack.wait(1)
    assert (sent.to, sent.raw["thread_ts"]) == ("C1", "1700000000.000100")
    assert server.agent.texts == ["what is it"]


def test_a_mention_inside_a_thread_stays_there(slack: SlackPlatform, server: ChannelServer) -> None:
    server.post(slack, slack.mention("what is it", thread="1600000000.000100"))
    assert slack.wait(1)[0].raw["thread_ts"] == "1600000000.000100"


def test_a_direct_message_is_answered_without_a_thread(
    slack: SlackPlatform, server: ChannelServer
) -> None:
    server.post(slack, slack.question("what is it"))
    assert "thread_ts" not in slack.wait(1)[0].raw


def test_what_is_told_in_private_is_another_conversation_than_in_a_channel(
    slack: SlackPlatform, server: ChannelServer
) -> None:
    server.post(slack, slack.mention("what is it", event="1"))
    server.post(slack, slack.question("what is it", event="2", person="11"))
    slack.wait(2)
    assert len({message.sender_id for message in server.agent.seen}) == 2


def test_a_retry_for_any_reason_is_answered_once(
    slack: SlackPlatform, server: ChannelServer
) -> None:
    call = slack.question("what is it")
    for reason in ("http_timeout", "http_error", "connection_failed"):
        retry = call.with_headers(X_Slack_Retry_Num="1", X_Slack_Retry_Reason=reason)
        assert server.post(slack, retry).status_code == 200
    server.stop()
    assert len(slack.sent) == 1


def test_the_answer_to_slack_does_not_wait_for_the_turn(
    slack: SlackPlatform, server: ChannelServer
) -> None:
    server.agent.open.clear()
    assert server.post(slack, slack.question("what is it")).status_code == 200
    assert slack.sent == []
    server.agent.open.set()
    slack.wait(1)


def test_numbers_to_call_can_be_tapped(slack: SlackPlatform, server: ChannelServer) -> None:
    server.post(slack, slack.question("I want to die"))
    (sent,) = slack.wait(1)
    assert "<tel:116123|116 123>" in sent.raw["text"]
    assert "<tel:999|999> or <tel:112|112>" in sent.raw["text"]


def test_nothing_in_an_answer_is_taken_for_markup(
    slack: SlackPlatform, server: ChannelServer
) -> None:
    server.agent.text = "More <!channel> & <@U1>"
    server.post(slack, slack.question("what is it"))
    assert slack.wait(1)[0].raw["text"] == "More &lt;!channel&gt; &amp; &lt;@U1&gt;"


def test_only_what_slack_knows_goes_to_slack(slack: SlackPlatform, server: ChannelServer) -> None:
    server.post(slack, slack.question("what is it"))
    assert set(slack.wait(1)[0].raw) == {
        "channel",
        "text",
        "blocks",
        "unfurl_links",
        "unfurl_media",
    }


def test_many_options_are_all_shown(slack: SlackPlatform) -> None:
    from footnote.channels.layout import Option
    from footnote.channels.messaging import Reply

    options = tuple(Option("t" * 90, f"p{number}") for number in range(7))
    (part,) = slack.channel().parts(Reply("clarify", "Which?", options))  # type: ignore[attr-defined]
    assert slack._problem({"channel": "C", **part}) is None
    assert len(part["blocks"][1]["elements"]) == 7


def test_a_slash_command_gets_a_hint_that_only_its_sender_sees(
    slack: SlackPlatform, server: ChannelServer
) -> None:
    answer = server.post(slack, slack.form(command="/footnote", text="what is it")).json()
    assert answer["response_type"] == "ephemeral"
    assert "direct message" in answer["text"]


def test_an_error_that_stays_is_not_tried_again(
    slack: SlackPlatform, server: ChannelServer, caplog: pytest.LogCaptureFixture
) -> None:
    slack.faults.append(type(slack.fault(500, 0))(200, {"ok": False, "error": "is_archived"}))
    server.post(slack, slack.question("what is it"))
    server.stop()
    assert "Slack: a reply was not delivered (is_archived, tries: 1)" in caplog.text
