"""Addresses of the stores, checked without loading what is behind them."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

REDIS_URL = "FOOTNOTE_REDIS_URL"
BROKER_URL = "FOOTNOTE_BROKER_URL"


def redis_address(url: str) -> str:
    """Return a Redis' address.

    Raises:
        ValueError: it is none; the message holds no password.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("redis", "rediss", "unix") and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("is no address like redis://:password@host:6379/0")
    return url


def broker_address(url: str) -> SplitResult:
    """Return the parts of a RabbitMQ's address.

    Raises:
        ValueError: it is none; the message holds no password.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "amqp" and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("is no address like amqp://user:password@host:5672/queue")
    return parts
