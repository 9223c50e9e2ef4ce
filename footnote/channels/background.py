"""Work behind an answered webhook: bounded, seen once, and finished before a stop."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any

logger = logging.getLogger(__name__)

MOST_TURNS = 500
"""Turns in hand at once; beyond it the platform is asked to send again later."""
STOP_SECONDS = 8.0
"""How long a stop waits for replies in hand; below the ten seconds after which it is forced."""


class Seen:
    """Remembers the latest ids of a platform's events, so that a repeat is known.

    Args:
        capacity: how many ids are kept, newest first.
    """

    def __init__(self, capacity: int = 10_000) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()
        self._capacity = capacity

    def __contains__(self, event_id: str) -> bool:
        return event_id in self._ids

    def add(self, event_id: str) -> None:
        """Remember an id."""
        self._ids[event_id] = None
        self._ids.move_to_end(event_id)
        if len(self._ids) > self._capacity:
            self._ids.popitem(last=False)


class Turns:
    """Runs turns behind their webhooks.

    Args:
        most: how many may be in hand at once.
    """

    def __init__(self, most: int = MOST_TURNS) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._most = most
        self.stopping = False

    @property
    def full(self) -> bool:
        """Whether too many turns are in hand to take another."""
        return len(self._tasks) >= self._most

    def start(self, turn: Coroutine[Any, Any, None]) -> None:
        """Run a turn; it is held on to until it ends."""
        task = asyncio.ensure_future(turn)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def stop(self, patience: float = STOP_SECONDS) -> None:
        """Take no more turns, wait for those in hand, and end what is left after `patience` s."""
        self.stopping = True
        if self._tasks:
            _, left = await asyncio.wait(self._tasks, timeout=patience)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            # Only the kind: an exception's message may hold the person's.
            logger.error("A message was not handled: %s", type(task.exception()).__name__)
