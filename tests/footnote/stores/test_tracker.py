"""Erasing: nothing of the person is left, in the events or in the file's bytes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from footnote import paths
from footnote.stores.tracker import ERASE_SLOT, FootnoteTrackerStore

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
