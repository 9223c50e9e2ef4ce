"""One message of a conversation at a time, in order, without waiting longer than needed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
from rasa.core.lock_store import LockError
from rasa.utils.endpoints import EndpointConfig

from footnote.stores import lock as module
from footnote.stores.lock import FootnoteLockStore
from tests.helpers.databases import Redis, service


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    with service(Redis) as running:
        yield running


@pytest.fixture(params=["memory", "redis"])
def address(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str | None:
    monkeypatch.delenv(module.REDIS_URL, raising=False)
    return request.getfixturevalue("redis").url if request.param == "redis" else None


def store(address: str | None) -> FootnoteLockStore:
    return FootnoteLockStore(EndpointConfig(address) if address else None)


async def work(locks: FootnoteLockStore, name: str, log: list[str], seconds: float = 0.01) -> None:
    async with locks.lock("me"):
        log.append(f"{name} in")
        await asyncio.sleep(seconds)
        log.append(f"{name} out")


def alternates(log: list[str]) -> bool:
    """Whether nobody came in before the one inside was out."""
    pairs = zip(log[::2], log[1::2], strict=True)
    return all(first[:-3] == second[:-4] for first, second in pairs)


def test_messages_are_served_in_the_order_in_which_they_came(address: str | None) -> None:
    async def story() -> list[str]:
        log: list[str] = []
        locks = store(address)
        await asyncio.gather(*(work(locks, str(n), log) for n in range(10)))
        return log

    log = asyncio.run(story())
    assert alternates(log)
    assert log[::2] == [f"{n} in" for n in range(10)]


def test_two_servers_never_work_on_one_conversation_at_once(redis: Redis) -> None:
    async def story() -> list[str]:
        log: list[str] = []
        servers = [store(redis.url), store(redis.url)]
        await asyncio.gather(*(work(servers[n % 2], str(n), log) for n in range(20)))
        return log

    log = asyncio.run(story())
    assert len(log) == 40
    assert alternates(log)


def test_other_conversations_do_not_wait(address: str | None) -> None:
    async def story() -> list[str]:
        log: list[str] = []
        locks = store(address)
        slow = asyncio.ensure_future(work(locks, "slow", log, seconds=1))
        await asyncio.sleep(0.1)
        async with locks.lock("another"):
            log.append("another")
        await slow
        return log

    assert asyncio.run(story()) == ["slow in", "another", "slow out"]


def test_a_failed_turn_frees_its_conversation(address: str | None) -> None:
    async def story() -> list[str]:
        log: list[str] = []
        locks = store(address)
        with pytest.raises(RuntimeError):
            async with locks.lock("me"):
                raise RuntimeError
        await work(locks, "next", log)
        return log

    assert asyncio.run(story()) == ["next in", "next out"]


def test_a_cancelled_wait_leaves_nothing_behind(address: str | None) -> None:
    async def story() -> FootnoteLockStore:
        locks, log = store(address), []
        first = asyncio.ensure_future(work(locks, "first", log, seconds=0.3))
        second = asyncio.ensure_future(work(locks, "second", log))
        await asyncio.sleep(0.1)
        second.cancel()
        await first
        await work(locks, "third", log)
        assert log == ["first in", "first out", "third in", "third out"]
        return locks

    assert asyncio.run(story())._queues == {}


def test_too_many_waiting_messages_are_refused(
    address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUEUE_MOST", 3)

    async def story() -> list[object]:
        locks = store(address)
        turns = [work(locks, str(n), []) for n in range(5)]
        return await asyncio.gather(*turns, return_exceptions=True)

    assert [isinstance(result, LockError) for result in asyncio.run(story())] == [
        *[False] * 3,
        *[True] * 2,
    ]


def test_waiting_ends(address: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.2)

    async def story() -> None:
        locks = store(address)
        slow = asyncio.ensure_future(work(locks, "slow", [], seconds=1))
        await asyncio.sleep(0.1)
        with pytest.raises(LockError):
            await work(locks, "next", [])
        await slow

    asyncio.run(story())


def test_a_long_turn_keeps_its_lease(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEASE_SECONDS", 0.6)
    monkeypatch.setattr(module, "RENEW_SECONDS", 0.15)

    async def story() -> list[str]:
        log: list[str] = []
        long = work(store(redis.url), "long", log, seconds=2)
        await asyncio.gather(long, work(store(redis.url), "next", log))
        return log

    assert alternates(asyncio.run(story()))


def test_a_server_that_died_frees_its_conversations_soon(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEASE_SECONDS", 0.5)

    async def story() -> float:
        dead = store(redis.url)
        assert dead.leases is not None
        # What a killed process leaves: a lease that nobody renews or gives back.
        await dead.leases._acquire(lease_key("me"), "token of the dead", time.monotonic() + 1)
        began = time.monotonic()
        await work(store(redis.url), "next", [])
        return time.monotonic() - began

    def lease_key(conversation: str) -> str:
        import hashlib

        return module.KEY_PREFIX + hashlib.sha256(conversation.encode()).hexdigest()

    assert 0.3 < asyncio.run(story()) < 5


def test_redis_sees_no_conversation_id(redis: Redis) -> None:
    import redis as client

    async def story() -> list[bytes]:
        async with store(redis.url).lock("+44 20 7946 0000"):
            return client.Redis(port=redis.port).keys()

    keys = asyncio.run(story())
    assert keys
    assert not any(b"7946" in key for key in keys)


@pytest.mark.parametrize("fault", ["away", "frozen"])
def test_without_redis_the_turn_fails_at_once_and_works_again_after(
    redis: Redis, fault: str
) -> None:
    async def story() -> float:
        locks = store(redis.url)
        await work(locks, "before", [])
        began = time.monotonic()
        with getattr(redis, fault)():
            with pytest.raises(LockError):
                await locks.ping()
            with pytest.raises(LockError):
                await work(locks, "during", [])
            took = time.monotonic() - began
        await work(locks, "after", [])
        return took

    assert asyncio.run(story()) < 15


def test_an_address_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="redis://"):
        store("http://localhost")


def test_the_environment_goes_before_the_file(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(module.REDIS_URL, redis.url)
    assert FootnoteLockStore(None).leases is not None
