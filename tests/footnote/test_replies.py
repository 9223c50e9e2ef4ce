"""Replies: the payload's shape, the quotes to the letter, and nothing said beyond them."""

from __future__ import annotations

import json

import pytest

from footnote import replies
from footnote.replies import KINDS, MAX_ENTRIES, Reply, bare_payload, buttons, payload
from footnote.settings import Settings
from tests.helpers.garden import SENTENCES, garden

KNOWLEDGE = garden()
SETTINGS = Settings(care_team="the gardener", care_team_phone="555 0100")


def test_a_payload_has_the_shape_of_the_contract() -> None:
    reply = Reply("answer", "text", ("fern/watering",), ("fern.2",), ("rain",), ("moss/watering",))
    assert payload(KNOWLEDGE, reply) == {
        "version": 1,
        "kind": "answer",
        "entries": ["fern/watering"],
        "sources": [{"id": "fern.2", "section": "Fern", "quote": "Water ferns twice a week."}],
        "notes": [
            {
                "id": "rain",
                "text": "Less when it rains.",
                "source": "The weather service: Rain",
            }
        ],
        "options": [
            {
                "title": "How do I water moss?",
                "payload": "How do I water moss?",
                "entry": "moss/watering",
                "sources": ["moss.2", "moss.1"],
            }
        ],
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_bare_payload_has_the_same_keys_as_a_full_one(kind: str) -> None:
    full = payload(KNOWLEDGE, Reply(kind, "text"))
    assert bare_payload(kind) == full
    assert list(full) == ["version", "kind", "entries", "sources", "notes", "options"]


def test_a_payload_is_plain_json() -> None:
    told = payload(KNOWLEDGE, replies.answer(KNOWLEDGE, ["fern/watering", "moss/watering"]))
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize("entry", KNOWLEDGE.entries)
def test_quotes_are_the_articles_sentences_to_the_letter(entry: str) -> None:
    reply = replies.answer(KNOWLEDGE, [entry])
    for source in payload(KNOWLEDGE, reply)["sources"]:
        section, _, number = source["id"].partition(".")
        assert source["quote"] == SENTENCES[section][int(number) - 1]
    assert set(reply.sources) == set(KNOWLEDGE.entries[entry].sources)


def test_an_answer_is_its_entry_its_note_and_its_source() -> None:
    reply = replies.answer(KNOWLEDGE, ["fern/watering"])
    assert reply.text.splitlines() == [
        "Twice a week.",
        "Editor's note: Less when it rains. (The weather service)",
        "Source: Fern, sentence 2.",
    ]
    assert reply.kind == "answer"
    assert reply.notes == ("rain",)


def test_several_answers_share_one_source_line_and_one_note() -> None:
    reply = replies.answer(KNOWLEDGE, ["fern/watering", "moss/watering", "fern/watering"])
    assert reply.entries == ("fern/watering", "moss/watering")
    assert reply.text.count("Editor's note") == 1
    assert reply.text.endswith("Source: Fern, sentence 2; Moss, sentences 1 and 2.")


def test_the_part_that_the_article_does_not_tell_is_named_in_an_answer() -> None:
    reply = replies.answer(KNOWLEDGE, ["fern/watering"], [("fern", "cost"), (None, "cost")])
    assert "The article does not say what ferns cost." in reply.text
    assert "The article does not say what they cost." in reply.text
    assert reply.kind == "answer"


def test_one_reply_tells_at_most_four_entries() -> None:
    reply = replies.answer(KNOWLEDGE, list(KNOWLEDGE.entries))
    assert len(reply.entries) == MAX_ENTRIES
    assert set(reply.sources) == {
        source for key in reply.entries for source in KNOWLEDGE.entries[key].sources
    }


def test_what_was_told_is_not_offered_again() -> None:
    assert replies.answer(KNOWLEDGE, ["fern/definition"]).options == (
        "fern/watering",
        "fern/light",
        "moss/watering",
    )
    told = replies.answer(KNOWLEDGE, ["fern/definition"], told=["fern/light"])
    assert told.options == ("fern/watering", "moss/watering")
    both = replies.answer(KNOWLEDGE, ["fern/definition", "fern/watering"])
    assert both.options == ("fern/light", "moss/watering")


def test_no_blank_line_splits_a_text_into_two_messages() -> None:
    reply = replies.answer(KNOWLEDGE, list(KNOWLEDGE.entries)[:4], [("fern", "cost")])
    assert "\n\n" not in reply.text


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["fern.1"], "Source: Fern, sentence 1."),
        (["fern.2", "fern.1"], "Source: Fern, sentences 1 and 2."),
        (["fern.1", "fern.2", "fern.3"], "Source: Fern, sentences 1, 2, 3."),
        (["moss.1", "fern.1"], "Source: Fern, sentence 1; Moss, sentence 1."),
    ],
)
def test_the_source_line_names_section_and_sentence(sources: list[str], expected: str) -> None:
    assert replies.source_line(KNOWLEDGE, sources) == expected


@pytest.mark.parametrize(
    ("topic", "aspect", "expected"),
    [
        ("fern", "cost", "The article does not say what ferns cost."),
        (None, "cost", "The article does not say what they cost."),
        ("cactus", "cost", "The article does not speak of cacti."),
        ("rose", "cost", "The article does not say what they cost."),
        ("fern", "colour", "The article does not say that about ferns."),
    ],
)
def test_a_gap_names_what_was_asked(topic: str | None, aspect: str, expected: str) -> None:
    assert replies.does_not_say(KNOWLEDGE, topic, aspect) == expected


def test_an_uncovered_topic_is_called_what_the_person_called_it() -> None:
    said = replies.does_not_say(KNOWLEDGE, "cactus", "cost", {"cactus": "my Opuntia"})
    assert said == "The article does not speak of my Opuntia."


@pytest.mark.parametrize("options", [(), ("fern/watering", "moss/watering")])
def test_not_covered_repeats_no_entrys_answer(options: tuple[str, ...]) -> None:
    reply = replies.not_covered(KNOWLEDGE, SETTINGS, [("fern", "cost")], options=options)
    assert not any(entry.answer in reply.text for entry in KNOWLEDGE.entries.values())
    assert (reply.kind, reply.entries, reply.sources) == ("not_covered", (), ())
    assert reply.text.startswith(
        "The article does not say what ferns cost. The gardener (555 0100) can tell you more."
    )


def test_the_same_gap_is_told_once() -> None:
    reply = replies.not_covered(KNOWLEDGE, SETTINGS, [("cactus", "cost"), ("cactus", "light")])
    assert reply.text.count("does not speak of cacti") == 1


@pytest.mark.parametrize("kind", ["not_covered", "clarify", "personal_advice"])
def test_options_are_at_most_three(kind: str) -> None:
    many = list(KNOWLEDGE.entries)
    made = {
        "not_covered": replies.not_covered(KNOWLEDGE, SETTINGS, [(None, "other")], options=many),
        "clarify": replies.clarify(KNOWLEDGE, many),
        "personal_advice": replies.personal_advice(KNOWLEDGE, SETTINGS, many, None),
    }[kind]
    assert made.kind == kind
    assert list(made.options) == many[:3]


def test_asking_back_without_options_asks_for_other_words() -> None:
    reply = replies.clarify(KNOWLEDGE, [])
    assert reply.options == ()
    assert "other words" in reply.text


def test_personal_advice_sends_to_the_care_team_and_gives_none() -> None:
    reply = replies.personal_advice(KNOWLEDGE, SETTINGS, ["fern/light"], None)
    assert "I am not a doctor" in reply.text
    assert "the gardener (555 0100)" in reply.text
    assert (reply.entries, reply.sources) == ((), ())


def test_personal_advice_may_add_what_the_article_says_in_general_with_its_source() -> None:
    options = ["fern/watering", "fern/light"]
    reply = replies.personal_advice(KNOWLEDGE, SETTINGS, options, "fern/watering")
    assert "In general, this is what the article says: Twice a week." in reply.text
    assert reply.text.endswith("Source: Fern, sentence 2.")
    assert (reply.entries, reply.sources) == (("fern/watering",), ("fern.2",))
    assert reply.notes == ("rain",)
    assert reply.options == ("fern/light",)


def test_a_button_sends_its_entrys_question() -> None:
    reply = Reply("clarify", "", options=("moss/watering",))
    question = "How do I water moss?"
    assert buttons(KNOWLEDGE, reply) == [{"title": question, "payload": question}]
