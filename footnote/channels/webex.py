"""The `webexteams` channel: Cisco Webex.

Rasa's takes anybody's request, makes two API calls on the event loop before it even knows
whether the message is its own, and shares one conversation between all people of a room.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import re
from dataclasses import replace

from rasa.core.channels.webexteams import WebexTeamsInput as RasaWebexInput
from sanic.request import Request
from webexteamssdk import WebexTeamsAPI
from webexteamssdk.exceptions import ApiError

from footnote.channels.delivery import API_TIMEOUT, deliver, of_status
from footnote.channels.gateway import Handler
from footnote.channels.layout import numbered, split
from footnote.channels.messaging import Incoming, MessagingInput, Received, Reply
from footnote.channels.setup import WEBEX
from footnote.channels.webhooks import Refused, json_object, require_type, same, text_at

MAX_TEXT = 7000
"""Webex takes 7,439 bytes; measured in bytes below."""


class WebexInput(MessagingInput, RasaWebexInput):
    """POST /webhooks/webexteams/webhook: `messages created` of a webhook with a secret.

    The webhook holds only the message's id; the text is fetched behind the answer.
    """

    setup = WEBEX
    api_url = "https://webexapis.com/v1"

    def configure(self) -> None:
        """Make the client."""
        self._client = WebexTeamsAPI(
            self.values["WEBEX_BOT_TOKEN"],
            base_url=f"{self.api}/",
            single_request_timeout=int(API_TIMEOUT),
            wait_on_rate_limit=False,
        )

    async def prove(self, request: Request, body: bytes) -> None:
        """Compare the signature (HMAC-SHA1 is what Webex offers), in constant time."""
        secret = self.values["WEBEX_WEBHOOK_SECRET"].encode()
        expected = hmac.new(secret, body, hashlib.sha1).hexdigest()
        if not same(request.headers.get("X-Spark-Signature", ""), expected):
            raise Refused("the request is not signed by Webex")

    def read(self, request: Request, body: bytes) -> Received:
        """Read which message came; those of bots, ourselves included, are not answered."""
        require_type(request, "application/json")
        event = json_object(body)
        created = (text_at(event, "resource"), text_at(event, "event")) == ("messages", "created")
        message, room = text_at(event, "data", "id"), text_at(event, "data", "roomId")
        person = text_at(event, "data", "personId")
        by_bot = text_at(event, "data", "personEmail").endswith("@webex.bot")
        if not (created and message and room and person) or by_bot:
            return Received()
        return Received([Incoming(message, (person, room), "", room)])

    async def reply_for(self, message: Incoming, on_new_message: Handler) -> Reply | None:
        """Fetch the text, then reply to it."""
        found: list[str] = []

        async def fetch() -> None:
            try:
                fetched = await self.in_thread(self._client.messages.get, message.event)
            except ApiError as error:
                raise _failure(error) from None
            found.append(_spoken(fetched.text or "", getattr(fetched, "html", None)))

        if not await deliver(fetch, "Webex (fetching a message)", self._pauses):
            return None
        return await super().reply_for(replace(message, text=found[0] or None), on_new_message)

    def parts(self, reply: Reply) -> list[str]:
        """Return texts, the options as a numbered list."""
        return split(numbered(reply.text, reply.options), MAX_TEXT, lambda t: len(t.encode()))

    async def send(self, reply_to: str, part: str) -> None:
        """Post one message to the room."""
        try:
            await self.in_thread(self._client.messages.create, roomId=reply_to, text=part)
        except ApiError as error:
            raise _failure(error) from None


def _failure(error: ApiError) -> Exception:
    return of_status(error.status_code, error.response.headers.get("Retry-After"))


def _spoken(text: str, marked_up: str | None) -> str:
    """Return what was said, without the bot's own name where it was mentioned."""
    if not marked_up:
        return text.strip()
    without = re.sub(r"<spark-mention[^>]*>.*?</spark-mention>", " ", marked_up, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", without)).strip()
