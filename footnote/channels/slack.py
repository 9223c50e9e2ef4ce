"""The `slack` channel.

Rasa's checks the signature well (kept). Replaced is what comes after it: its turns died with
the server, answered a retry again, lost replies to a rate limit, dropped the buttons of a
long list, took `application/json; charset=utf-8` for nothing, and failed on slash commands.
"""

from __future__ import annotations

import html
from typing import Any

import aiohttp
from rasa.core.channels.slack import SlackInput as RasaSlackInput
from sanic import response
from sanic.request import Request
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from footnote.channels.delivery import (
    API_TIMEOUT,
    TryLater,
    Undeliverable,
    of_status,
    seconds,
)
from footnote.channels.layout import length, short, split, tappable
from footnote.channels.messaging import Incoming, MessagingInput, Received, Reply
from footnote.channels.setup import SLACK
from footnote.channels.webhooks import (
    Refused,
    content_type,
    dig,
    form,
    json_object,
    list_at,
    require_type,
    text_at,
)

MAX_TEXT = 3000
"""What a section block holds, escapes and links included."""
MAX_TITLE = 75
PASSING = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"}
"""Errors of Slack's own that pass."""
COMMAND_HINT = "Please ask me in a direct message, or mention me in a channel."


class SlackInput(MessagingInput, RasaSlackInput):
    """POST /webhooks/slack/webhook: events, and clicks on buttons."""

    setup = SLACK
    api_url = "https://slack.com/api"

    def configure(self) -> None:
        """Make the client, and give Rasa's check its secret."""
        self.slack_signing_secret = self.values["SLACK_SIGNING_SECRET"]
        self._client = AsyncWebClient(
            self.values["SLACK_BOT_TOKEN"],
            base_url=f"{self.api}/",
            timeout=int(API_TIMEOUT),
            retry_handlers=[],  # delivery.py tries again, for every channel alike
        )

    async def prove(self, request: Request, body: bytes) -> None:
        """Check the HMAC and its five minutes, as Rasa does."""
        request.body = body
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        usable = stamp.isascii() and stamp.isdigit() and signature.isascii()
        if not usable or not self.is_request_from_slack_authentic(request):
            raise Refused("the request is not signed by Slack")

    def read(self, request: Request, body: bytes) -> Received:
        """Read an event, a click, or what only needs an answer."""
        require_type(request, "application/json", "application/x-www-form-urlencoded")
        if content_type(request) == "application/json":
            return self._event(json_object(body))
        fields = form(body)
        if "payload" in fields:
            return self._click(json_object(fields["payload"]))
        if "command" in fields:
            hint = {"response_type": "ephemeral", "text": COMMAND_HINT}
            return Received(answer=response.json(hint))
        return Received()

    def _event(self, data: dict[str, Any]) -> Received:
        if data.get("type") == "url_verification":
            return Received(answer=response.text(text_at(data, "challenge")))
        event = dig(data, "event")
        person, channel = text_at(event, "user"), text_at(event, "channel")
        to_us = text_at(event, "type") == "app_mention" or (
            text_at(event, "type") == "message" and text_at(event, "channel_type") == "im"
        )
        by_person = not text_at(event, "bot_id") and text_at(event, "subtype") in ("", "file_share")
        if not (to_us and by_person and person and channel):
            return Received()
        thread = text_at(event, "thread_ts")
        if text_at(event, "type") == "app_mention":
            thread = thread or text_at(event, "ts")
        text = self._sanitize_user_message(html.unescape(text_at(event, "text")), _bots(data))
        readable = text or (None if list_at(event, "files") else "")
        message = Incoming(
            text_at(data, "event_id"),
            (text_at(data, "team_id"), person, channel),
            readable,
            (channel, thread),
        )
        return Received([message])

    def _click(self, data: dict[str, Any]) -> Received:
        action = dig(data, "actions", 0)
        value = text_at(action, "value")
        person, channel = text_at(data, "user", "id"), text_at(data, "channel", "id")
        if text_at(action, "type") != "button" or not (value and person and channel):
            return Received()
        click = f"{text_at(data, 'trigger_id')}{text_at(action, 'action_ts')}"
        thread = text_at(data, "message", "thread_ts")
        where = (text_at(data, "team", "id"), person, channel)
        return Received([Incoming(click, where, value, (channel, thread))])

    def parts(self, reply: Reply) -> list[dict[str, Any]]:
        """Return messages for chat.postMessage, buttons under the last."""
        shown = _tappable if reply.of_danger else _escape
        parts: list[dict[str, Any]] = []
        for part in split(reply.text, MAX_TEXT, lambda text: length(shown(text))):
            text = shown(part)
            section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
            parts.append({"text": text, "blocks": [section]})
        if reply.options and parts:
            parts[-1]["blocks"].append({"type": "actions", "elements": _buttons(reply)})
        return parts

    async def send(self, reply_to: tuple[str, str], part: dict[str, Any]) -> None:
        """Post one message, in the thread where there is one."""
        channel, thread = reply_to
        message: dict[str, Any] = {**part, "unfurl_links": False, "unfurl_media": False}
        if thread:
            message["thread_ts"] = thread
        if self._client.session is None:
            # One connection for all; by itself the library opens one for each call.
            limit = aiohttp.ClientTimeout(total=API_TIMEOUT)
            self._client.session = aiohttp.ClientSession(timeout=limit)
        try:
            await self._client.chat_postMessage(channel=channel, **message)
        except SlackApiError as error:
            raise _failure(error) from None
        except aiohttp.ClientError as error:
            raise TryLater(type(error).__name__) from None

    async def stopped(self) -> None:
        """Close the connection."""
        if self._client.session is not None:
            await self._client.session.close()


def _bots(data: dict[str, Any]) -> list[str]:
    """Return the bot's own user ids, which stand in a mention."""
    ids = [text_at(entry, "user_id") for entry in list_at(data, "authorizations")]
    return [user for user in ids if user]


def _escape(text: str) -> str:
    """Escape the three characters that Slack's markup gives a meaning."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _tappable(text: str) -> str:
    return tappable(_escape(text), lambda dial, number: f"<tel:{dial}|{number}>")


def _buttons(reply: Reply) -> list[dict[str, Any]]:
    return [
        {
            "type": "button",
            "action_id": f"option-{number}",
            "text": {"type": "plain_text", "text": short(option.title, MAX_TITLE)},
            "value": option.payload,
        }
        for number, option in enumerate(reply.options, start=1)
    ]


def _failure(error: SlackApiError) -> Exception:
    answer = error.response
    code = answer.get("error", "") if isinstance(answer.data, dict) else ""
    if answer.status_code != 200:
        return of_status(answer.status_code, answer.headers.get("Retry-After"), code)
    if code in PASSING:
        return TryLater(code, seconds(answer.headers.get("Retry-After", 0)))
    return Undeliverable(code)
