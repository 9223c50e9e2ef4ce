"""The `rest` channel: Rasa's name and address, one message with one payload back."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput as RasaRestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from footnote.channels.callers import callers, conversation
from footnote.channels.gateway import PayloadChannel, gateway
from footnote.channels.requests import BadRequest, parse


class RestOutput(PayloadChannel):
    """Collects the turn's one message for the HTTP response."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Return the name that responses can be made specific to."""
        return "rest"

    async def deliver(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep the message."""
        self.messages.append(message)

    def retract(self) -> None:
        """Take the turn's message back: it failed after the reply, and was not stored."""
        self.messages.clear()
        self.delivered = False
        self.kind = None


class RestInput(RasaRestInput):
    """POST /webhooks/rest/webhook with {"sender": "...", "message": "..."}.

    Unlike Rasa's, it refuses a missing sender, takes neither `input_channel` nor `metadata`
    from outside, and answers a failure with an apology instead of an empty list. Who is let in:
    footnote/channels/callers.py.
    """

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the channel's routes."""
        webhook = Blueprint("footnote_rest")
        messages, known = gateway(), callers()

        @webhook.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                caller = known.of(request)
                incoming = parse(request.body)
            except BadRequest as error:
                return response.json({"error": str(error)}, status=error.status)
            output = RestOutput()
            sender = conversation(self.name(), caller, incoming.sender)
            message = UserMessage(incoming.text, output, sender, input_channel=self.name())
            await messages.handle(message, on_new_message)
            for item in output.messages:
                item["recipient_id"] = incoming.sender
            if request.args.get("stream", "").lower() == "true":
                lines = "".join(json.dumps(item) + "\n" for item in output.messages)
                return response.text(lines, content_type="text/event-stream")
            return response.json(output.messages)

        return webhook
