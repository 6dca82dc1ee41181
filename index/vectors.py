"""Nearest-neighbour search: the port, and the choice between its implementations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from index.exact import ExactIndex
from index.flat import FlatIndex
from index.hits import Floats, Hits, Ids, Mask
from index.inverted import InvertedIndex

__all__ = ["FLAT_UP_TO", "Floats", "Hits", "Ids", "Mask", "VectorIndex", "WrittenIndex", "build_index", "read_index"]

FLAT_UP_TO = 50_000
"""Up to this many vectors a full comparison costs less than encoding the query."""


class VectorIndex(Protocol):
    """Finds the nearest of ``size`` vectors of ``dimension`` numbers; ids are their row numbers, 0 to size - 1."""

    size: int
    dimension: int

    def search(self, query: Floats, k: int, allowed: Mask | None = None) -> Hits:
        """Return up to ``k`` hits by inner product (the cosine, for vectors of length 1).

        ``query`` is float32 (d,); ``allowed``, bool (n,), marks the ids that may be found. There are fewer hits only
        if fewer vectors are allowed; none for k <= 0. A score depends on the query and its vector alone. Raises
        ValueError for another shape or type, and for a query with NaN or infinity.
        """

    def vectors(self, ids: Ids) -> Floats:
        """Return the vectors (m, d) float32 of ids (m,) int64."""


class WrittenIndex(VectorIndex, Protocol):
    """A vector index that snapshots hold; one over a delta is made anew from the store and never written."""

    def to_blobs(self) -> dict[str, bytes]:
        """Return the index as named bytes."""


def build_index(vectors: Floats, *, flat_up_to: int = FLAT_UP_TO) -> WrittenIndex:
    """Index vectors, float32 (n, d) of length 1: exactly up to ``flat_up_to`` of them, approximately above."""
    return FlatIndex(vectors) if len(vectors) <= flat_up_to else InvertedIndex.build(vectors)


def read_index(blobs: Mapping[str, bytes]) -> WrittenIndex:
    """Read what any index's ``to_blobs`` wrote; raises ValueError if there is none among the blobs."""
    readers: dict[str, type[FlatIndex | InvertedIndex | ExactIndex]] = {
        "flat.npy": FlatIndex,
        "inverted.faiss": InvertedIndex,
        "exact.npy": ExactIndex,
    }
    for name, reader in readers.items():
        if name in blobs:
            return reader.from_blobs(blobs)
    raise ValueError(
        f"Found no vector index among {sorted(blobs)}, expected one of {sorted(readers)}: rebuild the index."
    )
