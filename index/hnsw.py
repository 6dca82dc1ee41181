"""Approximate vector search for large corpora: FAISS's hierarchical navigable small worlds (Malkov, Yashunin 2018)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import faiss
import numpy as np

from index.exact import scan
from index.faiss_tools import SPARE, cut_among_equals, nearest, stored
from index.hits import Floats, Hits, Ids, Mask, best, check_query, checked_vectors, dot, no_hits

_BLOB = "hnsw.faiss"


@dataclass(frozen=True, slots=True, kw_only=True)
class HnswSettings:
    """``links`` a vector (M), candidates kept while building and searching, and when to give the graph up.

    Up to ``scan_below`` allowed vectors are compared one by one: a graph most of whose nodes are forbidden misses hits.
    Above, the search widens as the filter narrows, to at most ``widest`` candidates.
    """

    links: int = 32
    build_candidates: int = 200
    search_candidates: int = 400
    widest: int = 2048
    scan_below: int = 5_000


class HnswIndex:
    """A FAISS HNSW index of inner products on normalised vectors; ids are row numbers.

    Never changed once built, so safe to share between threads; the same vectors always give the same graph.
    """

    def __init__(self, index: faiss.IndexHNSWFlat, settings: HnswSettings) -> None:
        faiss.omp_set_num_threads(1)  # requests run in parallel, not the parts of one
        self.size, self.dimension = int(index.ntotal), int(index.d)
        self._index = index
        self._settings = settings
        self._vectors = stored(index.storage)

    @classmethod
    def build(cls, vectors: Floats, settings: HnswSettings | None = None) -> HnswIndex:
        """Build the graph over vectors (n, d) of length 1."""
        vectors, settings = checked_vectors(vectors), settings or HnswSettings()
        faiss.omp_set_num_threads(1)  # with several, the graph depends on their race
        index = faiss.IndexHNSWFlat(vectors.shape[1], settings.links, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = settings.build_candidates
        index.add(vectors)
        return cls(index, settings)

    def search(self, query: Floats, k: int, allowed: Mask | None = None) -> Hits:
        """Return nearly the ``k`` allowed vectors with the highest inner product; see ``VectorIndex.search``."""
        check_query(query, allowed, self.size, self.dimension)
        most = self.size if allowed is None else int(np.count_nonzero(allowed))
        if k <= 0 or most == 0:
            return no_hits()
        if most > max(self._settings.scan_below, k):
            hits = self._walk(query, k, allowed, most)
            if hits is not None:
                return hits
        return scan(self._vectors, query, k, None if allowed is None else np.flatnonzero(allowed))

    def _walk(self, query: Floats, k: int, allowed: Mask | None, most: int) -> Hits | None:
        """Search the graph; None if it gave too few hits, or stopped among equal scores."""
        fetched = min(k + SPARE, most)
        width = min(self._settings.search_candidates * self.size // most, self._settings.widest)
        scores, ids = nearest(self._index, query, fetched, allowed, width=max(width, 2 * fetched))
        if (ids < 0).any() or (fetched < most and cut_among_equals(scores, k)):
            return None
        return best(ids, dot(self._vectors[ids], query), k)

    def vectors(self, ids: Ids) -> Floats:
        """Return the vectors (m, d) of ids (m,)."""
        return self._vectors[ids]

    def to_blobs(self) -> dict[str, bytes]:
        """Return the graph and its vectors in FAISS's own format."""
        return {_BLOB: faiss.serialize_index(self._index).tobytes()}

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes], settings: HnswSettings | None = None) -> HnswIndex:
        """Read what ``to_blobs`` wrote. FAISS takes damaged bytes without a word: verify their checksum before."""
        index = faiss.deserialize_index(np.frombuffer(blobs[_BLOB], dtype=np.uint8))
        if not isinstance(index, faiss.IndexHNSWFlat):
            raise TypeError(f"{_BLOB} holds a {type(index).__name__}, expected an IndexHNSWFlat: rebuild the index.")
        return cls(index, settings or HnswSettings())
