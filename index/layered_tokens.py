"""Alignment over a table of tokens and those of a few items that came since, by the statistics of the table alone."""

from __future__ import annotations

import numpy as np

from index.alignment import Rows, TokenTable
from index.tokens import Floats, TokenVectors


class LayeredTokens:
    """Aligns with two tables as with one.

    ``origin`` (n,) tells of each item its row in ``base``, or ``-1 - row`` for one of ``delta``. What a token tells,
    and what an average item aligns, is the base's.
    """

    def __init__(self, base: TokenTable, delta: TokenTable, origin: Rows) -> None:
        self._base, self._delta, self._origin = base, delta, origin

    def standing(self, query: TokenVectors, rows: Rows) -> Floats:
        """Return the alignment of items (m,); see ``TokenTable.standing``."""
        if len(query) == 0 or rows.size == 0:
            return np.zeros(rows.size, dtype=np.float32)
        origin = self._origin[rows]
        old = origin >= 0
        if old.all():
            return self._base.standing(query, origin)
        query, weights = self._base.telling(query)
        best = np.empty((len(query), rows.size), dtype=np.float32)
        best[:, old] = self._base.best(query, origin[old])
        best[:, ~old] = self._delta.best(query, -1 - origin[~old])
        return self._base.average(query, weights).standing(weights @ best)
