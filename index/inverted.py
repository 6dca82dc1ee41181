"""Approximate vector search for large corpora: FAISS's inverted file (Sivic, Zisserman 2003; Jégou et al. 2011).

Vectors are listed by the nearest of many centroids, and a search looks into the lists nearest to the query. A graph of
neighbours is built in many times the time, and has to be built anew after every change of the corpus.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import faiss
import numpy as np

from index.faiss_tools import SPARE, cut_among_equals, nearest
from index.hits import Floats, Hits, Ids, Mask, best, check_query, checked_vectors, dot, no_hits

_BLOB, _SETTINGS = "inverted.faiss", "inverted.json"
_SEED = 1
_PIECE = 1 << 20
# Vectors that are looked at to place a centroid, and how often it is moved: twice as many of both move the recall by
# less than .002. Half as many lists would need a third more of the vectors for the same recall.
_SAMPLE, _ROUNDS = 25, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class InvertedSettings:
    """How many lists (a multiple of the square root of n, or fewer, so that they hold ``list_size`` each on average).

    A search looks into a ``share`` of the lists, and into ``fewest`` at least; into more as the filter narrows. Up to
    ``scan_below`` allowed vectors are compared one by one.
    """

    lists_by_root: float = 8.0
    list_size: int = 40
    share: float = 2 / 7
    fewest: int = 24
    scan_below: int = 5_000


class InvertedIndex:
    """A FAISS inverted file of inner products on normalised vectors; ids are row numbers.

    Never changed once built, so safe to share between threads; the same vectors always give the same lists.
    """

    def __init__(self, index: faiss.IndexIVFFlat, settings: InvertedSettings) -> None:
        faiss.omp_set_num_threads(1)  # requests run in parallel, not the parts of one
        self.size, self.dimension = int(index.ntotal), int(index.d)
        index.make_direct_map()
        self._index: Any = index
        self._settings = settings

    @classmethod
    def build(cls, vectors: Floats, settings: InvertedSettings | None = None) -> InvertedIndex:
        """List vectors (n, d) of length 1."""
        vectors, settings = checked_vectors(vectors), settings or InvertedSettings()
        faiss.omp_set_num_threads(1)  # with several, the centroids depend on how they add up
        size, dimension = vectors.shape
        lists = max(1, min(round(settings.lists_by_root * math.sqrt(size)), size // settings.list_size))
        index: Any = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimension), dimension, lists, faiss.METRIC_INNER_PRODUCT)
        index.cp.seed, index.cp.niter, index.cp.spherical = _SEED, _ROUNDS, True
        index.cp.max_points_per_centroid, index.cp.min_points_per_centroid = _SAMPLE, 1
        index.train(vectors if size else np.eye(1, dimension, dtype=np.float32))
        index.add(vectors)
        return cls(index, settings)

    def search(self, query: Floats, k: int, allowed: Mask | None = None) -> Hits:
        """Return nearly the ``k`` allowed vectors with the highest inner product; see ``VectorIndex.search``."""
        check_query(query, allowed, self.size, self.dimension)
        most = self.size if allowed is None else int(np.count_nonzero(allowed))
        if k <= 0 or most == 0:
            return no_hits()
        if most > max(self._settings.scan_below, k):
            hits = self._look_up(query, k, allowed, most)
            if hits is not None:
                return hits
        ids = np.arange(self.size, dtype=np.int64) if allowed is None else np.flatnonzero(allowed)
        return best(ids, dot(self.vectors(ids), query), k)

    def _look_up(self, query: Floats, k: int, allowed: Mask | None, most: int) -> Hits | None:
        """Search the nearest lists; None if they gave too few hits, or the last ones score alike."""
        fetched = min(k + SPARE, most)
        lists = int(self._index.nlist)
        usual = max(self._settings.fewest, round(self._settings.share * lists))
        scores, ids = nearest(self._index, query, fetched, allowed, lists=min(lists, usual * self.size // most))
        if (ids < 0).any() or (fetched < most and cut_among_equals(scores, k)):
            return None
        return best(ids, dot(self.vectors(ids), query), k)

    def vectors(self, ids: Ids) -> Floats:
        """Return the vectors (m, d) of ids (m,)."""
        if not ids.size:
            return np.empty((0, self.dimension), dtype=np.float32)
        found: Floats = self._index.reconstruct_batch(ids)
        return found

    def to_blobs(self) -> dict[str, bytes]:
        """Return the lists and their vectors in FAISS's own format, and how they are searched as JSON."""
        settings = json.dumps(asdict(self._settings), sort_keys=True).encode()
        return {_BLOB: faiss.serialize_index(self._index).tobytes(), _SETTINGS: settings}

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> InvertedIndex:
        """Read what ``to_blobs`` wrote. FAISS takes damaged bytes without a word: verify their checksum before."""
        # Piece by piece: out of one array FAISS copies everything once more, which takes five times as long.
        index = faiss.read_index(faiss.PyCallbackIOReader(io.BytesIO(blobs[_BLOB]).read, _PIECE))  # type: ignore[attr-defined]  # not in its stubs
        if not isinstance(index, faiss.IndexIVFFlat):
            raise TypeError(f"{_BLOB} holds a {type(index).__name__}, expected an IndexIVFFlat: rebuild the index.")
        return cls(index, InvertedSettings(**json.loads(blobs[_SETTINGS])))
