"""The `facebook` channel: Facebook Messenger.

Rasa's compares a SHA-1 signature in no constant time, answers 200 to what it refuses, handles
only the first event of a batch, makes four API calls a reply on the event loop, and never looks
at their results: text over 2,000 characters and errors are lost in silence.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from fbmessenger import MessengerClient
from rasa.core.channels.facebook import FacebookInput as RasaFacebookInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from footnote.channels.delivery import API_TIMEOUT, TryLater, Undeliverable
from footnote.channels.layout import length, numbered, short, split
from footnote.channels.messaging import Incoming, MessagingInput, Received, Reply
from footnote.channels.setup import MESSENGER
from footnote.channels.webhooks import (
    Refused,
    dig,
    json_object,
    list_at,
    require_type,
    same,
    text_at,
)

MAX_TEXT = 2000
MAX_TITLE = 20
PASSING = {1, 2, 4, 17, 32, 341, 613, 1200, 80006}
"""Meta's error codes that pass: its own trouble, and limits on how often one may call."""


class MessengerInput(MessagingInput, RasaFacebookInput):
    """POST /webhooks/facebook/webhook: events; GET: Meta's handshake."""

    setup = MESSENGER
    api_url = "https://graph.facebook.com/v23.0"

    def configure(self) -> None:
        """Make the client."""
        self._client = MessengerClient(
            self.values["MESSENGER_PAGE_TOKEN"], app_secret=self.values["MESSENGER_APP_SECRET"]
        )
        # The library knows Graph 2.12 only as the version to put into its address.
        self._client.graph_url = self.api

    def routes(self, webhook: Blueprint) -> None:
        """Add the handshake that Meta makes when the webhook is entered."""

        @webhook.route("/webhook", methods=["GET"])
        async def handshake(request: Request) -> HTTPResponse:
            token = str(request.args.get("hub.verify_token") or "")
            if not same(token, self.values["MESSENGER_VERIFY_TOKEN"]):
                return response.text("the verify token is another one", status=403)
            return response.text(str(request.args.get("hub.challenge") or ""))

    async def prove(self, request: Request, body: bytes) -> None:
        """Compare the SHA-256 signature, in constant time."""
        secret = self.values["MESSENGER_APP_SECRET"].encode()
        expected = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
        given = request.headers.get("X-Hub-Signature-256", "")
        if not same(given, expected):
            raise Refused("the request is not signed by Meta")

    def read(self, request: Request, body: bytes) -> Received:
        """Read every event of the batch."""
        require_type(request, "application/json")
        data = json_object(body)
        return Received([message for event in _events(data) if (message := _message(event))])

    def parts(self, reply: Reply) -> list[dict[str, Any]]:
        """Return messages for the Send API, quick replies under the last.

        A title of more than 20 characters does not fit a quick reply: then the options stand
        in the text too, in full.
        """
        fit = all(length(option.title) <= MAX_TITLE for option in reply.options)
        text = reply.text if fit else numbered(reply.text, reply.options)
        parts: list[dict[str, Any]] = [{"text": part} for part in split(text, MAX_TEXT)]
        if reply.options and parts:
            parts[-1]["quick_replies"] = [
                {
                    "content_type": "text",
                    "title": option.title if fit else short(f"{n}. {option.title}", MAX_TITLE),
                    "payload": option.payload,
                }
                for n, option in enumerate(reply.options, start=1)
            ]
        return parts

    async def send(self, reply_to: str, part: dict[str, Any]) -> None:
        """Send one message and look at what Meta says of it."""
        answer = await self.in_thread(self._client.send, part, reply_to, timeout=API_TIMEOUT)
        if isinstance(dig(answer, "message_id"), str):
            return
        code = dig(answer, "error", "code")
        code = code if isinstance(code, int) else 0
        reason = f"error {code}" if code else "no message id"
        if code in PASSING or dig(answer, "error", "is_transient") is True:
            raise TryLater(reason)
        raise Undeliverable(reason)


def _events(data: dict[str, Any]) -> Iterator[Any]:
    for entry in list_at(data, "entry"):
        yield from list_at(entry, "messaging")


def _message(event: Any) -> Incoming | None:
    """Return the event's message; receipts, reactions and our own echoes hold none."""
    person, page = text_at(event, "sender", "id"), text_at(event, "recipient", "id")
    message, postback = dig(event, "message"), dig(event, "postback")
    if not person or dig(message, "is_echo"):
        return None
    event_id = text_at(message, "mid") or text_at(postback, "mid")
    event_id = event_id or (f"{person}/{text_at(event, 'timestamp')}" if postback else "")
    text: str | None = (
        text_at(message, "quick_reply", "payload")
        or text_at(message, "text")
        or text_at(postback, "payload")
    )
    if not text:
        if not list_at(message, "attachments"):
            return None
        text = None
    return Incoming(event_id, (page, person), text, person)
