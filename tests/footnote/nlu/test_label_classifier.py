"""The classifier: it learns a small set, and a saved one gives the same scores."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from footnote.nlu.label_classifier import LabelClassifier, _features
from footnote.nlu.reading import Reading, TopicMention
from footnote.nlu.sentence_model import sentence_model

QUESTIONS = {
    "ask_watering": ["how do i water a fern", "water for moss how often", "when to water a fern"],
    "ask_light": ["which light for a fern", "does moss like light", "light or shade for a fern"],
    "greet": ["hello there", "hi bot", "good morning to you"],
}


def reading(text: str) -> Reading:
    found = [topic for topic in ("fern", "moss") if topic in text]
    masked = text.replace("fern", "zztopic").replace("moss", "zztopic")
    return Reading(text, masked, tuple(TopicMention(topic, 0, 1, topic) for topic in found))


def vectors(readings: list[Reading]) -> np.ndarray:
    return sentence_model().encode([one.text for one in readings])


@pytest.fixture(scope="module")
def classifier() -> LabelClassifier:
    labels = [label for label, texts in QUESTIONS.items() for _ in texts]
    readings = [reading(text) for texts in QUESTIONS.values() for text in texts]
    return LabelClassifier.train(readings, vectors(readings), labels)


ASKED = [reading(t) for t in ("how much water does a fern want", "is shade or light better", "hi")]


def test_it_learns_the_labels(classifier: LabelClassifier) -> None:
    assert classifier.labels == ["ask_light", "ask_watering", "greet"]
    scores = classifier.scores(ASKED, vectors(ASKED))
    assert scores.shape == (3, 3)
    best = [classifier.labels[index] for index in scores.argmax(axis=1)]
    assert best == ["ask_watering", "ask_light", "greet"]


def test_labels_fitted_together_are_those_fitted_one_by_one() -> None:
    labels = [label for label, texts in QUESTIONS.items() for _ in texts]
    readings = [reading(text) for texts in QUESTIONS.values() for text in texts]
    together = LabelClassifier.train(readings, vectors(readings), labels)
    for name in QUESTIONS:
        alone = [label if label == name else "other" for label in labels]
        single = LabelClassifier.train(readings, vectors(readings), alone)
        expected = single.scores(ASKED, vectors(ASKED))[:, single.labels.index(name)]
        found = together.scores(ASKED, vectors(ASKED))[:, together.labels.index(name)]
        assert found == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("view", ["words", "masked", "topics"])
@pytest.mark.parametrize("text", ["when to water a fern fern", "moss", "nothing known", "", "?"])
def test_one_texts_features_are_those_of_the_vectorizer(
    classifier: LabelClassifier, view: str, text: str
) -> None:
    vectorizer = classifier._vectorizers[view]
    columns, values = _features(vectorizer, vectorizer.build_analyzer(), vectorizer.idf_, text)
    found = np.zeros(len(vectorizer.vocabulary_))
    found[columns] = values
    assert found == pytest.approx(vectorizer.transform([text]).toarray()[0], abs=1e-6)


def test_a_saved_one_gives_the_same_scores(classifier: LabelClassifier, tmp_path: Path) -> None:
    classifier.save(tmp_path)
    loaded = LabelClassifier.load(tmp_path)
    assert loaded.labels == classifier.labels
    before = classifier.scores(ASKED, vectors(ASKED))
    after = loaded.scores(ASKED, vectors(ASKED))
    assert np.allclose(before, after, atol=5e-3)
    assert (before.argmax(axis=1) == after.argmax(axis=1)).all()


def test_a_second_round_changes_nothing(classifier: LabelClassifier, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    classifier.save(tmp_path / "one")
    first = LabelClassifier.load(tmp_path / "one")
    first.save(tmp_path / "two")
    second = LabelClassifier.load(tmp_path / "two")
    assert (first.scores(ASKED, vectors(ASKED)) == second.scores(ASKED, vectors(ASKED))).all()


def test_what_is_saved_is_arrays_and_json_without_pickle(
    classifier: LabelClassifier, tmp_path: Path
) -> None:
    classifier.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "classifier.json",
        "classifier.npz",
    ]
    assert json.loads((tmp_path / "classifier.json").read_text(encoding="utf-8"))
    with np.load(tmp_path / "classifier.npz", allow_pickle=False) as arrays:
        assert all(array.dtype != object for array in arrays.values())


def test_words_never_seen_are_scored_all_the_same(classifier: LabelClassifier) -> None:
    unknown = [reading("xyzzy"), reading("")]
    assert np.isfinite(classifier.scores(unknown, vectors(unknown))).all()
