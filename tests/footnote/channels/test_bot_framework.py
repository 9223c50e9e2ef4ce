"""Bot Framework's own: where the reply and the bot's token go, keys, mentions, cards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.channel_server import OPTIONS, ChannelServer
from tests.helpers.platforms import BotFrameworkPlatform
from tests.helpers.platforms.bot_framework import BOT

pytestmark = pytest.mark.usefixtures("british_gateway")


@pytest.fixture
def teams() -> Iterator[BotFrameworkPlatform]:
    with BotFrameworkPlatform() as running:
        yield running  # type: ignore[misc]


@pytest.fixture
def server(teams: BotFrameworkPlatform) -> Iterator[ChannelServer]:
    with ChannelServer([teams.channel()]) as running:
        yield running


def test_nothing_goes_where_the_token_does_not_say(
    teams: BotFrameworkPlatform, server: ChannelServer
) -> None:
    with BotFrameworkPlatform() as stranger:
        body = teams.body(text="what is it", serviceUrl=f"{stranger.url}/teams/")
        assert server.post(teams, teams.signed(body)).status_code == 403
        server.stop()
        assert stranger.calls == []


def test_the_bots_token_is_fetched_once(teams: BotFrameworkPlatform, server: ChannelServer) -> None:
    for number in range(3):
        server.post(teams, teams.question("what is it", str(number)))
        teams.wait(number + 1)
    assert teams.tokens == 1


def test_a_token_that_is_not_taken_is_fetched_anew(
    teams: BotFrameworkPlatform, server: ChannelServer
) -> None:
    server.post(teams, teams.question("what is it", "1"))
    teams.wait(1)
    teams.valid.clear()
    server.post(teams, teams.question("what is it", "2"))
    teams.wait(2)
    assert teams.tokens == 2


def test_strangers_keys_cost_one_look_only(
    teams: BotFrameworkPlatform, server: ChannelServer
) -> None:
    body = teams.body(text="what is it")
    for number in range(5):
        call = teams.signed(body, teams.token(kid=f"unknown{number}"))
        assert server.post(teams, call).status_code == 401
    assert teams.calls.count("GET /keys") == 1


def test_the_bot_starts_without_microsoft_and_refuses_until_it_has_keys(
    teams: BotFrameworkPlatform,
) -> None:
    teams.gone = True
    with ChannelServer([teams.channel()]) as server:
        assert server.post(teams, teams.question("what is it")).status_code == 401


def test_the_bots_name_is_not_part_of_the_question(
    teams: BotFrameworkPlatform, server: ChannelServer
) -> None:
    mention = {"type": "mention", "mentioned": BOT, "text": "<at>Footnote</at>"}
    text = "<at>Footnote</at>&nbsp;what is <it>?\n"
    server.post(teams, teams.activity(text=text, entities=[mention]))
    teams.wait(1)
    assert server.agent.texts == ["what is <it>?"]


def test_a_thread_is_answered_in_the_thread_and_is_one_conversation_with_its_channel(
    teams: BotFrameworkPlatform, server: ChannelServer
) -> None:
    for number in ("1", "2"):
        place = {"id": f"19:abc@thread.tacv2;messageid={number}"}
        server.post(teams, teams.activity(event=number, text="what is it", conversation=place))
        teams.wait(int(number))
    assert [sent.to for sent in teams.sent] == [
        "19:abc@thread.tacv2;messageid=1",
        "19:abc@thread.tacv2;messageid=2",
    ]
    assert [sent.raw["replyToId"] for sent in teams.sent] == ["1", "2"]
    assert len({message.sender_id for message in server.agent.seen}) == 1


def test_buttons_have_a_type_a_title_and_a_value(
    teams: BotFrameworkPlatform, server: ChannelServer
) -> None:
    server.post(teams, teams.question("what is it"))
    card = teams.wait(1)[0].raw["attachments"][0]
    assert card["content"]["buttons"] == [
        {"type": "imBack", "title": option["title"], "value": option["payload"]}
        for option in OPTIONS
    ]


def test_numbers_to_call_can_be_tapped(teams: BotFrameworkPlatform, server: ChannelServer) -> None:
    server.post(teams, teams.question("I want to die"))
    (sent,) = teams.wait(1)
    assert "[116 123](tel:116123)" in sent.raw["text"]
    assert "[999](tel:999) or [112](tel:112)" in sent.raw["text"]
    assert sent.raw["textFormat"] == "markdown"
