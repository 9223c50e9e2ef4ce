"""The spaCy pipeline: the knowledge base's terms as entities."""

from __future__ import annotations

import pytest
from spacy.language import Language

from footnote.knowledge import KnowledgeBase, load_knowledge
from footnote.nlu.pipeline import LABEL, build_pipeline, fingerprint
from tests.helpers.garden import garden


@pytest.fixture(scope="module")
def nlp() -> Language:
    return build_pipeline(garden())


def found(nlp: Language, text: str) -> list[tuple[str, str]]:
    doc = nlp(text)
    assert all(entity.label_ == LABEL for entity in doc.ents)
    return [(entity.text, entity.ent_id_) for entity in doc.ents]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is a Fern a plant?", [("Fern", "fern"), ("plant", "plant")]),
        ("FERNS and furns", [("FERNS", "fern")]),
        ("my furn", [("furn", "fern")]),
        ("a moth orchid", [("moth orchid", "orchid")]),
        ("a fernery", []),
        ("at 5 pm", []),
        ("the PM is green", [("PM", "moss")]),
        ("", []),
    ],
)
def test_terms_are_entities(nlp: Language, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(nlp, text) == expected


def test_a_changed_term_changes_the_pipeline() -> None:
    knowledge = garden()
    before = fingerprint(knowledge)
    knowledge.topics["fern"] = knowledge.topics["fern"].copy(update={"terms": ["bracken"]})
    assert fingerprint(knowledge) != before
    changed = build_pipeline(knowledge)
    assert found(changed, "bracken") == [("bracken", "fern")]
    assert found(changed, "ferns") == []


def test_answers_do_not_change_the_pipeline() -> None:
    knowledge = garden()
    before = fingerprint(knowledge)
    entry = knowledge.entries["fern/light"]
    knowledge.entries["fern/light"] = entry.copy(update={"answer": "Shade."})
    assert fingerprint(knowledge) == before


@pytest.fixture(scope="module")
def project() -> tuple[Language, KnowledgeBase]:
    knowledge = load_knowledge()
    return build_pipeline(knowledge), knowledge


def test_every_term_of_the_project_is_found_alone(project) -> None:
    nlp, knowledge = project
    missed = [
        term
        for topic in knowledge.topics.values()
        for term in [*topic.terms, *topic.misspellings]
        if [entity.ent_id_ for entity in nlp(term).ents] != [topic.id]
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("does herceptin work", ["targeted-therapy"]),
        ("what is Arimidex", ["hormone-therapy"]),
        ("is AI given", ["hormone-therapy"]),
        ("are you an ai", []),
    ],
)
def test_names_of_medicines_lead_to_their_topic(project, text: str, topics: list[str]) -> None:
    nlp, _ = project
    assert [entity.ent_id_ for entity in nlp(text).ents] == topics
