"""Linear support vector machines, fitted on the examples that decide and on no others.

Most examples lie far on their side of a label's boundary and have no part in it. Each machine
starts from those that a cheap guess puts near the boundary and takes in what it gets wrong,
until nothing is left: the chunking of Osuna, Freund and Girosi (1997), "An Improved Training
Algorithm for Support Vector Machines", around LIBLINEAR (Fan et al. 2008). The outcome is that
of all examples, to the solver's tolerance.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from sklearn.svm import LinearSVC

WORKERS = 2
FEWEST = 1000
"""Examples of each side that a machine starts with at least: below, all are taken at once."""
SHARE = 10
"""A machine starts with every tenth example of all, from each side."""
LEFT = 500
"""One example in this many may stay on the wrong side of its margin when a machine is done."""
RIDGE = 3.0
"""The guess's penalty on weights: only the order of its values matters."""


@dataclass(frozen=True)
class Machine:
    """What is to be fitted: one side against the other.

    Attributes:
        positive: which of n examples are on the positive side, shape (n,).
        cost: the SVM's C.
        weights: how much each example counts, shape (n,); none counts all alike.
    """

    positive: np.ndarray
    cost: float
    weights: np.ndarray | None = None


Fitted = tuple[sp.csr_matrix, float]
"""A machine's weights as one row, and its bias."""


def fit(features: sp.csr_matrix, vectors: np.ndarray, machines: Sequence[Machine]) -> list[Fitted]:
    """Fit machines that share their examples, some side by side.

    Args:
        features: all features of n examples, float32, with sorted indices (or each fit sorts).
        vectors: the dense part of them, shape (n, d), from which the guess is made.
        machines: what to fit; each has examples on both sides.

    Returns:
        Their weights and biases, in the order of the machines.
    """
    guesses = _guesses(vectors, np.stack([machine.positive for machine in machines], axis=1))
    # LIBLINEAR lets go of the interpreter's lock.
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(lambda *given: _fit(features, *given), machines, guesses.T))


def _guesses(vectors: np.ndarray, positive: np.ndarray) -> np.ndarray:
    """Return values that grow with the likelihood of each side, shape (n, machines).

    Least squares with a penalty, on all sides at once: one system of d unknowns.
    """
    known = np.hstack([vectors, np.ones((len(vectors), 1))]).astype(np.float32)
    system = known.T @ known + RIDGE * np.eye(known.shape[1], dtype=np.float32)
    return known @ np.linalg.solve(system, known.T @ np.where(positive, 1, -1).astype(np.float32))


def _fit(features: sp.csr_matrix, machine: Machine, guess: np.ndarray) -> Fitted:
    count = max(FEWEST, len(guess) // SHARE)
    taken = np.zeros(len(guess), dtype=bool)
    taken[_highest(guess, ~machine.positive, count)] = True
    taken[_highest(-guess, machine.positive, count)] = True
    side = np.where(machine.positive, 1, -1)
    while True:
        rows = np.flatnonzero(taken)
        svm = LinearSVC(C=machine.cost, random_state=0).fit(
            features[rows].astype(np.float64),
            machine.positive[rows],
            sample_weight=None if machine.weights is None else machine.weights[rows],
        )
        weights, bias = svm.coef_[0].astype(np.float32), float(svm.intercept_[0])
        wrong = ~taken & (side * (features @ weights + bias) < 1)
        if wrong.sum() * LEFT <= len(rows):
            return sp.csr_matrix(weights), bias
        taken |= wrong


def _highest(values: np.ndarray, among: np.ndarray, count: int) -> np.ndarray:
    """Return the rows of the highest values among some, all of these where they are few."""
    rows = np.flatnonzero(among)
    if len(rows) <= count:
        return rows
    return rows[np.argpartition(-values[rows], count)[:count]]
