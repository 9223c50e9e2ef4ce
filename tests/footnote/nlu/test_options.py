"""An option that was tapped is the entry's own question: nothing is read into it."""

from __future__ import annotations

from typing import cast

import pytest
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from footnote.knowledge import load_knowledge
from footnote.knowledge.models import Entry
from footnote.nlu import components
from footnote.nlu.components import QuestionClassifier
from footnote.nlu.grounding import ANSWER, Grounder, label_of_cell
from footnote.nlu.label_classifier import LabelClassifier
from footnote.nlu.reading import Reading

ENTRIES = list(load_knowledge().entries.values())
CELLS = [label_of_cell(entry.topic, entry.aspect) for entry in ENTRIES]


class Unread:
    """Stands for a classifier that must not be asked."""

    labels = (*CELLS, "greet", "crisis")
    covered = CELLS


@pytest.fixture
def classifier(monkeypatch: pytest.MonkeyPatch) -> QuestionClassifier:
    def refuse() -> None:
        raise AssertionError("the encoder was asked")

    monkeypatch.setattr(components, "sentence_model", refuse)
    storage, stub = cast(ModelStorage, None), cast(LabelClassifier, Unread())
    return QuestionClassifier({"temperature": 0.16}, storage, Resource(""), stub)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_an_entrys_own_question_is_that_entry(classifier: QuestionClassifier, entry: Entry) -> None:
    message = Message({"text": f" {entry.question.upper()} "})
    classifier.process([message])
    grounder = Grounder(load_knowledge(), list(Unread.labels))
    found = grounder.decide(
        message.get(components.HYPOTHESES),
        message.get(components.PART_HYPOTHESES),
        message.get(components.IN_CONTEXT_HYPOTHESES),
        "chemotherapy",
    )
    assert (found.kind, found.entries) == (ANSWER, (entry.id,))
    assert message.get("intent_ranking")[0]["confidence"] == 1.0


def test_anything_else_is_read(classifier: QuestionClassifier) -> None:
    message = Message({"text": ENTRIES[0].question + " please"})
    message.set(components.READING, Reading("anything", "anything", ()))
    message.set(components.PARTS, [])
    with pytest.raises(AssertionError, match="the encoder was asked"):
        classifier.process([message])
