"""Vector search with FAISS by comparing all: exact, and cheaper than the encoder up to some 50,000 vectors."""

from __future__ import annotations

from collections.abc import Mapping

import faiss
import numpy as np

from index.blobs import array_of, blob_of
from index.exact import scan
from index.faiss_tools import SPARE, cut_among_equals, nearest, stored
from index.hits import Floats, Hits, Ids, Mask, best, check_query, checked_vectors, dot, no_hits

_BLOB = "flat.npy"


class FlatIndex:
    """A FAISS flat index of inner products; ids are row numbers. Never changed, so safe to share between threads."""

    def __init__(self, vectors: Floats) -> None:
        faiss.omp_set_num_threads(1)  # requests run in parallel, not the parts of one
        vectors = checked_vectors(vectors)
        self.size, self.dimension = vectors.shape
        self._index = faiss.IndexFlatIP(self.dimension)
        self._index.add(vectors)
        self._vectors = stored(self._index)

    def search(self, query: Floats, k: int, allowed: Mask | None = None) -> Hits:
        """Return the ``k`` allowed vectors with the highest inner product; see ``VectorIndex.search``."""
        check_query(query, allowed, self.size, self.dimension)
        most = self.size if allowed is None else int(np.count_nonzero(allowed))
        if k <= 0 or most == 0:
            return no_hits()
        fetched = min(k + SPARE, most)
        scores, ids = nearest(self._index, query, fetched, allowed)
        if fetched < most and cut_among_equals(scores, k):
            return scan(self._vectors, query, k, None if allowed is None else np.flatnonzero(allowed))
        # FAISS sums in another order with a filter than without: a score must not depend on what else there is
        return best(ids, dot(self._vectors[ids], query), k)

    def vectors(self, ids: Ids) -> Floats:
        """Return the vectors (m, d) of ids (m,)."""
        return self._vectors[ids]

    def to_blobs(self) -> dict[str, bytes]:
        """Return the vectors as ``.npy``."""
        return {_BLOB: blob_of(self._vectors)}

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> FlatIndex:
        """Read what ``to_blobs`` wrote."""
        return cls(array_of(blobs[_BLOB], np.float32))
