"""Messenger's own: the handshake, every event of a batch, titles of twenty characters."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.channel_server import ChannelServer
from tests.helpers.platforms import MessengerPlatform
from tests.helpers.platforms.messenger import VERIFY

pytestmark = pytest.mark.usefixtures("british_gateway")
HANDSHAKE = "/webhooks/facebook/webhook?hub.mode=subscribe&hub.challenge=123&hub.verify_token="


@pytest.fixture
def messenger() -> Iterator[MessengerPlatform]:
    with MessengerPlatform() as running:
        yield running  # type: ignore[misc]


@pytest.fixture
def server(messenger: MessengerPlatform) -> Iterator[ChannelServer]:
    with ChannelServer([messenger.channel()]) as running:
        yield running


def test_the_handshake_returns_the_challenge_to_who_knows_the_token(server: ChannelServer) -> None:
    answer = server.get(HANDSHAKE + VERIFY)
    assert (answer.status_code, answer.text) == (200, "123")
    assert server.get(HANDSHAKE + "wrong").status_code == 403
    assert server.get(HANDSHAKE).status_code == 403
    assert server.get("/webhooks/facebook/webhook").status_code == 403


def test_every_event_of_a_batch_is_handled(
    messenger: MessengerPlatform, server: ChannelServer
) -> None:
    events = [
        messenger.event("11", message={"mid": "m1", "text": "one"}),
        messenger.event("11", delivery={"mids": ["m0"]}),
        messenger.event("12", message={"mid": "m2", "text": "two"}),
        messenger.event("13", postback={"mid": "m3", "title": "x", "payload": "three"}),
        messenger.event("14", postback={"title": "x", "payload": "four"}),
        messenger.event("15", message={"mid": "m2", "text": "two again"}),
    ]
    assert server.post(messenger, messenger.batch(*events)).status_code == 200
    server.stop()
    assert sorted(server.agent.texts) == ["four", "one", "three", "two"]
    assert sorted(sent.to for sent in messenger.sent) == ["11", "12", "13", "14"]


def test_long_titles_stand_in_the_text_and_short_ones_on_the_buttons(
    messenger: MessengerPlatform, server: ChannelServer
) -> None:
    server.post(messenger, messenger.question("what is it"))
    (sent,) = messenger.wait(1)
    assert "1. How it works\n2. Side effects of the treatment" in sent.text
    titles = [reply["title"] for reply in sent.raw["quick_replies"]]
    assert titles == ["1. How it works", "2. Side effects of…"]


def test_a_reply_costs_one_call(messenger: MessengerPlatform, server: ChannelServer) -> None:
    server.post(messenger, messenger.question("what is it"))
    server.stop()
    assert messenger.calls == ["POST /v23.0/me/messages"]


def test_who_is_gone_is_not_tried_again(
    messenger: MessengerPlatform, server: ChannelServer, caplog: pytest.LogCaptureFixture
) -> None:
    messenger.fail(403)
    server.post(messenger, messenger.question("what is it"))
    server.stop()
    assert "a reply was not delivered (error 551, tries: 1)" in caplog.text
