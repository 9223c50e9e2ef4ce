"""Fit the weights of footnote/nlu/danger.py. Usage: .venv/bin/python -m tools.fit_danger.

Each quarter of the training questions is read by a classifier trained on the others; what it
says of them, and how near they are to its examples, is what the weights are fitted on. Prints
weights to copy by hand and what they do; takes some minutes.
"""

from __future__ import annotations

import hashlib
import sys

import numpy as np
from rasa.shared.nlu.training_data.loading import load_data
from sklearn.linear_model import LogisticRegression

from footnote import paths
from footnote.english import english_words
from footnote.knowledge import load_knowledge
from footnote.nlu import told, vector_cache
from footnote.nlu.components import label_of
from footnote.nlu.danger import lead_of
from footnote.nlu.grounding import cell_of
from footnote.nlu.label_classifier import LabelClassifier
from footnote.nlu.pipeline import build_pipeline
from footnote.nlu.reading import Reader
from footnote.nlu.sentence_model import sentence_model
from footnote.nlu.spelling import SpellingRepairer
from footnote.safety import DANGERS, triage
from footnote.text import clean

FOLDS = 4
FALSE_ALARMS = (0.005, 0.01, 0.015, 0.02)


def main() -> int:
    """Print the weights, and recall at several shares of false alarms."""
    knowledge = load_knowledge()
    messages = load_data(str(paths.ROOT / "data" / "nlu.yml")).intent_examples
    texts = [told.as_read(knowledge, message.get("text")) for message in messages]
    labels = np.array([label_of(message) for message in messages])
    terms = [term for topic in knowledge.topics.values() for term in topic.terms]
    typed = [told.split(clean(message.get("text"))).message for message in messages]
    repairer = SpellingRepairer.train(typed, english_words(), terms)
    reader = Reader(build_pipeline(knowledge), repairer, knowledge)
    readings = [reader.read(text) for text in texts]
    repaired = [reading.text for reading in readings]
    vectors = vector_cache.encode(sentence_model(), repaired, paths.VECTORS, workers=2)
    covered = {label for label in set(labels) if cell_of(knowledge, label)}
    digests = [hashlib.sha256(text.encode("utf-8")).digest()[0] for text in texts]
    fold = np.array(digests) % FOLDS
    features = np.zeros((len(texts), 3))
    features[:, 2] = np.log1p([len(text.split()) for text in repaired])
    for number in range(FOLDS):
        known, left_out = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        classifier = LabelClassifier.train(
            [readings[row] for row in known], vectors[known], labels[known], DANGERS, covered
        )
        _, scores = classifier.probabilities(
            [readings[row] for row in left_out], vectors[left_out], temperature=1.0
        )
        features[left_out, 0] = lead_of(scores, classifier.labels)
        features[left_out, 1] = classifier.nearness(vectors[left_out])
    in_danger = np.isin(labels, list(DANGERS))
    fitted = LogisticRegression(C=100, max_iter=5000).fit(features, in_danger)
    lead, nearness, length = fitted.coef_[0]
    bias = float(fitted.intercept_[0])
    print(f"LEAD = {lead:.2f}\nNEARNESS = {nearness:.1f}\nLENGTH = {length:.2f}\nBIAS = {bias:.2f}")
    probabilities = fitted.predict_proba(features)[:, 1]
    ruled = np.array([triage(text) is not None for text in texts])
    for share in FALSE_ALARMS:
        least = np.quantile(probabilities[~in_danger & ~ruled], 1 - share)
        found = (probabilities >= least) | ruled
        print(
            f"from {least:.2f}: {found[in_danger].mean():.1%} of dangers found, "
            f"{found[~in_danger].mean():.1%} false alarms (rules included)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
