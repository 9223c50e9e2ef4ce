"""The knowledge base that ships: the article to the letter, and answers that keep to it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from footnote.knowledge import Entry, KnowledgeBase, load_knowledge
from footnote.knowledge.checks import MAX_GRADE, claims, reading_grade

REFERENCE = Path(__file__).parents[2] / "data" / "sentences.tsv"


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return load_knowledge()


def reference() -> dict[str, str]:
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["id"]: row["text"] for row in rows}


def test_the_article_has_all_its_sentences_to_the_letter(knowledge: KnowledgeBase) -> None:
    told = {key: sentence.text for key, sentence in knowledge.sentences.items()}
    assert len(told) == 40
    assert told == reference()
    assert list(told) == list(reference())


def test_no_answer_claims_more_than_its_sentences(knowledge: KnowledgeBase) -> None:
    assert claims(knowledge) == []


@pytest.mark.parametrize("entry", load_knowledge().entries.values(), ids=lambda entry: entry.id)
def test_an_answer_reads_at_grade_eight_or_below(entry: Entry, knowledge: KnowledgeBase) -> None:
    assert reading_grade(knowledge, entry.answer) <= MAX_GRADE


def test_every_note_is_shown_with_some_answer(knowledge: KnowledgeBase) -> None:
    shown = {note for entry in knowledge.entries.values() for note in entry.notes}
    assert shown == set(knowledge.notes)


def test_every_question_is_an_entrys_own(knowledge: KnowledgeBase) -> None:
    questions = [entry.question.lower() for entry in knowledge.entries.values()]
    assert len(questions) == len(set(questions))


def test_what_replies_fall_back_on_is_there(knowledge: KnowledgeBase) -> None:
    assert "other" in knowledge.aspects
    assert any(topic.general for topic in knowledge.topics.values())


def test_every_helpline_says_where_it_was_looked_up(knowledge: KnowledgeBase) -> None:
    for country in knowledge.helplines.countries:
        for line in filter(None, (country.emergency, country.crisis)):
            assert line.source.strip(), country.country


def test_no_country_is_listed_twice(knowledge: KnowledgeBase) -> None:
    codes = [country.country for country in knowledge.helplines.countries]
    assert len(codes) == len(set(codes))
