"""What a process has in hand, so that a stop can wait for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

DRAIN_SECONDS = 15.0
"""How long a stop waits for the messages in hand."""


class Work:
    """Counts the messages in hand, and the turns that are stored behind their replies.

    Attributes:
        stopping: whether the server was told to stop; nothing new is to be begun.
        recording: the turns that are stored behind replies.
    """

    def __init__(self) -> None:
        self.stopping = False
        self.recording: set[asyncio.Task[Any]] = set()
        self._in_hand = 0
        self._until: float | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Count one message as in hand; it may still wait for its turn."""
        self._in_hand += 1
        try:
            yield
        finally:
            self._in_hand -= 1

    async def drain(self) -> None:
        """Return when nothing is in hand, `DRAIN_SECONDS` after the first call at the latest.

        Several parts of a server wait for the same work, one after the other.
        """
        self.stopping = True
        if self._until is None:
            self._until = time.monotonic() + DRAIN_SECONDS
        while (self._in_hand or self.recording) and time.monotonic() < self._until:
            await asyncio.sleep(0.05)
