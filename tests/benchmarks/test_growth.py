"""Long conversations are made of real turns; what is asked of a generated base is the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from benchmarks import generated, growth, measure
from footnote import paths
from footnote.knowledge import load_knowledge
from footnote.stores.tracker import FootnoteTrackerStore
from footnote.stores.window import TURNS_MOST
from tests.helpers.events import exchange, session, typed

RECORDED = 3


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "conversations.db"


@pytest.fixture
def store(database: Path) -> Iterator[FootnoteTrackerStore]:
    domain = Domain.load(str(paths.ROOT / "domain.yml"))
    found = FootnoteTrackerStore(domain, url=f"sqlite:///{database}")
    yield found
    found.close()


def record(store: FootnoteTrackerStore, key: str) -> None:
    events = session()
    for number in range(RECORDED):
        events += exchange(f"question {number}", f"topic-{number}")
    tracker = DialogueStateTracker.from_events(key, events, store.domain.slots)
    asyncio.run(store.save(tracker))


@pytest.mark.parametrize("count", [2, growth.TOGETHER, 2 * growth.TOGETHER + 50])
def test_a_long_conversation_repeats_the_recorded_turns(
    store: FootnoteTrackerStore, database: Path, count: int
) -> None:
    record(store, "recorded")
    asyncio.run(growth.lengthen(database, "recorded", {"long": count}))
    found = typed(asyncio.run(store.retrieve_full_tracker("long")))
    assert len(found) == count
    # Stored a hundred at once, each batch begins where the one before ended.
    assert found == [f"question {number % RECORDED}" for number in range(count)]


def test_of_a_long_conversation_a_window_is_read_as_of_one_that_was_typed(
    store: FootnoteTrackerStore, database: Path
) -> None:
    record(store, "recorded")
    asyncio.run(growth.lengthen(database, "recorded", {"long": 300}))
    tracker = asyncio.run(store.retrieve("long"))
    assert 0 < len(typed(tracker)) <= TURNS_MOST
    assert tracker is not None
    assert tracker.get_slot("topic") == f"topic-{299 % RECORDED}"


def test_messages_name_entries_and_some_are_mistyped(tmp_path: Path) -> None:
    knowledge = load_knowledge(generated.write(tmp_path / "knowledge", 400))
    asked = growth.messages(knowledge)
    assert asked == growth.messages(knowledge)
    assert len(asked) == growth.SAMPLE
    entries = [knowledge.entries[key] for key in asked.values()]
    typed = [entry.topic in text for text, entry in zip(asked, entries, strict=True)]
    assert typed.count(False) == growth.SAMPLE // growth.SLIPS
    assert len({entry.aspect for entry in entries}) > 1


def test_another_one_begins_each_round() -> None:
    orders = [measure.turned(["a", "b", "c"], number) for number in range(4)]
    assert ["".join(order) for order in orders] == ["abc", "bca", "cab", "abc"]
