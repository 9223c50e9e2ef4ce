"""Send a reply through a platform's API: again with backoff, and never lost in silence."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence

logger = logging.getLogger(__name__)

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between tries; after the last one a reply counts as undelivered."""
LONGEST_WAIT = 60.0
"""A platform that asks for a longer pause is not waited for."""
API_TIMEOUT = 10.0
"""Seconds that one call of a platform's API may take."""


class TryLater(Exception):  # noqa: N818 (a request of the platform's, not a failure of ours)
    """The platform is down, slow, or asks for a pause of `after` seconds."""

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.after = after


class Undeliverable(Exception):  # noqa: N818
    """The platform will not take this message, however often it is sent."""


def seconds(value: object) -> float:
    """Read a `Retry-After` in seconds; what cannot be read counts as none."""
    try:
        return max(0.0, float(str(value)))
    except ValueError:
        return 0.0


def of_status(status: int, retry_after: object = None, code: object = "") -> Exception:
    """Return the exception for an HTTP status other than success.

    Args:
        status: what the platform answered.
        retry_after: its `Retry-After`, where it gave one.
        code: its own error code; never its message, which may repeat ours.
    """
    reason = f"HTTP {status} {code}".rstrip()
    if status in (408, 425, 429) or status >= 500:
        return TryLater(reason, seconds(retry_after))
    return Undeliverable(reason)


async def deliver(
    call: Callable[[], Awaitable[object]], channel: str, pauses: Sequence[float] = PAUSES
) -> bool:
    """Send one message; return whether the platform took it.

    A call that timed out may have been taken after all: rather twice than not at all.

    Args:
        call: one call of the API; raises TryLater or Undeliverable.
        channel: the platform's name, for the log.
        pauses: seconds between tries, lengthened where the platform asks for it.
    """
    tries = 0
    try:
        while True:
            tries += 1
            try:
                await call()
                return True
            except (TryLater, TimeoutError, asyncio.TimeoutError, OSError) as error:
                reason = str(error) if isinstance(error, TryLater) else type(error).__name__
                asked = getattr(error, "after", 0.0)
                if tries > len(pauses) or asked > LONGEST_WAIT:
                    break
                await asyncio.sleep(max(asked, pauses[tries - 1] * random.uniform(0.8, 1.2)))
    except asyncio.CancelledError:
        _undelivered(channel, "the server stopped", tries)
        raise
    except Undeliverable as error:
        reason = str(error)
    except Exception as error:  # a client library's own; its message may hold ours
        reason = type(error).__name__
    _undelivered(channel, reason, tries)
    return False


def _undelivered(channel: str, reason: str, tries: int) -> None:
    """Log that somebody did not get a reply; neither who, nor what."""
    logger.error("%s: a reply was not delivered (%s, tries: %d)", channel, reason, tries)
