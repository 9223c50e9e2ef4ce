"""Rows kept without their zeros: sums of some of them are those of the full matrix."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from footnote.nlu.sparse_rows import SparseRows

# The second row is empty, the last column is zero throughout.
FULL = np.array([[0.5, 0.0, -2.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 1.5, 4.0, 0.0]])
ROWS = SparseRows.of(sp.csr_matrix(FULL))


@pytest.mark.parametrize("rows", [[0], [1], [2, 0], [1, 2, 0, 1], []])
def test_a_weighted_sum_is_that_of_the_full_matrix(rows: list[int]) -> None:
    factors = np.arange(1, len(rows) + 1, dtype=np.float32)
    chosen = np.array(rows, dtype=np.int64)
    found = ROWS.weighted_sum(chosen, factors)
    assert found.shape == (4,)
    assert found == pytest.approx(factors @ FULL[chosen])


def test_zeros_are_not_kept_nor_what_a_half_cannot_tell_from_zero() -> None:
    assert len(ROWS.values) == 4
    assert len(SparseRows.of(sp.csr_matrix([[1e-12, 1.0]])).values) == 1


def test_the_whole_comes_back() -> None:
    assert (ROWS.matrix().toarray() == FULL).all()


def test_more_columns_than_sixteen_bits_count_are_told_apart() -> None:
    wide = sp.csr_matrix(([2.0], ([0], [70_000])), shape=(1, 70_001))
    found = SparseRows.of(wide).weighted_sum(np.array([0]), np.array([3.0]))
    assert np.flatnonzero(found).tolist() == [70_000]
    assert found[70_000] == 6.0
