"""How much one conversation and one address may send: token buckets."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

MAX_CHARACTERS = 500
"""The longest message that is taken; a longer one still passes triage."""
MAX_FRAME = 16 * 1024
"""Bytes of one frame or polling body; the longest message with its envelope fits well."""
MAX_BODY = 1024 * 1024
"""Bytes of any HTTP request to the bot's server (Sanic's own limit is 100 MB)."""
MAX_WAITING = 5
"""Messages of one conversation that wait for their turn."""


class Buckets:
    """One bucket a key: it holds `capacity` and refills by `per_second`.

    Keys that were not seen for long are forgotten (their buckets are full again), and there
    are never more than `keys` of them.

    Args:
        capacity: how many may come at once.
        per_second: how many more may come each second.
        keys: how many buckets are kept.
        clock: a time in seconds that never goes back.
    """

    def __init__(
        self,
        capacity: float,
        per_second: float,
        keys: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._capacity = capacity
        self._per_second = per_second
        self._keys = keys
        self._clock = clock
        self._levels: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable) -> bool:
        """Take one from the key's bucket; return whether there was one."""
        now = self._clock()
        level, seen = self._levels.pop(key, (self._capacity, now))
        level = min(self._capacity, level + (now - seen) * self._per_second)
        taken = level >= 1
        self._levels[key] = (level - 1 if taken else level, now)
        self._forget(now)
        return taken

    def wait(self, key: Hashable) -> int:
        """Return the seconds until the key's bucket holds one again, rounded up."""
        level, seen = self._levels.get(key, (self._capacity, self._clock()))
        level += (self._clock() - seen) * self._per_second
        return max(0, -int(-(1 - level) // self._per_second))

    def _forget(self, now: float) -> None:
        full_after = self._capacity / self._per_second
        while self._levels:
            key, (_, seen) = next(iter(self._levels.items()))
            if len(self._levels) <= self._keys and now - seen < full_after:
                return
            del self._levels[key]
