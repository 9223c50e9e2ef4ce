"""The learning curve: what more training questions still bring, for our own classifier.

The classifier is trained in this process on every 16th, 8th, 4th, 2nd question of each label
and on all; the rest of the pipeline is as it is, spelling included. Its replies are those of
messages with nothing before them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from footnote import paths
from footnote.evaluation import pictures
from footnote.evaluation.meaning import Replier, kinds
from footnote.evaluation.run import read
from footnote.evaluation.scores import Question, score
from footnote.evaluation.tables import Table, percent
from footnote.knowledge import load_knowledge

SHARES = (16, 8, 4, 2, 1)
"""Every how many-th question of each label is trained on."""
SHOWN = ("answered", "answered in full", "wrong answer", "kind")


@dataclass(frozen=True)
class Point:
    """One training: on how many questions, and its scores by name."""

    questions: int
    scores: dict[str, float | None]


def every(share: int, labels: Iterable[str]) -> list[int]:
    """Return the rows of every `share`-th question of each label, and of two at least."""
    rows_of: dict[str, list[int]] = {}
    for row, label in enumerate(labels):
        rows_of.setdefault(label, []).append(row)
    kept = [rows[::share] if len(rows) >= 2 * share else rows[:2] for rows in rows_of.values()]
    return sorted(row for rows in kept for row in rows)


def evaluate_curve(data: str) -> int:
    """Print and draw the scores on a file's questions over the number of training questions."""
    path = Path(data)
    questions = [question for question in read(path) if not question.context]
    points = list(_points(questions))
    print(table(points, f"{len(questions)} questions of {path.name}").as_text())
    print(f"\nWritten to {write(path.stem, points)}")
    return 0


def table(points: Sequence[Point], title: str) -> Table:
    """Return the curve as a table."""
    rows = [
        (f"{point.questions:,}", *(percent(point.scores.get(name)) for name in SHOWN))
        for point in points
    ]
    return Table(title, ("training questions", *SHOWN), tuple(rows))


def write(name: str, points: Sequence[Point]) -> Path:
    """Write the curve as JSON and as a picture; return the picture's path from the root."""
    folder = paths.RESULTS / "evaluation" / name
    folder.mkdir(parents=True, exist_ok=True)
    content = [{"questions": point.questions, "scores": point.scores} for point in points]
    (folder / "curve.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    curves = {
        name: [point.scores[name] or 0.0 for point in points]
        for name in SHOWN
        if all(point.scores.get(name) is not None for point in points)
    }
    target = folder / "curve.png"
    pictures.learning_curve([point.questions for point in points], curves, target)
    return target.relative_to(paths.ROOT)


def _points(questions: Sequence[Question]) -> Iterable[Point]:
    """Train on more and more questions and give the scores of each training."""
    from footnote import without_tensorflow

    without_tensorflow.install()
    from rasa.shared.core.trackers import DialogueStateTracker
    from rasa.shared.nlu.constants import TEXT
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.nlu.training_data.message import Message

    from footnote.english import english_words
    from footnote.nlu import components, told, vector_cache
    from footnote.nlu.grounding import cell_of
    from footnote.nlu.label_classifier import LabelClassifier
    from footnote.nlu.sentence_model import sentence_model
    from footnote.nlu.spelling import SpellingRepairer
    from footnote.safety import DANGERS
    from footnote.text import clean

    knowledge = load_knowledge()
    training_data = load_data(str(paths.ROOT / "data" / "nlu.yml"))
    examples = training_data.intent_examples
    labels = [components.label_of(message) for message in examples]
    terms = [term for topic in knowledge.topics.values() for term in topic.terms]
    words = SpellingRepairer.train(
        [told.split(clean(message.get(TEXT))).message for message in examples],
        english_words(),
        terms,
    ).targets
    # Components without a model to store: what they would load is handed to them.
    nowhere: Any = None
    reader = components.TermReader(nowhere, nowhere, words)
    reader.process_training_data(training_data)
    readings = [message.get(components.READING) for message in examples]
    # The texts that training encodes, so the file of vectors stays as it is.
    texts = [reading.text for reading in readings]
    vectors = vector_cache.encode(
        sentence_model(), texts, paths.VECTORS, 2, also=[paths.FOLLOW_UP_VECTORS]
    )
    covered = {label for label in set(labels) if cell_of(knowledge, label)}
    replier = Replier(knowledge, kinds())
    for share in SHARES:
        rows = every(share, labels)
        classifier = LabelClassifier.train(
            [readings[row] for row in rows],
            vectors[np.array(rows)],
            [labels[row] for row in rows],
            DANGERS,
            covered,
        )
        defaults = components.QuestionClassifier.get_default_config()
        pipeline = (
            components.QuestionClassifier(defaults, nowhere, nowhere, classifier),
            components.GridGrounding(components.GridGrounding.get_default_config()),
            components.SafetyTriage(),
        )
        messages = [Message({TEXT: question.message}) for question in questions]
        reader.process(messages, DialogueStateTracker("nobody", []))
        for component in pipeline:
            component.process(messages)
        replies = [
            replier.reply(message.get(components.UNDERSTANDING), question.message)
            for message, question in zip(messages, questions, strict=True)
        ]
        found = score(questions, replies, knowledge).shares
        scores = {name: found[name].value for name in SHOWN if name in found}
        print(f"trained on {len(rows):,} questions", flush=True)
        yield Point(len(rows), scores)
