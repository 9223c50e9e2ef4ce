"""Mattermost, Rocket.Chat, Webex and Google Chat: the same safety, fewer niceties."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.channel_server import ANSWER, ChannelServer
from tests.helpers.platforms import (
    OTHERS,
    GoogleChatPlatform,
    MattermostPlatform,
    Platform,
    RocketChatPlatform,
    WebexPlatform,
)

pytestmark = pytest.mark.usefixtures("british_gateway")
NUMBERED = "Reply with a number:\n1. How it works\n2. Side effects of the treatment"


@pytest.fixture(params=OTHERS, ids=lambda platform: platform.setup.channel)
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    with request.param() as running:
        yield running


@pytest.fixture
def server(platform: Platform) -> Iterator[ChannelServer]:
    with ChannelServer([platform.channel()]) as running:
        yield running


def said(platform: Platform, server: ChannelServer, text: str, event: str = "1") -> str:
    """Return what the person reads: an API call's text, or Google Chat's answer."""
    before = len(platform.sent)
    answer = server.post(platform, platform.question(text, event))
    assert answer.status_code == 200
    if isinstance(platform, GoogleChatPlatform):
        return answer.json().get("text", "")
    return platform.wait(before + 1)[-1].text


def test_a_proven_question_is_answered_with_a_numbered_list(
    platform: Platform, server: ChannelServer
) -> None:
    assert said(platform, server, "what is it") == f"{ANSWER}\n{NUMBERED}"
    assert server.agent.texts == ["what is it"]


def test_what_is_not_proven_is_refused(platform: Platform, server: ChannelServer) -> None:
    for call in platform.forged():
        assert server.post(platform, call).status_code in (401, 403), call
    server.stop()
    assert server.agent.seen == []


def test_a_repeat_is_answered_once(platform: Platform, server: ChannelServer) -> None:
    said(platform, server, "what is it")
    assert server.post(platform, platform.question("what is it")).status_code == 200
    server.stop()
    assert server.agent.texts == ["what is it"]


def test_a_cry_for_help_is_answered_while_rasa_hangs(
    platform: Platform, server: ChannelServer
) -> None:
    server.agent.open.clear()
    assert "999" in said(platform, server, "I can't breathe")
    server.agent.open.set()


def test_what_needs_no_reply_gets_none(platform: Platform, server: ChannelServer) -> None:
    for call in platform.silent():
        assert server.post(platform, call).status_code == 200
    server.stop()
    assert server.agent.seen == []
    assert platform.sent == []


def test_what_is_no_text_gets_a_kind_word(platform: Platform, server: ChannelServer) -> None:
    for call in platform.unreadable():
        answer = server.post(platform, call)
        if isinstance(platform, GoogleChatPlatform):
            assert "I can only read text" in answer.json()["text"]
        else:
            assert "I can only read text" in platform.wait(1)[0].text
    server.stop()


def test_a_person_is_stored_as_a_keyed_hash(platform: Platform, server: ChannelServer) -> None:
    said(platform, server, "what is it")
    (message,) = server.agent.seen
    assert message.sender_id.startswith(f"{platform.setup.channel}-")
    assert "11" not in message.sender_id.partition("-")[0]
    assert len(message.sender_id.partition("-")[2]) == 32


@pytest.mark.parametrize("kind", [MattermostPlatform, RocketChatPlatform, WebexPlatform])
def test_a_platform_that_fails_is_tried_again(
    kind: type[Platform], caplog: pytest.LogCaptureFixture
) -> None:
    with kind() as platform, ChannelServer([platform.channel()]) as server:
        call = platform.question("what is it")
        platform.fail(503)
        assert server.post(platform, call).status_code == 200
        assert platform.wait(1)[0].text.startswith(ANSWER)
    assert "not delivered" not in caplog.text


def test_a_mention_is_not_part_of_a_webex_question() -> None:
    with WebexPlatform() as webex, ChannelServer([webex.channel()]) as server:
        call = webex.question("Footnote what is it", "5")
        mention = '<spark-mention data-object-id="b">Footnote</spark-mention>'
        webex.messages["m5"]["html"] = f"<p>{mention} what is it &amp; why</p>"
        server.post(webex, call)
        webex.wait(1)
        assert server.agent.texts == ["what is it & why"]
