"""The output channel of one turn: its reply goes to every window of the conversation."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from footnote.channels.gateway import PayloadChannel
from footnote.channels.web.messages import ERASED, from_bot, reply_id
from footnote.channels.web.safety import Safety

Say = Callable[[dict[str, Any]], Awaitable[None]]


class WebOutput(PayloadChannel):
    """Sends the turn's reply.

    Unlike other channels it also sends a reply that comes after the person was told of an
    error: in a chat window a late answer is better than none.

    Attributes:
        erased: whether the reply said that the conversation is deleted.
    """

    def __init__(self, message_id: str, safety: Safety, say: Say) -> None:
        super().__init__()
        self._message_id = message_id
        self._safety = safety
        self._say = say
        self._response: str | None = None
        self._told_error = False
        self.erased = False

    @classmethod
    def name(cls) -> str:
        """Return the name that responses can be made specific to."""
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Send the turn's reply, be it late (see the base class)."""
        if self._told_error and self._closed:
            self._told_error = self._closed = self.delivered = False
        self._response = message.get("utter_action")
        await super().send_response(recipient_id, message)

    async def deliver(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Show the reply in every window."""
        payload = message["custom"]
        self._told_error = payload["kind"] == "error"
        self.erased = self.erased or self._response == ERASED
        # An error is no part of the stored conversation, and a late reply may follow it.
        key = f"{self._message_id}.e" if self._told_error else reply_id(self._message_id)
        await self._say(
            from_bot(key, message["text"], payload, self._safety, time.time(), self._response)
        )
