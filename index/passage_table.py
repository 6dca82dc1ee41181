"""The passages of the articles of a space: where those of each lie, and which answers a query best.

The one passage of a short article often says what the article as a whole says. Its vector is that of the whole then,
is kept once, and is searched once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.hits import Hits, Mask, best, dot
from index.vectors import VectorIndex

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageTable:
    """Passages of all items, grouped by item in row order.

    ``starts`` has shape (n + 1,): the passages of item ``i`` are rows ``starts[i]`` to ``starts[i + 1]``. Their
    vectors are rows ``vector_starts[i]`` to ``vector_starts[i + 1]`` of ``vectors``: as many, or none where the one
    passage of an item has the vector of the whole.
    """

    texts: Sequence[str]
    headings: Sequence[str]
    starts: Rows
    vectors: VectorIndex
    vector_starts: Rows

    def search(self, vector: Floats, depth: int, allowed: Mask, wholes: Hits) -> Rows:
        """Return the rows of the items with the ``depth`` best passages of all items that are ``allowed`` (n,).

        ``wholes`` are the items found as wholes: among them are those whose passage has the vector of the whole.
        """
        found = self.vectors.search(vector, depth, np.repeat(allowed, np.diff(self.vector_starts)))
        items = np.asarray(np.searchsorted(self.vector_starts, found.ids, side="right") - 1, dtype=np.int64)
        whole = _held(self.vector_starts, wholes.ids) < _held(self.starts, wholes.ids)
        return best(
            np.concatenate([items, wholes.ids[whole]]), np.concatenate([found.scores, wholes.scores[whole]]), depth
        ).ids

    def best(self, vector: Floats, items: Rows, wholes: Floats) -> tuple[Floats, Rows]:
        """Return cosine and row of each item's passage nearest to a vector, both (m,); of equals the first.

        ``wholes`` (m,) are the cosines of the items as wholes. An item without passages gets that, and row -1.
        """
        counts = _held(self.vector_starts, items)
        ends = np.cumsum(counts)
        # The passages of all items in one row, those of an item side by side: one gather and one product for all.
        rows = np.arange(counts.sum()) + np.repeat(self.vector_starts[items] - (ends - counts), counts)
        held = counts > 0
        best, nearest = wholes.copy(), np.where(_held(self.starts, items) > 0, self.starts[items], -1)
        if not rows.size:
            return best, nearest
        begins = (ends - counts)[held]
        cosines = dot(self.vectors.vectors(rows), vector)
        best[held] = np.maximum.reduceat(cosines, begins)
        passages = rows + np.repeat(self.starts[items] - self.vector_starts[items], counts)
        behind = np.where(cosines == np.repeat(best, counts), passages, np.iinfo(np.int64).max)
        nearest[held] = np.minimum.reduceat(behind, begins)
        return best, nearest


def _held(starts: Rows, items: Rows) -> Rows:
    """Return how many entries each of some items (m,) has in a list that ``starts`` groups."""
    return starts[items + 1] - starts[items]
