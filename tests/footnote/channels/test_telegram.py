"""Telegram's own: the webhook sets itself, buttons stop spinning, blocked chats stay blocked."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from footnote.channels.layout import Option
from footnote.channels.messaging import Reply
from tests.helpers.channel_server import ChannelServer
from tests.helpers.platforms import TelegramPlatform

pytestmark = pytest.mark.usefixtures("british_gateway")


@pytest.fixture
def telegram() -> Iterator[TelegramPlatform]:
    with TelegramPlatform() as running:
        yield running  # type: ignore[misc]


@pytest.fixture
def server(telegram: TelegramPlatform) -> Iterator[ChannelServer]:
    with ChannelServer([telegram.channel()]) as running:
        yield running


def test_the_webhook_sets_itself_with_a_secret(
    telegram: TelegramPlatform, server: ChannelServer
) -> None:
    server.post(telegram, telegram.question("what is it"))
    telegram.wait(1)
    assert telegram.webhook["url"] == "https://bot.example.org/webhooks/telegram/webhook"
    assert json.loads(telegram.webhook["allowed_updates"]) == [
        "message",
        "edited_message",
        "callback_query",
    ]
    secret = telegram.webhook["secret_token"]
    assert len(secret) == 64
    assert telegram.environment()["TELEGRAM_BOT_TOKEN"] not in secret


def test_the_bot_starts_without_telegram_and_sets_the_webhook_when_it_is_back(
    telegram: TelegramPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    call = telegram.question("what is it")
    telegram.gone = True
    channel = telegram.channel()
    channel._again = 0.01  # type: ignore[attr-defined]
    with ChannelServer([channel]) as server:
        telegram.wait_for_calls(1)
        assert server.post(telegram, call.with_body(b"{}")).status_code == 200
        telegram.gone = False
        server.post(telegram, call)
        telegram.wait(1)
        telegram.wait_for_webhook()
    assert caplog.text.count("the webhook could not be set") == 1
    assert "not delivered" not in caplog.text


def test_a_token_that_telegram_does_not_know_is_said_once(
    telegram: TelegramPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    channel = telegram.channel()
    channel.values["TELEGRAM_BOT_TOKEN"] = "99:wrong"  # type: ignore[attr-defined]
    with ChannelServer([channel]):
        deadline = time.monotonic() + 10
        while "does not take" not in caplog.text and time.monotonic() < deadline:
            time.sleep(0.01)
    assert len(telegram.calls) == 1
    assert "Telegram does not take the webhook (Unauthorized)" in caplog.text
    assert "wrong" not in caplog.text


def test_every_message_costs_one_call(telegram: TelegramPlatform, server: ChannelServer) -> None:
    telegram.wait_for_calls(1)
    server.post(telegram, telegram.question("what is it"))
    telegram.wait(1)
    assert [call.rpartition("/")[2] for call in telegram.calls] == ["setWebhook", "sendMessage"]


def test_a_pressed_button_stops_spinning(telegram: TelegramPlatform, server: ChannelServer) -> None:
    server.post(telegram, telegram.press("How does it work?", event="3"))
    server.stop()
    assert len(telegram.sent) == 1
    assert telegram.answered == ["q3"]


def test_an_edited_text_is_a_question(telegram: TelegramPlatform, server: ChannelServer) -> None:
    server.post(telegram, telegram.update("4", edited_message=telegram.message(text="what is it")))
    telegram.wait(1)
    assert server.agent.texts == ["what is it"]


def test_a_photo_with_words_is_a_question(
    telegram: TelegramPlatform, server: ChannelServer
) -> None:
    message = telegram.message(photo=[{"file_id": "a"}], caption="what is it")
    server.post(telegram, telegram.update("4", message=message))
    telegram.wait(1)
    assert server.agent.texts == ["what is it"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/start", "hello"),
        ("/start@footnote_bot", "hello"),
        ("/help", "what can you do"),
        ("/stop", "stop"),
    ],
)
def test_commands_have_a_meaning(
    telegram: TelegramPlatform, server: ChannelServer, typed: str, meant: str
) -> None:
    server.post(telegram, telegram.question(typed))
    telegram.wait(1)
    assert server.agent.texts == [meant]


def test_a_topic_of_a_group_is_answered_there(
    telegram: TelegramPlatform, server: ChannelServer
) -> None:
    message = telegram.message(text="what is it", message_thread_id=9)
    server.post(telegram, telegram.update("5", message=message))
    assert telegram.wait(1)[0].raw["message_thread_id"] == "9"


def test_who_blocked_the_bot_is_not_tried_again(
    telegram: TelegramPlatform, server: ChannelServer, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.chats_gone.add("11")
    server.post(telegram, telegram.question("what is it"))
    server.stop()
    assert "Telegram: a reply was not delivered (BotBlocked, tries: 1)" in caplog.text


def test_an_option_too_long_for_a_button_becomes_a_numbered_one(
    telegram: TelegramPlatform,
) -> None:
    options = (Option("How it works", "é" * 33),)
    (part,) = telegram.channel().parts(Reply("clarify", "Which?", options))  # type: ignore[attr-defined]
    assert part == {"text": "Which?\nReply with a number:\n1. How it works"}
