"""The `hangouts` channel: Google Chat.

Rasa's checks the token only where a project is configured, fetches Google's certificates on
the event loop, and takes the display name for the person: namesakes share a conversation.
Google Chat takes the reply as the answer to its request, so the turn is waited for.
"""

from __future__ import annotations

import cachecontrol
import google.auth.transport.requests
import requests
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import id_token
from rasa.core.channels.hangouts import CERTS_URL
from rasa.core.channels.hangouts import HangoutsInput as RasaHangoutsInput
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from footnote.channels.gateway import Handler
from footnote.channels.layout import numbered, split
from footnote.channels.messaging import Incoming, MessagingInput, Received, Reply
from footnote.channels.setup import GOOGLE_CHAT
from footnote.channels.webhooks import Refused, dig, json_object, list_at, require_type, text_at

MAX_BYTES = 30_000
"""Google Chat takes 32,000 bytes for a message."""
ISSUER = "chat@system.gserviceaccount.com"


class GoogleChatInput(MessagingInput, RasaHangoutsInput):
    """POST /webhooks/hangouts/webhook; `certs_url` in credentials.yml names other certificates."""

    setup = GOOGLE_CHAT
    certs_url = CERTS_URL

    def configure(self) -> None:
        """Say where Google's certificates are, and keep them as long as Google says."""
        self._certs = str(self.options.get("certs_url") or self.certs_url)
        session = cachecontrol.CacheControl(requests.Session())
        self._google = google.auth.transport.requests.Request(session=session)

    async def prove(self, request: Request, body: bytes) -> None:
        """Check Google's token: signature, audience, time and issuer."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.isascii() or not token:
            raise Refused("there is no bearer token")
        try:
            claims = await self.in_thread(
                id_token.verify_token,
                token,
                self._google,
                audience=self.values["GOOGLE_CHAT_PROJECT_NUMBER"],
                certs_url=self._certs,
            )
        except (ValueError, TypeError, KeyError, AttributeError, GoogleAuthError):
            raise Refused("the token is not valid") from None
        if text_at(claims, "iss") != ISSUER:
            raise Refused("the token is not Google Chat's")

    def read(self, request: Request, body: bytes) -> Received:
        """Read a message; without the mention, where there is one."""
        require_type(request, "application/json")
        event = json_object(body)
        message = dig(event, "message")
        person, space = text_at(message, "sender", "name"), text_at(event, "space", "name")
        if text_at(event, "type") != "MESSAGE" or not (person and space):
            return Received(answer=response.json({}))
        text: str | None = (text_at(message, "argumentText") or text_at(message, "text")).strip()
        if not text:
            text = None if list_at(message, "attachment") else "?"
        return Received([Incoming(text_at(message, "name"), (person, space), text, None)])

    async def take(self, received: Received, on_new_message: Handler) -> HTTPResponse:
        """Answer with the reply."""
        for message in received.messages:
            if not self._is_repeat(message):
                self._remember(message)
                reply = await self.reply_for(message, on_new_message)
                if reply is not None:
                    return response.json({"text": self.parts(reply)[0]})
        return response.json({})

    def parts(self, reply: Reply) -> list[str]:
        """Return the text, the options as a numbered list."""
        return split(numbered(reply.text, reply.options), MAX_BYTES, lambda t: len(t.encode()))
