"""A client of the `rest` channel, as chat, evaluation, bench and tests use it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import requests


@dataclass(frozen=True)
class Answer:
    """What came back for one message: its text, buttons and payload."""

    messages: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """The text shown."""
        return "\n".join(message.get("text", "") for message in self.messages)

    @property
    def payloads(self) -> list[dict[str, Any]]:
        """The payloads; the contract has exactly one."""
        return [message["custom"] for message in self.messages if "custom" in message]

    @property
    def payload(self) -> dict[str, Any]:
        """The one payload, or an empty one where there is none."""
        return self.payloads[0] if self.payloads else {}

    @property
    def kind(self) -> str:
        """The kind of reply."""
        return str(self.payload.get("kind", "none"))

    @property
    def sources(self) -> list[str]:
        """The ids of the sentences cited."""
        return [source["id"] for source in self.payload.get("sources", [])]

    @property
    def options(self) -> list[dict[str, Any]]:
        """The options offered."""
        return list(self.payload.get("options", []))


class Conversation:
    """One conversation with a running bot.

    Args:
        url: the bot's address.
        sender: the conversation's id (default: a new one).
        session: a shared HTTP session.
    """

    def __init__(
        self, url: str, sender: str | None = None, session: requests.Session | None = None
    ) -> None:
        self.sender = sender or f"client-{uuid.uuid4().hex}"
        self._url = f"{url}/webhooks/rest/webhook"
        self._session = session or requests.Session()

    def ask(self, message: str, timeout: float = 30.0) -> Answer:
        """Send a message and return what came back.

        Raises:
            requests.RequestException: the bot cannot be reached or refused the request.
        """
        body = {"sender": self.sender, "message": message}
        response = self._session.post(self._url, json=body, timeout=timeout)
        response.raise_for_status()
        return Answer(response.json())
