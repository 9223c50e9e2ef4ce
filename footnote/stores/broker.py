"""Stored events for other programs, through RabbitMQ: on with one environment variable."""

from __future__ import annotations

import os
from asyncio import AbstractEventLoop
from urllib.parse import unquote, urlsplit

from rasa.core.brokers.broker import EventBroker
from rasa.core.brokers.pika import PikaEventBroker
from rasa.utils.endpoints import EndpointConfig

BROKER_URL = "FOOTNOTE_BROKER_URL"
DEFAULT_QUEUE = "footnote-events"


class FootnoteBroker(EventBroker):
    """Makes Rasa's RabbitMQ broker where FOOTNOTE_BROKER_URL names one, and none otherwise.

    The address is `amqp://user:password@host:5672/queue`. Events arrive redacted and under
    the hashed id, as they are stored (footnote/stores/tracker.py).
    """

    @classmethod
    async def from_endpoint_config(
        cls,
        broker_config: EndpointConfig,
        event_loop: AbstractEventLoop | None = None,
    ) -> EventBroker | None:
        """Return the broker, or None where none is wanted."""
        url = os.environ.get(BROKER_URL, "").strip()
        return await PikaEventBroker.from_endpoint_config(configuration(url)) if url else None


def configuration(url: str) -> EndpointConfig:
    """Return what Rasa's broker is set up with.

    Raises:
        ValueError: the address is not of the kind described above; without its password.
    """
    parts = urlsplit(url)
    if parts.scheme != "amqp" or not parts.hostname:
        raise ValueError("is no address like amqp://user:password@host:5672/queue")
    return EndpointConfig(
        parts.hostname,
        type="pika",
        username=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        port=parts.port or 5672,
        queues=[unquote(parts.path.strip("/")) or DEFAULT_QUEUE],
        connection_attempts=3,
    )
