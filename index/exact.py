"""Vector search in plain NumPy: the reference by which the others are judged, and the way through selective filters."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from index.blobs import array_of, blob_of
from index.hits import Floats, Hits, Ids, Mask, best, check_query, checked_vectors, dot

_BLOB = "exact.npy"


class ExactIndex:
    """Compares the query with every allowed vector; ids are row numbers. Immutable, safe to share between threads."""

    def __init__(self, vectors: Floats) -> None:
        self._vectors = checked_vectors(vectors)
        self.size, self.dimension = self._vectors.shape

    def search(self, query: Floats, k: int, allowed: Mask | None = None) -> Hits:
        """Return the ``k`` allowed vectors with the highest inner product; see ``VectorIndex.search``."""
        check_query(query, allowed, self.size, self.dimension)
        return scan(self._vectors, query, k, None if allowed is None else np.flatnonzero(allowed))

    def vectors(self, ids: Ids) -> Floats:
        """Return the vectors (m, d) of ids (m,)."""
        return self._vectors[ids]

    def to_blobs(self) -> dict[str, bytes]:
        """Return the vectors as ``.npy``."""
        return {_BLOB: blob_of(self._vectors)}

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> ExactIndex:
        """Read what ``to_blobs`` wrote."""
        return cls(array_of(blobs[_BLOB], np.float32))


def scan(vectors: Floats, query: Floats, k: int, ids: Ids | None) -> Hits:
    """Return the ``k`` best of the vectors with the given ids, or of all vectors (n, d)."""
    if ids is None:
        return best(np.arange(len(vectors), dtype=np.int64), dot(vectors, query), k)
    scores = dot(vectors, query)[ids] if 2 * len(ids) > len(vectors) else dot(vectors[ids], query)
    return best(ids.astype(np.int64), scores, k)
