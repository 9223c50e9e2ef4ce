"""The classifier: it learns a small set, and a saved one gives the same scores."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from footnote.nlu import label_classifier
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
    scores, _ = classifier.probabilities(ASKED, vectors(ASKED), 0.16)
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
        expected = single.probabilities(ASKED, vectors(ASKED), 1.0)[1][:, single.labels.index(name)]
        found = together.probabilities(ASKED, vectors(ASKED), 1.0)[1][
            :, together.labels.index(name)
        ]
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
    before = classifier.probabilities(ASKED, vectors(ASKED), 0.16)[1]
    after = loaded.probabilities(ASKED, vectors(ASKED), 0.16)[1]
    assert np.allclose(before, after, atol=5e-3)
    assert (before.argmax(axis=1) == after.argmax(axis=1)).all()


def test_a_second_round_changes_nothing(classifier: LabelClassifier, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    classifier.save(tmp_path / "one")
    first = LabelClassifier.load(tmp_path / "one")
    first.save(tmp_path / "two")
    second = LabelClassifier.load(tmp_path / "two")
    one = first.probabilities(ASKED, vectors(ASKED), 0.16)[1]
    two = second.probabilities(ASKED, vectors(ASKED), 0.16)[1]
    assert (one == two).all()


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
    probabilities, values = classifier.probabilities(unknown, vectors(unknown), 0.16)
    assert np.isfinite(values).all()
    assert np.allclose(probabilities.sum(axis=1), 1)


def test_the_second_opinion_weighs_covered_labels_only() -> None:
    labels = [label for label, texts in QUESTIONS.items() for _ in texts]
    readings = [reading(text) for texts in QUESTIONS.values() for text in texts]
    alone = LabelClassifier.train(readings, vectors(readings), labels)
    advised = LabelClassifier.train(
        readings, vectors(readings), labels, covered={"ask_watering", "ask_light"}
    )
    assert advised.covered == ["ask_light", "ask_watering"]
    asked = [reading("how much water for moss")]
    before, values = alone.probabilities(asked, vectors(asked), 0.16)
    after, same = advised.probabilities(asked, vectors(asked), 0.16)
    # LIBLINEAR draws from one generator for all threads, so two fits agree to its tolerance only.
    assert np.allclose(values, same, atol=1e-3)
    assert after[0, :2].sum() > before[0, :2].sum()
    assert np.isclose(after[0, 0] / after[0, 1], before[0, 0] / before[0, 1], rtol=1e-2)


def test_nearness_tells_a_cry_like_others_from_a_question(tmp_path: Path) -> None:
    labels = [label for label, texts in QUESTIONS.items() for _ in texts]
    texts = [text for many in QUESTIONS.values() for text in many] + ["the greenhouse is on fire"]
    readings = [reading(text) for text in texts]
    known = vectors(readings)
    one = LabelClassifier.train(readings, known, [*labels, "fire"], dangers=["fire"])
    asked = vectors([reading("my greenhouse burns"), reading("light for a fern")])
    near = one.nearness(asked)
    assert near[0] > 0 > near[1]
    one.save(tmp_path)
    assert (LabelClassifier.load(tmp_path).nearness(asked) == near).all()
    safe = LabelClassifier.train(readings, known, [*labels, "fire"])
    assert (safe.nearness(known) == 0).all()


def test_with_few_covered_labels_all_are_considered(classifier: LabelClassifier) -> None:
    row = classifier.probabilities(ASKED, vectors(ASKED), 0.16)[0][0]
    assert classifier.considered(row) == dict(zip(classifier.labels, row.tolist(), strict=True))


def test_of_many_covered_labels_the_likeliest_are_considered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labels = [label for label, texts in QUESTIONS.items() for _ in texts]
    readings = [reading(text) for texts in QUESTIONS.values() for text in texts]
    covered = {"ask_watering", "ask_light"}
    classifier = LabelClassifier.train(readings, vectors(readings), labels, covered=covered)
    monkeypatch.setattr(label_classifier, "MOST_COVERED", 1)
    row = np.linspace(0.1, 0.2, len(classifier.labels))
    found = classifier.considered(row)
    likeliest = max(covered, key=classifier.labels.index)
    assert list(found) == [
        label for label in classifier.labels if label not in covered or label == likeliest
    ]
    assert found[likeliest] == row[classifier.labels.index(likeliest)]
