"""What a message asks for by somebody who has just read an answer: "and how long does that take?".

The classifier of all messages knows nothing of the conversation. This one is trained on messages
that follow an answer, with the topic and the aspect that was told, and on some of all others after
any answer, so that a new question or a greeting stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from footnote import paths
from footnote.knowledge import KnowledgeBase, load_knowledge
from footnote.nlu import told, vector_cache
from footnote.nlu.components import (
    AFTER,
    IN_CONTEXT_HYPOTHESES,
    IN_CONTEXT_VECTOR,
    READING,
    StoredClassifier,
    label_of,
)
from footnote.nlu.grounding import ASK, FOLLOW_UPS, NOT_COVERED, Hypotheses, cell_of
from footnote.nlu.label_classifier import LabelClassifier
from footnote.nlu.reading import Reading
from footnote.nlu.sentence_model import sentence_model
from footnote.text import clean

OF_QUESTIONS = 12
OF_OTHERS = 8
"""One in so many of the messages that nothing goes before is learnt after some answer as well."""
_Example = tuple[Reading, str, str]
"""A message as read after an answer, the text its vector is of, and its label."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FollowUpClassifier(StoredClassifier):
    """Gives the labels of a message after an answer their probabilities.

    The message's own words, what was told, and the vector of the message with the topic spoken of
    in front are its features (`footnote.nlu.label_classifier`).
    """

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FollowUpClassifier:
        """Load a trained classifier; where there was nothing to learn from, there is none."""
        with model_storage.read_from(resource) as folder:
            trained = (folder / "classifier.json").exists()
            classifier = LabelClassifier.load(folder) if trained else None
        return cls(config, model_storage, resource, classifier)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier on the messages that follow an answer, and on some of the others."""
        knowledge = load_knowledge()
        messages = training_data.intent_examples
        following = list(_following(messages))
        with self._storage.write_to(self._resource) as folder:
            # Rasa's cache does not keep an empty folder.
            (folder / "messages.txt").write_text(f"{len(following)}\n", encoding="utf-8")
            if following:
                readings, texts, labels = zip(
                    *following, *_others(messages, knowledge), strict=True
                )
                vectors = vector_cache.encode(
                    sentence_model(), texts, paths.FOLLOW_UP_VECTORS, 2, also=[paths.VECTORS]
                )
                covered = {label for label in set(labels) if cell_of(knowledge, label)}
                LabelClassifier.train(readings, vectors, labels, (), covered).save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Put what a message means after the last answer into its hypotheses in context."""
        for message in messages:
            found: Hypotheses | None = message.get(IN_CONTEXT_HYPOTHESES)
            if found is None or self._classifier is None:
                continue
            vector = message.get(IN_CONTEXT_VECTOR)[np.newaxis]
            probabilities, _ = self._classifier.probabilities(
                [message.get(AFTER)], vector, self._temperature
            )
            considered = self._classifier.considered(probabilities[0])
            message.set(IN_CONTEXT_HYPOTHESES, replace(found, probabilities=considered))
        return messages


def _following(messages: Sequence[Message]) -> Iterator[_Example]:
    """Return the messages that follow an answer."""
    for message in messages:
        if message.get(AFTER):
            yield message.get(AFTER), message.get(READING).text, label_of(message)


def _others(messages: Sequence[Message], knowledge: KnowledgeBase) -> Iterator[_Example]:
    """Return some of the other messages, each after one of the entries in turn."""
    entries = cycle(sorted(knowledge.entries.values(), key=lambda entry: entry.id))
    first = [message for message in messages if not message.get(AFTER)]
    questions = [message for message in first if _is_question(label_of(message))]
    others = [message for message in first if _stays_what_it_is(message, knowledge)]
    for message in [*questions[::OF_QUESTIONS], *others[::OF_OTHERS]]:
        reading, entry = message.get(READING), next(entries)
        text = clean(told.in_context(knowledge, entry.topic, reading.text)).lower()
        yield replace(reading, told=(entry.topic, entry.aspect)), text, label_of(message)


def _is_question(label: str) -> bool:
    return label.startswith(ASK) or label == NOT_COVERED


def _stays_what_it_is(message: Message, knowledge: KnowledgeBase) -> bool:
    """Whether a message is no question, leans on none, and names nothing."""
    label = label_of(message)
    elliptic = label.partition("/")[0] in FOLLOW_UPS and "/" in label
    named = knowledge.subject(message.get(READING).topics)
    return not (_is_question(label) or elliptic or named)
