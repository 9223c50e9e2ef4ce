"""A linear classifier over sentence vectors, words, masked words and topics.

Linear support vector machines, one label against the rest (`footnote.nlu.machines`), on
views that differ in what they are blind to: the vectors see meaning, the words see terms, the
masked words see what is asked whatever it is asked of. Persisted as plain arrays and JSON.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from footnote.nlu import machines
from footnote.nlu.machines import Machine
from footnote.nlu.reading import Reading
from footnote.nlu.sparse_rows import SparseRows

WEIGHTS = {"vector": 1.5, "words": 1.0, "masked": 0.7, "topics": 0.7}
"""How much each view counts; chosen on questions of writers left out of training."""
COST = 0.3
"""The SVM's C; the same choice."""
DANGER_COST = 1.0
"""The C of the dangers, whose examples must not be given up for a smoother boundary."""
CALM_WEIGHT = 2.0
"""How much more a message that is no question counts against a danger: false alarms come from
small talk and commands, not from questions on treatment."""
COVERED_WEIGHT = 2.0
"""How much the second opinion on "is this covered at all?" counts beside the labels' own scores;
chosen on questions of writers left out of training (docs/evaluation.md)."""
MOST_COVERED = 250
"""Covered labels that a message is taken to be about at most, the likeliest: what is decided from
them then costs the same with any number of entries."""
_WORD = r"(?u)\b\w+\b"
_TOLD = "told:{}"


def vectorizers_of_views() -> dict[str, TfidfVectorizer]:
    """Return what turns each view of a reading into features, not fitted yet."""
    shared = {"sublinear_tf": True, "token_pattern": _WORD, "dtype": np.float32}
    return {
        "words": TfidfVectorizer(ngram_range=(1, 2), min_df=2, **shared),
        "masked": TfidfVectorizer(ngram_range=(1, 3), min_df=2, **shared),
        "topics": TfidfVectorizer(token_pattern=r"\S+", dtype=np.float32),
    }


def _texts(view: str, readings: Sequence[Reading]) -> list[str]:
    if view == "words":
        return [reading.text for reading in readings]
    if view == "masked":
        return [reading.masked for reading in readings]
    return [" ".join((*reading.topics, *map(_TOLD.format, reading.told))) for reading in readings]


def _features(
    vectorizer: TfidfVectorizer,
    analyze: Callable[[str], list[str]],
    idf: np.ndarray,
    text: str,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns and values that `vectorizer.transform` gives one text.

    `analyze` and `idf` are the vectorizer's. `transform` is made for many texts: it takes 3 ms
    for one, most of it to set up matrices.
    """
    known = vectorizer.vocabulary_
    counts = Counter(known[term] for term in analyze(text) if term in known)
    columns = np.fromiter(counts, dtype=np.int64, count=len(counts))
    values = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
    if vectorizer.sublinear_tf:
        values = 1.0 + np.log(values)
    values *= idf[columns]
    return columns, values / max(float(np.linalg.norm(values)), 1e-9)


class LabelClassifier:
    """Scores every label for a reading.

    Beside the machine of each label there is one that tells the covered labels from all
    others. It looks at that line alone, and weighs in where the labels' own scores are torn
    between an answer and a gap that uses the same words.

    Attributes:
        labels: the labels, in the order of the scores.
        covered: those that the article answers.
    """

    def __init__(
        self,
        labels: list[str],
        covered: Collection[str],
        vectorizers: dict[str, TfidfVectorizer],
        vector_weights: np.ndarray,
        word_weights: SparseRows,
        bias: np.ndarray,
        examples: np.ndarray,
        in_danger: np.ndarray,
    ) -> None:
        self.labels = labels
        self.covered = [label for label in labels if label in covered]
        self._is_covered = np.array([label in covered for label in labels])
        self._vectorizers = vectorizers
        self._analyzers = {view: v.build_analyzer() for view, v in vectorizers.items()}
        # Read once: the vectorizer makes it anew from a sparse matrix each time.
        self._idf = {view: v.idf_.astype(np.float32) for view, v in vectorizers.items()}
        self._vector_weights = vector_weights.astype(np.float32, copy=False)
        self._word_weights = word_weights
        self._bias = bias
        # As halves, too, but unfolded once: that takes five times as long as a search.
        self._examples = examples.astype(np.float16, copy=False).astype(np.float32)
        self._in_danger = in_danger

    @classmethod
    def train(
        cls,
        readings: Sequence[Reading],
        vectors: np.ndarray,
        labels: Sequence[str],
        dangers: Collection[str] = (),
        covered: Collection[str] = (),
    ) -> LabelClassifier:
        """Fit the classifier.

        Args:
            readings: the training questions as read.
            vectors: their sentence vectors, shape (n, 384).
            labels: their labels.
            dangers: the labels that must not be missed.
            covered: the labels that the article answers; none leaves the second opinion out.
        """
        vectorizers = vectorizers_of_views()
        views: list[sp.csr_matrix] = [sp.csr_matrix(vectors * WEIGHTS["vector"])]
        for view, vectorizer in vectorizers.items():
            views.append(vectorizer.fit_transform(_texts(view, readings)) * WEIGHTS[view])
        features = sp.hstack(views).tocsr().astype(np.float32)
        features.sort_indices()
        names = sorted(set(labels))
        gold = np.array(labels)
        in_danger = np.isin(gold, list(dangers))
        question = np.array([label.startswith("ask_") or "/" in label for label in labels])
        weighted = np.where(~question & ~in_danger, CALM_WEIGHT, 1.0)
        known = [name for name in names if name in covered]
        asked = [
            Machine(gold == name, DANGER_COST, weighted)
            if name in dangers
            else Machine(gold == name, COST)
            for name in names
        ]
        if known:
            asked.insert(0, Machine(np.isin(gold, known), COST))
        fitted = machines.fit(features, vectors * WEIGHTS["vector"], asked)
        weights = sp.vstack([row for row, _ in fitted]).T.tocsr()
        width = vectors.shape[1]
        bias = np.array([bias for _, bias in fitted])
        return cls(
            names,
            known,
            vectorizers,
            weights[:width].toarray() * WEIGHTS["vector"],
            SparseRows.of(weights[width:]),
            bias,
            vectors if in_danger.any() else vectors[:0],
            in_danger,
        )

    def probabilities(
        self, readings: Sequence[Reading], vectors: np.ndarray, temperature: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return probabilities and the decision values behind them.

        Args:
            readings: n messages as read.
            vectors: their sentence vectors, shape (n, 384).
            temperature: divides the decision values before the softmax.

        Returns:
            Two arrays of shape (n, len(labels)); each row of the first sums to 1.
        """
        values = self._values(readings, vectors)
        scores = values[:, -len(self.labels) :]
        scaled = scores / temperature
        if self.covered:
            scaled = scaled + COVERED_WEIGHT * values[:, :1] * self._is_covered
        exponentials = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=1, keepdims=True), scores

    def considered(self, probabilities: np.ndarray) -> dict[str, float]:
        """Return the labels worth a look with their probabilities, in the labels' order.

        Args:
            probabilities: of one message, shape (len(labels),).

        Returns:
            All labels that are not covered, and the likeliest `MOST_COVERED` that are.
        """
        if len(self.covered) <= MOST_COVERED:
            return dict(zip(self.labels, probabilities.tolist(), strict=True))
        among = np.where(self._is_covered, probabilities, np.inf)
        count = len(self.labels) - len(self.covered) + MOST_COVERED
        kept = np.sort(np.argpartition(-among, count - 1)[:count])
        values = probabilities[kept].tolist()
        return {self.labels[k]: value for k, value in zip(kept.tolist(), values, strict=True)}

    def nearness(self, vectors: np.ndarray) -> np.ndarray:
        """Return how much nearer messages are to a danger's examples than to any other.

        A linear score may rise on words that a message merely shares with cries for help; the
        nearest examples (Cover and Hart 1967) tell whether anybody ever cried like that.

        Args:
            vectors: the messages' sentence vectors, shape (n, 384).

        Returns:
            Differences of cosines, shape (n,), within [-2, 2]; 0 where there are no dangers.
        """
        if not self._in_danger.any() or self._in_danger.all():
            return np.zeros(len(vectors), dtype=np.float32)
        cosines = vectors @ self._examples.T
        dangers = cosines[:, self._in_danger].max(axis=1)
        return np.asarray(dangers - cosines[:, ~self._in_danger].max(axis=1))

    def _values(self, readings: Sequence[Reading], vectors: np.ndarray) -> np.ndarray:
        """Return the decision values: that of "covered" first, where there is one."""
        scores: np.ndarray = vectors @ self._vector_weights + self._bias
        texts = {view: _texts(view, readings) for view in self._vectorizers}
        for number in range(len(readings)):
            columns, values, offset = [], [], 0
            for view, vectorizer in self._vectorizers.items():
                found, counts = _features(
                    vectorizer, self._analyzers[view], self._idf[view], texts[view][number]
                )
                columns.append(found + offset)
                values.append(counts * WEIGHTS[view])
                offset += len(vectorizer.vocabulary_)
            scores[number] += self._word_weights.weighted_sum(
                np.concatenate(columns), np.concatenate(values)
            )
        return scores

    def save(self, folder: Path) -> None:
        """Write the classifier as arrays (npz) and JSON."""
        arrays = {f"idf_{view}": v.idf_ for view, v in self._vectorizers.items()}
        np.savez(
            folder / "classifier.npz",
            vector_weights=self._vector_weights.astype(np.float16),
            word_starts=self._word_weights.starts,
            word_columns=self._word_weights.columns,
            word_values=self._word_weights.values,
            bias=self._bias,
            examples=self._examples.astype(np.float16),
            in_danger=self._in_danger,
            **arrays,
        )
        vocabularies = {
            view: sorted(v.vocabulary_, key=v.vocabulary_.get)
            for view, v in self._vectorizers.items()
        }
        content = json.dumps(
            {"labels": self.labels, "covered": self.covered, "vocabularies": vocabularies}
        )
        (folder / "classifier.json").write_text(content, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LabelClassifier:
        """Read a classifier written by `save`."""
        data = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        with np.load(folder / "classifier.npz", allow_pickle=False) as arrays:
            vectorizers = vectorizers_of_views()
            for view, vectorizer in vectorizers.items():
                words = data["vocabularies"][view]
                vectorizer.vocabulary_ = {word: index for index, word in enumerate(words)}
                vectorizer.fixed_vocabulary_ = True
                vectorizer.idf_ = arrays[f"idf_{view}"].astype(np.float32)
            return cls(
                data["labels"],
                data["covered"],
                vectorizers,
                arrays["vector_weights"],
                SparseRows(
                    arrays["word_starts"],
                    arrays["word_columns"],
                    arrays["word_values"],
                    len(arrays["bias"]),
                ),
                arrays["bias"],
                arrays["examples"],
                arrays["in_danger"],
            )
