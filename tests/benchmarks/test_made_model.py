"""A made model knows every generated entry and scores all other labels as the trained one does."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import numpy as np
import pytest

from benchmarks import generated, made_model
from footnote.knowledge import KnowledgeBase, load_knowledge
from footnote.nlu.grounding import label_of_cell
from footnote.nlu.label_classifier import LabelClassifier
from footnote.nlu.reading import Reading, TopicMention
from footnote.nlu.sentence_model import sentence_model

QUESTIONS = {
    "ask_light/fern": ["which light for a fern", "light or shade for the fern"],
    "ask_watering/fern": ["how do i water a fern", "when to water the fern"],
    "greet": ["hello there", "hello bot", "good morning to you"],
    "thanks": ["thank you", "thanks a lot to you", "many thanks"],
}
COVERED = {"ask_light/fern", "ask_watering/fern"}


def reading(text: str, topic: str = "fern") -> Reading:
    mentions = (TopicMention(topic, 0, 1, topic),) if topic in text else ()
    return Reading(text, text.replace(topic, "zztopic"), mentions)


def scores(classifier: LabelClassifier, readings: list[Reading]) -> np.ndarray:
    vectors = sentence_model().encode([each.text for each in readings])
    return classifier.probabilities(readings, vectors, 0.16)[1]


@pytest.fixture(scope="module")
def trained() -> LabelClassifier:
    readings = [reading(text) for texts in QUESTIONS.values() for text in texts]
    labels = [label for label, texts in QUESTIONS.items() for _ in texts]
    vectors = sentence_model().encode([each.text for each in readings])
    return LabelClassifier.train(readings, vectors, labels, covered=COVERED)


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return load_knowledge(generated.write(tmp_path_factory.mktemp("made") / "knowledge", 40))


@pytest.fixture(scope="module")
def parts(
    trained: LabelClassifier, knowledge: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the unpacked parts of the model made."""
    folder = tmp_path_factory.mktemp("model")
    classifier, reader = (
        folder / "components" / f"train_{name}0" for name in ("QuestionClassifier", "TermReader")
    )
    classifier.mkdir(parents=True)
    reader.mkdir()
    trained.save(classifier)
    (reader / "vocabulary.json").write_text(json.dumps({"fern": 5}), encoding="utf-8")
    with tarfile.open(folder / "trained.tar.gz", "w:gz") as archive:
        archive.add(folder / "components", "components")
    scratch = tmp_path_factory.mktemp("scratch")
    model = made_model.make(folder / "trained.tar.gz", knowledge, scratch)
    with tarfile.open(model) as archive:
        archive.extractall(scratch / "made")
    return scratch / "made" / "components"


@pytest.fixture(scope="module")
def made(parts: Path) -> LabelClassifier:
    return LabelClassifier.load(next(parts.glob("*QuestionClassifier*")))


def test_cells_are_exchanged_and_all_other_labels_stay(
    made: LabelClassifier, knowledge: KnowledgeBase
) -> None:
    cells = [label_of_cell(entry.topic, entry.aspect) for entry in knowledge.entries.values()]
    assert made.labels == ["greet", "thanks", *cells]
    assert made.covered == cells


def test_the_other_labels_score_as_before(trained: LabelClassifier, made: LabelClassifier) -> None:
    asked = [reading(text) for text in ("hello you", "thanks, bot", "water the fern", "?")]
    before = scores(trained, asked)[:, [trained.labels.index(n) for n in ("greet", "thanks")]]
    assert np.allclose(scores(made, asked)[:, :2], before, atol=5e-3)


def test_each_entrys_question_scores_its_own_label_best(
    made: LabelClassifier, knowledge: KnowledgeBase
) -> None:
    entries = list(knowledge.entries.values())
    asked = [reading(f"{e.question[:-1].lower()}, please", e.topic) for e in entries]
    best = [made.labels[place] for place in scores(made, asked).argmax(axis=1)]
    assert best == [label_of_cell(entry.topic, entry.aspect) for entry in entries]


def test_the_words_of_all_terms_may_be_repaired_to(parts: Path, knowledge: KnowledgeBase) -> None:
    path = next(parts.glob("*TermReader*")) / "vocabulary.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    assert known["fern"] == 5
    assert set(knowledge.topics) <= set(known)
