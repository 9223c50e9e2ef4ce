"""Look-ups over the grid, on a small knowledge base of another subject."""

from __future__ import annotations

import pytest

from footnote.knowledge import KnowledgeBase
from tests.helpers.garden import garden


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return garden()


def test_sentences_are_counted_from_one_in_each_section(knowledge: KnowledgeBase) -> None:
    assert list(knowledge.sentences) == [
        "fern.1", "fern.2", "fern.3", "moss.1", "moss.2", "orchid.1",
    ]  # fmt: skip
    assert knowledge.sentences["moss.2"].text == "Water moss every day."
    assert knowledge.sentences["moss.2"].section == "Moss"


def test_a_cell_gives_its_entry(knowledge: KnowledgeBase) -> None:
    entry = knowledge.entry("fern", "light")
    assert entry is not None
    assert entry.id == "fern/light"


@pytest.mark.parametrize(
    ("topic", "aspect"), [("moss", "light"), ("fern", "colour"), ("rose", "light")]
)
def test_an_empty_cell_gives_nothing(knowledge: KnowledgeBase, topic: str, aspect: str) -> None:
    assert knowledge.entry(topic, aspect) is None


@pytest.mark.parametrize(
    ("topic", "aspect", "expected"),
    [
        ("fern", "watering", "fern/watering"),
        ("fern", "care", "fern/watering"),
        ("orchid", "care", "orchid/light"),
        ("orchid", "watering", None),
        ("orchid", "colour", None),
        ("rose", "care", None),
    ],
)
def test_the_closest_entry_is_the_own_then_a_similar_one(
    knowledge: KnowledgeBase, topic: str, aspect: str, expected: str | None
) -> None:
    found = knowledge.closest(topic, aspect)
    assert (found.id if found else None) == expected


def test_a_topic_has_its_entries_in_file_order(knowledge: KnowledgeBase) -> None:
    ids = [entry.id for entry in knowledge.entries_of("fern")]
    assert ids == ["fern/definition", "fern/watering", "fern/light"]


@pytest.mark.parametrize(
    ("aspect", "expected"), [("light", True), ("care", False), ("cost", False), ("colour", False)]
)
def test_an_aspect_is_told_where_any_topic_has_an_entry_for_it(
    knowledge: KnowledgeBase, aspect: str, expected: bool
) -> None:
    assert knowledge.tells(aspect) is expected


def test_topics_named_are_specific_uncovered_or_general(knowledge: KnowledgeBase) -> None:
    named = ("plant", "moss", "cactus", "fern")
    assert knowledge.specific(named) == ["moss", "fern"]
    assert knowledge.uncovered(named) == ["cactus"]


@pytest.mark.parametrize(
    ("topics", "expected"),
    [((), None), (("plant",), None), (("plant", "moss"), "moss"), (("moss", "cactus"), "cactus")],
)
def test_a_message_is_about_what_the_article_lacks_first(
    knowledge: KnowledgeBase, topics: tuple[str, ...], expected: str | None
) -> None:
    assert knowledge.subject(topics) == expected


def test_quotes_come_once_and_in_article_order(knowledge: KnowledgeBase) -> None:
    quotes = knowledge.quotes(["moss.1", "fern.2", "moss.1", "no-such.9"])
    assert [sentence.id for sentence in quotes] == ["fern.2", "moss.1"]


def test_a_sound_base_has_no_problem(knowledge: KnowledgeBase) -> None:
    assert knowledge.problems() == []
