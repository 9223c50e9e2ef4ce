"""Conversations in SQLite and PostgreSQL: bounded, redacted, honest when away, erased for good."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from footnote import paths
from footnote.stores.database import DATABASE_URL, EVENTS, StoreUnavailable
from footnote.stores.tracker import ERASE_SLOT, FootnoteTrackerStore
from footnote.stores.window import TURNS_KEPT, TURNS_MOST
from tests.helpers.databases import Postgres, service
from tests.helpers.events import exchange, session, typed

DOMAIN = Domain.from_path(paths.ROOT / "domain.yml")
SECRET = "my lump is at the left side"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "new-folder" / "conversations.db"


@pytest.fixture
def store(database: Path) -> FootnoteTrackerStore:
    return FootnoteTrackerStore(domain=DOMAIN, dialect="sqlite", db=str(database))


def save(store: FootnoteTrackerStore, sender: str, events: list[Event]) -> None:
    async def story() -> None:
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        for event in events:
            tracker.update(event)
        await store.save(tracker)

    asyncio.run(story())


def turn(text: str) -> list[Event]:
    return [
        ActionExecuted("action_listen"),
        UserUttered(text, {"name": "greet", "confidence": 1.0}),
        BotUttered(f"You said: {text}"),
    ]


def events_of(store: FootnoteTrackerStore, sender: str) -> int:
    tracker: DialogueStateTracker | None = asyncio.run(store.retrieve_full_tracker(sender))
    return len(tracker.events) if tracker else 0


def file_bytes(database: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(database.parent.glob("*")))


def test_a_conversation_is_kept(store: FootnoteTrackerStore, database: Path) -> None:
    save(store, "me", turn(SECRET))
    assert events_of(store, "me") == 3
    assert SECRET.encode() in file_bytes(database)


@pytest.mark.parametrize("turns", [1, 40])
def test_the_wish_erases_every_event_and_every_byte(
    store: FootnoteTrackerStore, database: Path, turns: int
) -> None:
    for _ in range(turns):
        save(store, "me", turn(SECRET))
    save(store, "me", [*turn("delete my data"), SlotSet(ERASE_SLOT, True)])
    assert events_of(store, "me") == 0
    content = file_bytes(database)
    assert SECRET.encode() not in content
    assert b"left side" not in content
    assert b"delete my data" not in content


def test_other_conversations_stay(store: FootnoteTrackerStore, database: Path) -> None:
    save(store, "me", turn(SECRET))
    save(store, "me-too", turn("something else"))
    save(store, "me", [SlotSet(ERASE_SLOT, True)])
    assert events_of(store, "me") == 0
    assert events_of(store, "me-too") == 3
    assert b"something else" in file_bytes(database)


def test_after_erasing_a_new_conversation_begins(store: FootnoteTrackerStore) -> None:
    save(store, "me", [*turn(SECRET), SlotSet(ERASE_SLOT, True)])
    save(store, "me", turn("hello again"))
    assert events_of(store, "me") == 3


def test_a_wish_that_was_taken_back_erases_nothing(store: FootnoteTrackerStore) -> None:
    save(store, "me", [*turn(SECRET), SlotSet(ERASE_SLOT, True), SlotSet(ERASE_SLOT, None)])
    assert events_of(store, "me") == 5


def test_deleting_says_how_many_events_went(store: FootnoteTrackerStore) -> None:
    save(store, "me", turn(SECRET))
    assert asyncio.run(store.delete("me")) == 3
    assert asyncio.run(store.delete("nobody")) == 0


# The same on PostgreSQL, and with many turns


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with service(Postgres) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def either(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FootnoteTrackerStore]:
    monkeypatch.delenv(DATABASE_URL, raising=False)
    url = f"sqlite:///{tmp_path / 'c.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").url
    store = FootnoteTrackerStore(domain=DOMAIN, url=url)
    yield store
    asyncio.run(store.delete("me"))
    store.close()


def retrieved(store: FootnoteTrackerStore, sender: str = "me") -> DialogueStateTracker:
    tracker = asyncio.run(store.retrieve(sender))
    assert tracker is not None
    return tracker


def test_every_turn_is_kept_once_and_in_order_however_many(either: FootnoteTrackerStore) -> None:
    save(either, "me", session())
    for number in range(40):
        save(either, "me", exchange(f"t{number}"))
    full = asyncio.run(either.retrieve_full_tracker("me"))
    assert typed(full) == [f"t{number}" for number in range(40)]
    assert full is not None
    assert len(full.events) == 3 + 40 * 5


def test_what_a_turn_reads_does_not_grow(either: FootnoteTrackerStore) -> None:
    save(either, "me", session())
    sizes = []
    for number in range(60):
        save(either, "me", exchange(f"t{number}"))
        sizes.append(len(typed(retrieved(either))))
    assert max(sizes) <= TURNS_MOST
    assert min(sizes[TURNS_MOST:]) >= TURNS_KEPT
    assert typed(retrieved(either))[-1] == "t59"


def test_a_slot_set_long_ago_is_still_set(either: FootnoteTrackerStore) -> None:
    save(either, "me", [*session(), SlotSet("told", ["a", "b"]), SlotSet("awaiting", "erase")])
    for number in range(3 * TURNS_MOST):
        save(either, "me", exchange(f"t{number}"))
    tracker = retrieved(either)
    assert tracker.get_slot("told") == ["a", "b"]
    assert tracker.get_slot("awaiting") == "erase"
    assert tracker.get_slot("topic") == f"t{3 * TURNS_MOST - 1}"
    assert tracker.latest_action_name == "action_listen"


def test_a_new_session_begins_without_the_events_of_the_last(either: FootnoteTrackerStore) -> None:
    save(either, "me", [*session(), *exchange("before"), SlotSet("told", ["x"])])
    save(either, "me", [*session(), *exchange("after")])
    tracker = retrieved(either)
    assert typed(tracker) == ["after"]
    assert tracker.get_slot("told") is None
    save(either, "me", exchange("later"))
    assert typed(retrieved(either)) == ["after", "later"]
    assert typed(asyncio.run(either.retrieve_full_tracker("me"))) == ["before", "after", "later"]


def test_a_clock_that_was_set_back_does_not_hide_a_session(either: FootnoteTrackerStore) -> None:
    future = session()
    for event in future:
        event.timestamp = time.time() + 1e6
    save(either, "me", [*future, *exchange("before")])
    save(either, "me", [*session(), *exchange("after")])
    assert typed(retrieved(either)) == ["after"]


def test_a_tracker_saved_twice_is_stored_once(either: FootnoteTrackerStore) -> None:
    async def story() -> None:
        tracker = await either.get_or_create_tracker("me", append_action_listen=False)
        for event in [*session(), *exchange("one")]:
            tracker.update(event)
        await either.save(tracker)
        await either.save(tracker)
        for event in exchange("two"):
            tracker.update(event)
        await either.save(tracker)

    asyncio.run(story())
    assert typed(asyncio.run(either.retrieve_full_tracker("me"))) == ["one", "two"]


def test_a_row_that_nothing_can_read_closes_no_conversation(
    either: FootnoteTrackerStore, caplog: pytest.LogCaptureFixture
) -> None:
    save(either, "me", [*session(), *exchange("before")])
    broken = {"sender_id": either._stored_id("me"), "type_name": "user", "data": "{secret"}
    asyncio.run(either.database.run(lambda c: c.execute(EVENTS.insert(), broken), writes=True))
    save(either, "me", exchange("after"))
    assert typed(retrieved(either)) == ["before", "after"]
    assert "secret" not in caplog.text


def test_odd_text_comes_back_as_it_was(either: FootnoteTrackerStore) -> None:
    odd = "nul \u0000, emoji 🙂, half \ud83d, quote ' ; -- \\"
    save(either, "me", [*session(), *exchange(odd)])
    assert typed(retrieved(either)) == [odd]


# Nothing of the person that need not be there


def test_what_could_identify_a_person_is_not_stored(
    store: FootnoteTrackerStore, database: Path
) -> None:
    events = turn("I am ann.smith@example.org, call 07700 900123, NHS 943 476 5919")
    events.append(BotUttered("You wrote 07700 900123. Please call 999 or 116 123."))
    save(store, "+44 7700 900123", events)
    content = file_bytes(database)
    for piece in (b"ann.smith", b"900123", b"5919", b"7700"):
        assert piece not in content
    assert b"[email]" in content
    assert b"999 or 116 123" in content


class Recorder(EventBroker):
    """A broker that keeps what it is given, and may fail."""

    def __init__(self) -> None:
        self.events: list[dict[str, object]] = []
        self.fails = False

    def publish(self, event: dict[str, object]) -> None:
        if self.fails:
            raise OSError
        self.events.append(event)


def test_a_broker_gets_what_is_stored_and_its_failure_fails_no_turn(database: Path) -> None:
    broker = Recorder()
    store = FootnoteTrackerStore(domain=DOMAIN, db=str(database), event_broker=broker)
    save(store, "me", turn("call me at 07700 900123"))
    assert [event["event"] for event in broker.events] == ["action", "user", "bot"]
    sent = json.dumps(broker.events)
    assert "900123" not in sent
    assert '"me"' not in sent
    broker.fails = True
    save(store, "me", turn("again"))
    assert events_of(store, "me") == 6


# A database that is away


@pytest.mark.parametrize("fault", ["away", "frozen"])
def test_a_database_that_is_away_is_an_error_in_time_and_works_again_after(
    postgres: Postgres, fault: str
) -> None:
    store = FootnoteTrackerStore(domain=DOMAIN, url=postgres.url)
    save(store, "me", [*session(), *exchange("before")])

    async def during() -> tuple[float, float]:
        began, lag = time.monotonic(), 0.0

        async def watch() -> None:
            nonlocal lag
            while True:
                at = time.monotonic()
                await asyncio.sleep(0.01)
                lag = max(lag, time.monotonic() - at)

        watching = asyncio.ensure_future(watch())
        asks = [store.retrieve("me") for _ in range(40)]
        results = await asyncio.gather(*asks, return_exceptions=True)
        watching.cancel()
        assert {type(result) for result in results} == {StoreUnavailable}
        return time.monotonic() - began, lag

    with getattr(postgres, fault)():
        took, lag = asyncio.run(during())
    assert took < 15
    # Nobody else waited: the loop went on all the time.
    assert lag < 2
    save(store, "me", exchange("after"))
    assert typed(retrieved(store)) == ["before", "after"]
    asyncio.run(store.delete("me"))
    store.close()


def test_rasa_does_not_go_on_with_a_blank_conversation(postgres: Postgres) -> None:
    store = FootnoteTrackerStore(domain=DOMAIN, url=postgres.url)
    wrapped = Agent._create_tracker_store(store, DOMAIN)

    async def turn_of_rasa() -> None:
        await wrapped.get_or_create_tracker("me")

    with postgres.away(), pytest.raises(StoreUnavailable) as told:
        asyncio.run(turn_of_rasa())
    assert "me" not in str(told.value).split()
    store.close()


def test_a_server_starts_while_its_database_is_away(postgres: Postgres) -> None:
    with postgres.away():
        store = FootnoteTrackerStore(domain=DOMAIN, url=postgres.url)
    save(store, "me", [*session(), *exchange("hello")])
    assert asyncio.run(store.delete("me")) == 8
    store.close()
