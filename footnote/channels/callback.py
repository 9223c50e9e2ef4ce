"""The `callback` channel: the reply is posted to an address of the deployer's."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from rasa.core.channels.callback import CallbackInput as RasaCallbackInput
from rasa.core.channels.channel import UserMessage
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from footnote.channels.callers import callers, conversation
from footnote.channels.gateway import PayloadChannel, gateway
from footnote.channels.requests import BadRequest, parse
from footnote.operations import metrics

logger = logging.getLogger(__name__)


class CallbackOutput(PayloadChannel):
    """Posts the turn's one message to the callback address."""

    def __init__(self, endpoint: EndpointConfig, sender: str | None = None) -> None:
        super().__init__()
        self._endpoint = endpoint
        self._sender = sender

    @classmethod
    def name(cls) -> str:
        """Return the name that responses can be made specific to."""
        return "callback"

    async def deliver(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Post the message; a failure is logged without its text."""
        if self._sender is not None:
            message = {**message, "recipient_id": self._sender}
        try:
            await self._endpoint.request("post", content_type="application/json", json=message)
        except (ClientResponseError, aiohttp.ClientError, TimeoutError, OSError) as error:
            metrics.FAILURES.labels("undelivered").inc()
            logger.error("A reply was not delivered to the callback: %s", type(error).__name__)


class CallbackInput(RasaCallbackInput):
    """POST /webhooks/callback/webhook; credentials give `url`, where replies go."""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the channel's routes."""
        webhook = Blueprint("footnote_callback")
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
            output = CallbackOutput(self.callback_endpoint, incoming.sender)
            sender = conversation(self.name(), caller, incoming.sender)
            message = UserMessage(incoming.text, output, sender, input_channel=self.name())
            await messages.handle(message, on_new_message)
            return response.text("success")

        return webhook
