"""The `rocketchat` channel.

Rasa's takes anybody's request, logs in and calls the API on the event loop at each reply,
never looks at the result, and shares one conversation between all people of a room.
"""

from __future__ import annotations

from typing import Any

from rasa.core.channels.rocketchat import RocketChatInput as RasaRocketChatInput
from rocketchat_API.APIExceptions.RocketExceptions import (
    RocketAuthenticationException,
    RocketConnectionException,
)
from rocketchat_API.rocketchat import RocketChat
from sanic.request import Request

from footnote.channels.delivery import API_TIMEOUT, TryLater, Undeliverable, of_status
from footnote.channels.layout import numbered, split
from footnote.channels.messaging import Incoming, MessagingInput, Received, Reply
from footnote.channels.setup import ROCKET_CHAT
from footnote.channels.webhooks import Refused, dig, json_object, require_type, same, text_at

MAX_TEXT = 5000
"""Rocket.Chat's own default for the longest message."""


class RocketChatInput(MessagingInput, RasaRocketChatInput):
    """POST /webhooks/rocketchat/webhook: an outgoing integration on sent messages."""

    setup = ROCKET_CHAT
    _client: RocketChat | None = None

    async def prove(self, request: Request, body: bytes) -> None:
        """Compare the integration's token, which Rocket.Chat sends in the body."""
        require_type(request, "application/json")
        token = self.values["ROCKETCHAT_WEBHOOK_TOKEN"]
        if not same(text_at(json_object(body), "token"), token):
            raise Refused("the request is not from the outgoing integration")

    def read(self, request: Request, body: bytes) -> Received:
        """Read a message; bots and ourselves are not answered."""
        posted = json_object(body)
        person, room = text_at(posted, "user_id"), text_at(posted, "channel_id")
        text = text_at(posted, "text").strip()
        text = text.removeprefix(text_at(posted, "trigger_word")).strip()
        ours = text_at(posted, "user_name") == self.values["ROCKETCHAT_USER"]
        if not (person and room and text) or ours or dig(posted, "bot") or dig(posted, "isEdited"):
            return Received()
        return Received([Incoming(text_at(posted, "message_id"), (person, room), text, room)])

    def parts(self, reply: Reply) -> list[str]:
        """Return texts, the options as a numbered list."""
        return split(numbered(reply.text, reply.options), MAX_TEXT)

    async def send(self, reply_to: str, part: str) -> None:
        """Post one message to the room."""
        await self.in_thread(self._post, reply_to, part)

    def _post(self, room: str, text: str) -> None:
        if self._client is None:
            self._client = self._login()
        answer = self._client.chat_post_message(text, room_id=room)
        if answer.status_code == 401:
            self._client = None
            raise TryLater("HTTP 401")
        if answer.status_code != 200:
            raise of_status(answer.status_code, answer.headers.get("Retry-After"))
        if answer.json().get("success") is not True:
            raise Undeliverable("not a success")

    def _login(self) -> Any:
        try:
            return RocketChat(
                self.values["ROCKETCHAT_USER"],
                self.values["ROCKETCHAT_PASSWORD"],
                server_url=self.values["ROCKETCHAT_URL"].rstrip("/"),
                timeout=API_TIMEOUT,
            )
        except RocketAuthenticationException:
            raise Undeliverable("the login was refused") from None
        except RocketConnectionException:
            raise TryLater("no login") from None
