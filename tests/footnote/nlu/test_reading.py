"""Reading a message: its terms, its form, and the questions in it."""

from __future__ import annotations

import pytest

from footnote.english import english_words
from footnote.nlu.pipeline import build_pipeline
from footnote.nlu.reading import Reader, Reading, parts, sentences
from footnote.nlu.spelling import SpellingRepairer
from tests.helpers.garden import garden


@pytest.fixture(scope="module")
def reader() -> Reader:
    knowledge = garden()
    terms = [term for topic in knowledge.topics.values() for term in topic.terms]
    repairer = SpellingRepairer.train([], english_words(), terms)
    return Reader(build_pipeline(knowledge), repairer, knowledge)


def reading(text: str) -> Reading:
    return Reading(text, text, ())


def test_terms_are_found_and_masked_by_the_kind_of_topic(reader: Reader) -> None:
    read = reader.read("Do ferns, like any plant, need a cactus?")
    assert read.topics == ("fern", "plant", "cactus")
    assert read.masked == "do zztopic , like any zzgeneral , need a zzother ?"
    assert read.text == "do ferns, like any plant, need a cactus?"


def test_a_term_of_two_words_is_one_mention(reader: Reader) -> None:
    read = reader.read("my moth orchid and another orchid")
    assert [mention.text for mention in read.mentions] == ["moth orchid", "orchid"]
    assert read.topics == ("orchid",)


@pytest.mark.parametrize(
    ("text", "typed"),
    [("is an orchdi pretty", "orchdi"), ("my  “orchid”", "orchid"), ("ORCHID!", "ORCHID")],
)
def test_a_mention_gives_what_was_typed_and_where(reader: Reader, text: str, typed: str) -> None:
    from footnote.text import clean

    (mention,) = reader.read(text).mentions
    assert mention.topic == "orchid"
    assert mention.text == typed
    assert clean(text)[mention.start : mention.end] == typed


def test_the_misspelling_is_repaired_in_the_text_that_is_classified(reader: Reader) -> None:
    assert reader.read("is an orchdi pretty").text == "is an orchid pretty"


@pytest.mark.parametrize("text", ["", " ", "?", "🙂", "\n"])
def test_a_text_without_words_can_be_read(reader: Reader, text: str) -> None:
    assert reader.read(text).mentions == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the side effects?", True),
        ("is it given as a pill or as a drip?", True),
        ("how long does that one take in the clinic", True),
        ("what are the side effects of ferns in winter", False),
    ],
)
def test_a_message_leans_by_a_pronoun_or_by_being_short(text: str, expected: bool) -> None:
    assert reading(text).leans is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what is it", True),
        ("you water it how?", True),
        ("tell me about ferns", True),
        ("i bought a fern today", False),
        ("thank you for that", False),
        ("", False),
    ],
)
def test_a_message_asks_by_its_form(text: str, expected: bool) -> None:
    assert reading(text).asks is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ferns", True),
        ("moth orchid?", True),
        ("ferns grow", True),
        ("ferns when?", False),
        ("half shade", False),
        ("how do ferns grow", False),
        ("my ferns in the cold shade", False),
    ],
)
def test_a_name_alone_asks_nothing(reader: Reader, text: str, expected: bool) -> None:
    assert reader.read(text).only_names is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is a fern?", []),
        ("What is a fern? How do I water moss?", ["What is a fern?", "How do I water moss?"]),
        (
            "what is a fern and how do i water it",
            ["what is a fern", "how do i water it"],
        ),
        ("what is a fern\nhow is it watered", ["what is a fern", "how is it watered"]),
        ("What is it? Thanks!", []),
        ("ferns and moss", []),
        ("ferns: which light, how much water", ["which light", "how much water"]),
        ("ferns / which light / what soil", ["which light", "what soil"]),
        ("how is it watered n which light", ["how is it watered", "which light"]),
        ("is it a shade or a sun plant", []),
        ("Is it 2.5 litres a day?", []),
        ("", []),
    ],
)
def test_parts_are_the_questions_in_a_message(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ferns, moss, ivy, grass. How do I water them?", 2),
        ("I have ferns, and moss, is it hard?", 2),
        ("ferns: which light", 0),
        ("Ferns. Which light suits them?", 0),
    ],
)
def test_sentences_are_not_split_at_each_comma(text: str, expected: int) -> None:
    assert len(sentences(text)) == expected
