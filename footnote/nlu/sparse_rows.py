"""A matrix most of which is zero, of which a few rows are wanted at a time.

Of the weights of words nine in ten are zero: a label cares for the words of its own questions
and of those that it is mistaken for. So the matrix grows with the questions, and not with the
words times the labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp


@dataclass(frozen=True)
class SparseRows:
    """Rows as columns and values that are not zero.

    Attributes:
        starts: where each row begins in the other two, and the end; shape (rows + 1,).
        columns, values: of all rows, one after the other.
        width: how many columns a row has.
    """

    starts: np.ndarray
    columns: np.ndarray
    values: np.ndarray
    width: int

    @classmethod
    def of(cls, matrix: sp.spmatrix) -> SparseRows:
        """Keep a matrix; halves are exact enough for its values."""
        rows = sp.csr_matrix(matrix, dtype=np.float32)
        rows.data = rows.data.astype(np.float16).astype(np.float32)
        rows.eliminate_zeros()
        narrow = np.uint16 if rows.shape[1] <= np.iinfo(np.uint16).max else np.uint32
        values = rows.data.astype(np.float16)
        return cls(rows.indptr.astype(np.int64), rows.indices.astype(narrow), values, rows.shape[1])

    def weighted_sum(self, rows: np.ndarray, factors: np.ndarray) -> np.ndarray:
        """Return the sum of some rows, each times its factor, shape (width,).

        Args:
            rows: n row numbers.
            factors: what each counts, shape (n,).
        """
        begin = self.starts[rows]
        lengths = self.starts[rows + 1] - begin
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        # Positions of all the rows' parts: 0, 1, 2, ... moved to where each row begins.
        places = np.arange(total) + np.repeat(begin - ends + lengths, lengths)
        weights = self.values[places] * np.repeat(factors.astype(np.float32), lengths)
        return np.bincount(self.columns[places], weights=weights, minlength=self.width)

    def matrix(self) -> sp.csr_matrix:
        """Return the whole as a matrix."""
        shape = (len(self.starts) - 1, self.width)
        values = self.values.astype(np.float32)
        return sp.csr_matrix((values, self.columns.astype(np.int64), self.starts), shape=shape)
