"""What the lexical checks find in an answer."""

from __future__ import annotations

from typing import Any

import pytest

from footnote.knowledge import KnowledgeBase, load_knowledge
from footnote.knowledge.checks import claims, reading_grade

CELL = "chemotherapy/forms"


def with_answer(answer: str) -> KnowledgeBase:
    knowledge = load_knowledge()
    changed: dict[str, Any] = {"answer": answer}
    knowledge.entries = {CELL: knowledge.entries[CELL].copy(update=changed)}
    return knowledge


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("It is given in 17 sessions.", "the number 17"),
        ("It is given as pills, like tamoxifen.", "'tamoxifen'"),
        ("It is given by surgery.", "'surgery'"),
        (
            "Administration necessitates considerable multidisciplinary organisation, "
            "individualised pharmacological preparation and continuous haematological monitoring.",
            "reads at grade",
        ),
    ],
)
def test_a_claim_beyond_the_sources_is_found(answer: str, expected: str) -> None:
    found = claims(with_answer(answer))
    assert any(problem.startswith(f"entries/chemotherapy.yml: {CELL}: ") for problem in found)
    assert expected in "\n".join(found)


def test_an_answer_in_the_words_of_its_sources_is_left_alone() -> None:
    assert claims(with_answer("Chemotherapy can be given as fluids, pills or an infusion.")) == []


def test_names_of_treatments_do_not_make_an_answer_hard_to_read() -> None:
    knowledge = load_knowledge()
    named = reading_grade(knowledge, "You can take chemotherapy with hormone therapy at home.")
    assert named == reading_grade(knowledge, "You can take it with it at home.")
