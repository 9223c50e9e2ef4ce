"""Machines fitted on the examples that decide are those of all examples."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.svm import LinearSVC

from footnote.nlu import machines
from footnote.nlu.machines import Fitted, Machine

EXAMPLES, DIMENSIONS, WORDS, SIDES = 1500, 12, 30, 5


@pytest.fixture(scope="module")
def examples() -> tuple[sp.csr_matrix, np.ndarray, np.ndarray]:
    """Features, their dense part, and each example's group; groups overlap."""
    random = np.random.default_rng(7)
    group = random.integers(SIDES, size=EXAMPLES)
    centres = random.normal(size=(SIDES, DIMENSIONS))
    vectors = (centres[group] + random.normal(size=(EXAMPLES, DIMENSIONS))).astype(np.float32)
    words = sp.random(EXAMPLES, WORDS, density=0.1, random_state=7, dtype=np.float32)
    return sp.hstack([sp.csr_matrix(vectors), words]).tocsr(), vectors, group


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have every fit note how many examples it was given."""
    sizes: list[int] = []
    fit = LinearSVC.fit

    def noted(svm: LinearSVC, features: sp.csr_matrix, *rest: object, **more: object) -> LinearSVC:
        sizes.append(features.shape[0])
        return fit(svm, features, *rest, **more)

    monkeypatch.setattr(LinearSVC, "fit", noted)
    return sizes


def of_all_examples(features: sp.csr_matrix, machine: Machine) -> LinearSVC:
    return LinearSVC(C=machine.cost, random_state=0).fit(
        features.astype(np.float64), machine.positive, sample_weight=machine.weights
    )


def assert_same_values(features: sp.csr_matrix, fitted: Fitted, svm: LinearSVC) -> None:
    row, bias = fitted
    values = features @ row.toarray()[0] + bias
    assert np.allclose(values, svm.decision_function(features), atol=0.03)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_outcome_is_that_of_all_examples(
    examples: tuple[sp.csr_matrix, np.ndarray, np.ndarray],
    monkeypatch: pytest.MonkeyPatch,
    weighted: bool,
) -> None:
    features, vectors, group = examples
    weights = np.where(group == 0, 2.0, 1.0) if weighted else None
    asked = [Machine(group == side, 0.3, weights) for side in range(SIDES)]
    expected = [of_all_examples(features, machine) for machine in asked]
    monkeypatch.setattr(machines, "FEWEST", 20)
    sizes = counted(monkeypatch)
    found = machines.fit(features, vectors, asked)
    # The first fits leave out what the guess puts far from the boundary.
    assert min(sizes) < EXAMPLES / 2
    for svm, fitted in zip(expected, found, strict=True):
        assert_same_values(features, fitted, svm)


def test_what_the_guess_got_wrong_is_taken_in(
    examples: tuple[sp.csr_matrix, np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    features, vectors, group = examples
    monkeypatch.setattr(machines, "FEWEST", 20)
    # A guess that knows nothing: the examples that decide must be found by the fits.
    monkeypatch.setattr(machines, "_guesses", lambda vectors, positive: np.zeros(positive.shape))
    sizes = counted(monkeypatch)
    asked = Machine(group == 1, 0.3)
    (fitted,) = machines.fit(features, vectors, [asked])
    assert len(sizes) > 1
    assert sizes == sorted(sizes)
    assert_same_values(features, fitted, of_all_examples(features, asked))


def test_few_examples_are_all_taken_at_once(
    examples: tuple[sp.csr_matrix, np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    features, vectors, group = examples
    sizes = counted(monkeypatch)
    machines.fit(features[:100], vectors[:100], [Machine(group[:100] == 1, 0.3)])
    assert sizes == [100]
