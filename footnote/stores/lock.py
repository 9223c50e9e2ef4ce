"""One message of a conversation at a time: in this process, and among servers through Redis.

Rasa's lock looks once a second whether it is its turn, and its Redis variant lets two servers
into one conversation. Here waiting messages queue in the order in which they came. Servers
share a conversation through a lease in Redis: `SET NX PX` with a token that only the holder
knows, renewed while the turn runs, so that a killed server blocks its people for seconds only.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import random
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import redis.asyncio as redis
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from redis.exceptions import RedisError

from footnote.operations import metrics

logger = logging.getLogger(__name__)

REDIS_URL = "FOOTNOTE_REDIS_URL"
QUEUE_MOST = 20
"""Messages of one conversation that may wait in one server; more are refused."""
WAIT_SECONDS = 30.0
"""How long a message waits for those before it."""
LEASE_SECONDS = 4.0
"""How long a killed server's conversations stay closed; less than a reply's time-out."""
RENEW_SECONDS = 1.0
POLL_SECONDS = 0.02
ANSWER_SECONDS = 1.0
"""How long Redis may take to connect or to answer."""
KEY_PREFIX = "footnote:lock:"

_RENEW = """
if redis.call('get', KEYS[1]) == ARGV[1] then
    return redis.call('pexpire', KEYS[1], ARGV[2])
end
return 0
"""
_RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then
    return redis.call('del', KEYS[1])
end
return 0
"""


@dataclass
class _Queue:
    """Who of one conversation is in work or waits; asyncio's lock serves in order."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    size: int = 0


class FootnoteLockStore(LockStore):
    """Lets one message of a conversation in at a time, in the order in which they came.

    Args:
        endpoint_config: the `lock_store` of endpoints.yml; a `url` there names the Redis.
            The variable FOOTNOTE_REDIS_URL goes before it. With neither the lock is
            this process's own, which is all that one server needs.

    Raises:
        ValueError: the address is no address of a Redis.
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        url = os.environ.get(REDIS_URL, "").strip() or getattr(endpoint_config, "url", None)
        self._queues: dict[str, _Queue] = {}
        self.leases = Leases(url) if url else None

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = WAIT_SECONDS,
        wait_time_in_seconds: float = POLL_SECONDS,
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold a conversation for the length of a block.

        Args:
            conversation_id: the conversation.
            lock_lifetime, wait_time_in_seconds: ignored; they fit Rasa's polling.

        Raises:
            LockError: too many wait, it took too long, or Redis cannot be asked.
        """
        began = time.monotonic()
        queue = self._queues.setdefault(conversation_id, _Queue())
        if queue.size >= QUEUE_MOST:
            raise LockError("Too many messages of one conversation wait.")
        queue.size += 1
        try:
            try:
                await asyncio.wait_for(queue.lock.acquire(), WAIT_SECONDS)
            except asyncio.TimeoutError:
                raise LockError("The messages before this one took too long.") from None
            try:
                if self.leases is None:
                    metrics.LOCK_SECONDS.observe(time.monotonic() - began)
                    yield TicketLock(conversation_id)
                else:
                    async with self.leases.held(conversation_id, began + WAIT_SECONDS):
                        metrics.LOCK_SECONDS.observe(time.monotonic() - began)
                        yield TicketLock(conversation_id)
            finally:
                queue.lock.release()
        finally:
            queue.size -= 1
            if queue.size == 0:
                self._queues.pop(conversation_id, None)

    async def ping(self) -> None:
        """Ask Redis for a sign of life, where there is one.

        Raises:
            LockError: none came in time.
        """
        if self.leases is not None:
            await self.leases.ping()

    # Rasa's own bookkeeping of tickets is not used.

    def get_lock(self, conversation_id: str) -> TicketLock | None:
        """Return None: there are no tickets."""
        return None

    def save_lock(self, lock: TicketLock) -> None:
        """Do nothing: there are no tickets."""

    def delete_lock(self, conversation_id: str) -> None:
        """Do nothing: there are no tickets."""


def checked(url: str) -> str:
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


class Leases:
    """Leases on conversations in Redis, each for one server at a time.

    Args:
        url: `redis://`, `rediss://` or `unix://`.

    Raises:
        ValueError: the address is of another kind.
    """

    def __init__(self, url: str) -> None:
        pool = redis.BlockingConnectionPool.from_url(
            checked(url),
            max_connections=100,
            timeout=ANSWER_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
            health_check_interval=15,
        )
        self._redis = redis.Redis(connection_pool=pool)
        self._renew = self._redis.register_script(_RENEW)
        self._release = self._redis.register_script(_RELEASE)

    @asynccontextmanager
    async def held(self, conversation_id: str, deadline: float) -> AsyncGenerator[None, None]:
        """Hold the lease on a conversation for the length of a block, renewing it meanwhile.

        Args:
            conversation_id: the conversation; Redis sees a hash of it.
            deadline: the monotonic time at which to give up waiting.

        Raises:
            LockError: Redis cannot be asked, or another server held it for too long.
        """
        key = KEY_PREFIX + hashlib.sha256(conversation_id.encode("utf-8", "replace")).hexdigest()
        token = secrets.token_hex(16)
        try:
            await self._acquire(key, token, deadline)
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            metrics.STORE_FAILURES.labels("locks").inc()
            raise LockError(f"The lock store failed ({type(error).__name__}).") from None
        renewing = asyncio.ensure_future(self._keep(key, token))
        try:
            yield
        finally:
            renewing.cancel()
            try:
                await asyncio.shield(self._release(keys=[key], args=[token]))
            except (RedisError, OSError, asyncio.TimeoutError) as error:
                logger.warning(
                    "A lease was not given back (%s); it runs out.", type(error).__name__
                )

    async def ping(self) -> None:
        """Ask Redis for a sign of life.

        Raises:
            LockError: none came in time.
        """
        try:
            await self._redis.ping()
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            raise LockError(f"The lock store failed ({type(error).__name__}).") from None

    async def _acquire(self, key: str, token: str, deadline: float) -> None:
        milliseconds = int(LEASE_SECONDS * 1000)
        while not await self._redis.set(key, token, nx=True, px=milliseconds):
            if time.monotonic() > deadline:
                raise LockError("Another server held the conversation for too long.")
            # Not all at the same moment, or the same server would win each time.
            await asyncio.sleep(POLL_SECONDS * (0.5 + random.random()))

    async def _keep(self, key: str, token: str) -> None:
        """Renew until cancelled; a lease that was lost is only told, the turn is nearly over."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with suppress(RedisError, OSError, asyncio.TimeoutError):
                if not await self._renew(keys=[key], args=[token, int(LEASE_SECONDS * 1000)]):
                    logger.error("A lease was lost while its turn ran.")
                    return
