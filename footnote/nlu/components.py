"""Rasa graph components around the pure functions of this package, in pipeline order."""

from __future__ import annotations

import hashlib
import heapq
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from footnote import paths
from footnote.english import english_words
from footnote.knowledge import load_knowledge
from footnote.nlu import told, vector_cache
from footnote.nlu.danger import DOUBTFUL, danger_probability, lead_of
from footnote.nlu.grounding import (
    Grounder,
    Hypotheses,
    Thresholds,
    Understanding,
    cell_of,
    label_of_cell,
)
from footnote.nlu.label_classifier import LabelClassifier
from footnote.nlu.pipeline import build_pipeline
from footnote.nlu.pipeline import fingerprint as pipeline_fingerprint
from footnote.nlu.reading import Reader, Reading, TopicMention, parts, sentences
from footnote.nlu.sentence_model import sentence_model
from footnote.nlu.spelling import SpellingRepairer
from footnote.safety import DANGERS, triage
from footnote.text import clean

READING = "reading"
PARTS = "part_readings"
HYPOTHESES = "hypotheses"
PART_HYPOTHESES = "part_hypotheses"
LABELS = "labels"
IN_CONTEXT = "in_context_reading"
IN_CONTEXT_HYPOTHESES = "in_context_hypotheses"
IN_CONTEXT_VECTOR = "in_context_vector"
AFTER = "reading_after_an_answer"
SPOKEN_OF = "spoken_of"
UNDERSTANDING = "understanding"
"""Message properties; only the last leaves the pipeline, in the parse data."""

MAX_CHARACTERS = 500
"""Longer messages are told to be too long; they are read to here."""
MAX_PARTS = 5
PLAIN = 0.9
"""A message that names its topic and is as surely of one label needs no conversation to be read."""
MAX_CHOICE = 4
"""Characters of an option's number as people type it: "2", "2.", "#2)"."""
_ComponentType = DefaultV1Recipe.ComponentType


def unseen_fingerprint() -> str:
    """Return a hash of what Rasa's cache does not look into: this package's code, the knowledge."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    knowledge = load_knowledge()
    made_of = [
        *(path.read_bytes() for path in sources),
        pipeline_fingerprint(knowledge).encode(),
        *(entry.id.encode() for entry in knowledge.entries.values()),
    ]
    return hashlib.sha256(b"\n".join(made_of)).hexdigest()


@DefaultV1Recipe.register(_ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TermReader(GraphComponent):
    """Repairs spelling and finds the knowledge base's terms; they leave as `topic` entities.

    Its spaCy pipeline is made from the knowledge base when it is loaded, which takes less than
    reading one from the disk.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, targets: dict[str, int]) -> None:
        self._storage = storage
        self._resource = resource
        self._targets = targets
        self._knowledge = load_knowledge()
        self._made: Reader | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TermReader:
        """Create an untrained component."""
        return cls(model_storage, resource, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TermReader:
        """Load the vocabulary that `train` learnt."""
        with model_storage.read_from(resource) as folder:
            targets = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, targets)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return what the training cache cannot see: the knowledge base and this package's code."""
        return unseen_fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary of the training questions."""
        texts = [told.split(clean(m.get(TEXT))).message for m in training_data.intent_examples]
        terms = [term for topic in self._knowledge.topics.values() for term in topic.terms]
        self._targets = SpellingRepairer.train(texts, english_words(), terms).targets
        with self._storage.write_to(self._resource) as folder:
            content = json.dumps(self._targets)
            (folder / "vocabulary.json").write_text(content, encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add a reading to every training question; two to one that follows an answer."""
        reader = self._reader()
        for message in training_data.intent_examples:
            message.set(READING, reader.read(told.as_read(self._knowledge, message.get(TEXT))))
            example = told.split(message.get(TEXT))
            if example.told:
                message.set(AFTER, replace(reader.read(example.message), told=example.told))
        return training_data

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Add a message's reading, those of its parts, and its topics as entities.

        Where something was told before, a message is also read with the topic spoken of in front,
        as if the person had named it, and with what was told beside it.
        """
        reader = self._reader()
        topic, aspect = tracker.get_slot("topic"), tracker.get_slot("aspect")
        spoken_of = self._knowledge.topics.get(topic or "")
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARACTERS]
            reading = reader.read(text)
            message.set(READING, reading)
            message.set(PARTS, self._parts(text))
            uncovered = self._knowledge.uncovered(reading.topics)
            if spoken_of and not spoken_of.uncovered and not uncovered:
                front = told.in_context(self._knowledge, spoken_of.id, text)
                message.set(IN_CONTEXT, reader.read(front))
                last = self._knowledge.entry(spoken_of.id, aspect)
                asked = (spoken_of.id, last.aspect) if last else (spoken_of.id,)
                message.set(AFTER, replace(reading, told=asked))
                message.set(SPOKEN_OF, spoken_of.id)
            found = [_entity(mention) for mention in reading.mentions]
            message.set("entities", [*message.get("entities", []), *found], add_to_output=True)
        return messages

    def _parts(self, text: str) -> list[Reading]:
        """Return a message's parts; of one with many commas its sentences, to lose none."""
        reader = self._reader()
        found = [reader.read(part) for part in parts(text)[: MAX_PARTS + 1]]
        found = [part for part in found if not part.only_names]
        if 1 < len(found) <= MAX_PARTS:
            return found
        return [reader.read(sentence) for sentence in sentences(text)[:MAX_PARTS]]

    def _reader(self) -> Reader:
        # Made once: a component is loaded for one pipeline, after its vocabulary is known.
        if self._made is None:
            repairer = SpellingRepairer(english_words(), self._targets)
            self._made = Reader(build_pipeline(self._knowledge), repairer, self._knowledge)
        return self._made


def _entity(mention: TopicMention) -> dict[str, Any]:
    return {
        "entity": "topic",
        "value": mention.topic,
        "start": mention.start,
        "end": mention.end,
        "extractor": TermReader.__name__,
    }


class StoredClassifier(GraphComponent, IntentClassifier):
    """A component around one `LabelClassifier`, kept in the model under its resource."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: `temperature` turns decision values into probabilities."""
        return {"temperature": 0.2}

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        classifier: LabelClassifier | None = None,
    ) -> None:
        self._temperature = float(config["temperature"])
        self._storage = storage
        self._resource = resource
        self._classifier = classifier

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> StoredClassifier:
        """Create an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return what the training cache cannot see: the knowledge base and this package's code."""
        return unseen_fingerprint()


@DefaultV1Recipe.register(_ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class QuestionClassifier(StoredClassifier):
    """Gives every label, a cell of the grid or an intent, its probability.

    A label is an intent, with its block's `topic` or `aspect` from `data/nlu.yml` after a
    slash where it has one: `ask_side_effects/surgery`, `follow_up/forms`, `greet`.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        classifier: LabelClassifier | None = None,
    ) -> None:
        super().__init__(config, storage, resource, classifier)
        self._labels = dict.fromkeys(classifier.labels if classifier else ())
        covered = set(classifier.covered if classifier else ())
        self._not_covered = {label: 0.0 for label in self._labels if label not in covered}
        self._knowledge = load_knowledge()
        self._questions = {
            clean(entry.question).lower(): label_of_cell(entry.topic, entry.aspect)
            for entry in self._knowledge.entries.values()
        }

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> QuestionClassifier:
        """Load a trained classifier and the sentence encoder."""
        with model_storage.read_from(resource) as folder:
            classifier = LabelClassifier.load(folder)
        sentence_model().encode(["warm up"])
        return cls(config, model_storage, resource, classifier)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier on the training questions and the entries' own questions."""
        messages = training_data.intent_examples
        readings = [message.get(READING) for message in messages]
        texts = [reading.text for reading in readings]
        vectors = vector_cache.encode(
            sentence_model(), texts, paths.VECTORS, 2, also=[paths.FOLLOW_UP_VECTORS]
        )
        labels = [label_of(message) for message in messages]
        knowledge = load_knowledge()
        covered = {label for label in set(labels) if cell_of(knowledge, label)}
        self._classifier = LabelClassifier.train(readings, vectors, labels, DANGERS, covered)
        with self._storage.write_to(self._resource) as folder:
            self._classifier.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the hypotheses of each message and of its parts."""
        for message in messages:
            asked = self._questions.get(clean(message.get(TEXT) or "").lower())
            if asked and asked in self._labels:
                # An option that was tapped, to the letter: there is nothing to find out.
                whole = Hypotheses({**self._not_covered, asked: 1.0})
                message.set(PART_HYPOTHESES, [])
            else:
                whole = self._read(message)
            message.set(HYPOTHESES, whole)
            message.set(LABELS, self._labels)
            ranking = heapq.nlargest(5, whole.probabilities.items(), key=lambda item: item[1])
            listed = [{"name": name, "confidence": value} for name, value in ranking]
            message.set("intent_ranking", listed, add_to_output=True)
        return messages

    def _read(self, message: Message) -> Hypotheses:
        """Return the hypotheses of a message; set those of its parts and of it in context."""
        readings = [message.get(READING), *message.get(PARTS)]
        in_context = message.get(IN_CONTEXT)
        at_once = in_context and not self._knowledge.subject(readings[0].topics)
        found, vectors = self._hypotheses([*readings, *([in_context] if at_once else [])])
        last, vector = (found.pop(), vectors[-1]) if at_once else (None, None)
        whole, *parts = found
        message.set(PART_HYPOTHESES, parts)
        if in_context and not at_once and max(whole.probabilities.values()) < PLAIN:
            # It names its topic, but not plainly what it asks for.
            (last,), (vector,) = self._hypotheses([in_context])
        message.set(IN_CONTEXT_HYPOTHESES, last)
        message.set(IN_CONTEXT_VECTOR, vector)
        return whole

    def _hypotheses(self, readings: Sequence[Reading]) -> tuple[list[Hypotheses], np.ndarray]:
        """Return the hypotheses of n readings, and their vectors, shape (n, 384)."""
        assert self._classifier is not None, "process() is called on a loaded classifier"
        vectors = sentence_model().encode([reading.text for reading in readings])
        probabilities, scores = self._classifier.probabilities(readings, vectors, self._temperature)
        danger = self._danger(readings, vectors, scores)
        found = [
            Hypotheses(
                self._classifier.considered(row),
                topics=reading.topics,
                leans=reading.leans,
                asks=reading.asks,
                danger=float(likely),
                text=reading.text,
            )
            for reading, row, likely in zip(readings, probabilities, danger, strict=True)
        ]
        return found, vectors

    def _danger(
        self, readings: Sequence[Reading], vectors: np.ndarray, scores: np.ndarray
    ) -> np.ndarray:
        """Return how likely each of n messages is a cry for help, shape (n,)."""
        assert self._classifier is not None, "process() is called on a loaded classifier"
        likely = np.zeros(len(readings))
        lead = lead_of(scores, self._classifier.labels)
        doubtful = lead >= DOUBTFUL
        if doubtful.any():
            words = np.array([len(reading.text.split()) for reading in readings])
            nearness = self._classifier.nearness(vectors[doubtful])
            likely[doubtful] = danger_probability(lead[doubtful], nearness, words[doubtful])
        return likely


def label_of(message: Message) -> str:
    """Return a training question's label: its intent, with its block's topic or aspect."""
    metadata = (message.get("metadata") or {}).get("intent") or {}
    qualifier = metadata.get("topic") or metadata.get("aspect")
    intent = message.get(INTENT)
    return f"{intent}/{qualifier}" if qualifier else intent


@DefaultV1Recipe.register(_ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class GridGrounding(GraphComponent, IntentClassifier):
    """Decides the intent that the dialogue model sees, and what a reply can rest on."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the thresholds; see `footnote.nlu.grounding.Thresholds`."""
        return {"thresholds": {}}

    def __init__(self, config: dict[str, Any]) -> None:
        self._knowledge = load_knowledge()
        self._thresholds = Thresholds(**config["thresholds"])
        self._grounder: Grounder | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GridGrounding:
        """Create the component; it has nothing to train."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set each message's intent and its understanding."""
        for message in messages:
            whole: Hypotheses = message.get(HYPOTHESES)
            if self._grounder is None:
                labels = list(message.get(LABELS))
                self._grounder = Grounder(self._knowledge, labels, self._thresholds)
            found = self._grounder.decide(
                whole,
                message.get(PART_HYPOTHESES),
                message.get(IN_CONTEXT_HYPOTHESES),
                message.get(SPOKEN_OF),
            )
            _set(message, found)
        return messages


@DefaultV1Recipe.register(_ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SafetyTriage(GraphComponent, IntentClassifier):
    """Puts danger first, then what no classifier should be asked to read.

    The same triage that channels call before the conversation's lock, so that the stored
    turn says what the person was told.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SafetyTriage:
        """Create the component; it has nothing to train."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of messages in danger, of those too long and of those without words."""
        for message in messages:
            text = message.get(TEXT) or ""
            reading: Reading | None = message.get(READING)
            # As typed, as the channels read it, then with its slips repaired.
            found = triage(text)
            if not found and reading and reading.text != text.lower():
                found = triage(reading.text)
            understood = (message.get(UNDERSTANDING) or {}).get("kind")
            if found:
                _set(message, Understanding(found.kind, found.kind, 1.0))
            elif text.strip(" .)#").isdigit() and len(text) <= MAX_CHOICE:
                _set(message, Understanding("follow_up", "choose_option", 1.0))
            elif not any(char.isalnum() for char in text):
                _set(message, Understanding("unreadable", "unreadable", 1.0))
            elif understood in DANGERS and len(text.split()) > 1:
                # One word is a danger only where a rule says so.
                continue
            elif len(text) > MAX_CHARACTERS:
                _set(message, Understanding("too_long", "too_long", 1.0))
            elif understood in DANGERS:
                _set(message, Understanding("unreadable", "unreadable", 1.0))
        return messages


def _set(message: Message, understanding: Understanding) -> None:
    intent = {"name": understanding.intent, "confidence": understanding.confidence}
    message.set(INTENT, intent, add_to_output=True)
    message.set(UNDERSTANDING, understanding.as_dict(), add_to_output=True)


__all__ = [
    "GridGrounding",
    "QuestionClassifier",
    "SafetyTriage",
    "TermReader",
    "label_of",
]
