"""The passages of the articles of a space: where those of each lie, and which answers a query best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.hits import dot
from index.vectors import VectorIndex

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageTable:
    """Passages of all items, grouped by item in row order.

    ``starts`` has shape (n + 1,): the passages of item ``i`` are rows ``starts[i]`` to ``starts[i + 1]``.
    """

    texts: Sequence[str]
    headings: Sequence[str]
    starts: Rows
    vectors: VectorIndex

    def items_of(self, passages: Rows) -> Rows:
        """Rows of the items that passages belong to."""
        return np.asarray(np.searchsorted(self.starts, passages, side="right") - 1, dtype=np.int64)

    def best(self, vector: Floats, items: Rows, otherwise: Floats) -> tuple[Floats, Rows]:
        """Return cosine and row of each item's passage nearest to a vector, both (m,); of equals the first.

        An item without passages gets the cosine given in ``otherwise`` (m,), and row -1.
        """
        counts = self.starts[items + 1] - self.starts[items]
        ends = np.cumsum(counts)
        # The passages of all items in one row, those of an item side by side: one gather and one product for all.
        rows = np.arange(counts.sum()) + np.repeat(self.starts[items] - (ends - counts), counts)
        held = counts > 0
        best, nearest = otherwise.copy(), np.full(items.size, -1, dtype=np.int64)
        if not rows.size:
            return best, nearest
        begins = (ends - counts)[held]
        cosines = dot(self.vectors.vectors(rows), vector)
        best[held] = np.maximum.reduceat(cosines, begins)
        behind = np.where(cosines == np.repeat(best, counts), rows, np.iinfo(np.int64).max)
        nearest[held] = np.minimum.reduceat(behind, begins)
        return best, nearest
