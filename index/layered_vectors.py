"""Vector search over an index and a few vectors that came since, or took the place of some of its own."""

from __future__ import annotations

import numpy as np

from index.hits import Floats, Hits, Ids, Mask, check_query
from index.vectors import VectorIndex

_NONE: Ids = np.zeros(0, dtype=np.int64)


class LayeredVectors:
    """Finds in two indexes as in one. Immutable, safe to share between threads.

    ``origin`` (n,) tells of each id the row of ``base`` that it stands for, or ``-1 - row`` for one of ``delta``; rows
    of the base keep their order, those that are not named are gone. Ids in ``gone`` are never found. Of equals
    those come first whose ``ranks`` (n,) are lowest, by default the ids; ranks of the base must rise with its rows.
    """

    def __init__(
        self, base: VectorIndex, delta: VectorIndex, origin: Ids, gone: Ids = _NONE, *, ranks: Ids | None = None
    ) -> None:
        self.size, self.dimension = int(origin.size), base.dimension
        self._base, self._delta, self._origin = base, delta, origin
        self._ranks = np.arange(self.size) if ranks is None else ranks
        old = origin >= 0
        self._id_of_base = np.full(base.size, -1, dtype=np.int64)
        self._id_of_base[origin[old]] = np.flatnonzero(old)
        self._id_of_delta = np.zeros(delta.size, dtype=np.int64)
        self._id_of_delta[-1 - origin[~old]] = np.flatnonzero(~old)
        findable = np.ones(self.size, dtype=np.bool_)
        findable[gone] = False
        self._kept: Mask = self._id_of_base >= 0
        self._kept[self._kept] = findable[self._id_of_base[self._kept]]
        self._kept_delta: Mask = findable[self._id_of_delta]
        # Where no row of the base has moved, a slice of a mask does, which costs nothing.
        self._in_place = bool(np.array_equal(self._id_of_base[self._kept], np.flatnonzero(self._kept)))

    def search(self, query: Floats, k: int, allowed: Mask | None = None) -> Hits:
        """Return the ``k`` best of both; see ``VectorIndex.search``."""
        check_query(query, allowed, self.size, self.dimension)
        old = self._base.search(query, k, self._kept if allowed is None else self._base_mask(allowed))
        fresh_allowed = self._kept_delta if allowed is None else allowed[self._id_of_delta] & self._kept_delta
        fresh = self._delta.search(query, k, fresh_allowed)
        ids = np.concatenate([self._id_of_base[old.ids], self._id_of_delta[fresh.ids]])
        scores = np.concatenate([old.scores, fresh.scores])
        order = np.lexsort((self._ranks[ids], -scores))[: max(k, 0)]
        return Hits(ids[order], scores[order])

    def vectors(self, ids: Ids) -> Floats:
        """Return the vectors (m, d) of ids (m,)."""
        origin = self._origin[ids]
        old = origin >= 0
        if old.all():
            return self._base.vectors(origin)
        found = np.empty((len(origin), self.dimension), dtype=np.float32)
        found[old] = self._base.vectors(origin[old])
        found[~old] = self._delta.vectors(-1 - origin[~old])
        return found

    def _base_mask(self, allowed: Mask) -> Mask:
        # An id of -1 reads the last mark, which the rows kept then take back.
        mine: Mask = allowed[: self._base.size] if self._in_place else allowed[self._id_of_base]
        if mine.size < self._base.size:  # rows at the end are gone, and nothing came in their place
            mine = np.append(mine, np.zeros(self._base.size - mine.size, dtype=np.bool_))
        both: Mask = mine & self._kept
        return both
