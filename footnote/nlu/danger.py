"""How likely a message is a cry for help, from three things that each fool themselves alone.

A linear score may rise on words that a message merely shares with cries for help; the nearest
training questions (Cover and Hart 1967) tell whether anybody ever cried like that; and a few
words bear out less than many. A logistic regression weighs the three. Its weights were fitted
on questions left out of training, by tools/fit_danger.py, and are kept here, since fitting
them takes four trainings; they change little from one state of the data to the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from footnote.safety import DANGERS

LEAD = 2.45
NEARNESS = 12.9
LENGTH = 0.87
BIAS = -2.36
DOUBTFUL = -1.2
"""The least lead from which nearness is worth its search among all training questions."""


def lead_of(scores: np.ndarray, labels: Sequence[str]) -> np.ndarray:
    """Return by how much a danger's best decision value exceeds that of all other labels.

    Args:
        scores: decision values, shape (n, len(labels)).
        labels: what they are of.

    Returns:
        Differences, shape (n,); without a danger, or without anything else, there is no lead.
    """
    among = [labels.index(name) for name in DANGERS if name in labels]
    if not among or len(among) == len(labels):
        return np.full(len(scores), -np.inf)
    others = np.delete(scores, among, axis=1)
    return np.asarray(scores[:, among].max(axis=1) - others.max(axis=1))


def danger_probability(lead: np.ndarray, nearness: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Return the probability that messages are cries for help.

    Args:
        lead: see `lead_of`.
        nearness: how much nearer (cosine) a danger's examples are than any others.
        words: how many words each message has.

    Returns:
        Probabilities, of the arguments' shape (n,).
    """
    logit = LEAD * lead + NEARNESS * nearness + LENGTH * np.log1p(words) + BIAS
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))
