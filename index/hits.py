"""What every vector index takes and gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found: ``ids`` (m,) int64 and ``scores`` (m,) float32, by falling score, then rising id."""

    ids: Ids
    scores: Floats


def no_hits() -> Hits:
    """Return the answer where there is nothing to find."""
    return Hits(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))


def best(ids: Ids, scores: Floats, k: int) -> Hits:
    """Return the ``k`` best of the given ids, all of them if there are fewer; of equals those with the lowest id."""
    if k <= 0 or not ids.size:
        return no_hits()
    if k < ids.size:
        least = np.partition(scores, ids.size - k)[ids.size - k]
        kept = scores >= least
        ids, scores = ids[kept], scores[kept]
    order = np.lexsort((ids, -scores))[:k]
    return Hits(ids[order], scores[order])


def dot(vectors: Floats, query: Floats) -> Floats:
    """Return the inner product of each row (m, d) with the query (d,).

    Not ``vectors @ query``: BLAS adds up rows in different orders, so equal vectors could score unequally.
    """
    products: Floats = np.einsum("ij,j->i", vectors, query)
    return products


def checked_vectors(vectors: NDArray[np.generic]) -> Floats:
    """Return the vectors of an index, C-contiguous; raises ValueError unless they are finite float32 (n, d), d > 0."""
    if vectors.ndim != 2 or vectors.shape[1] == 0 or vectors.dtype != np.float32:
        raise ValueError(
            f"Found vectors of {vectors.dtype} {vectors.shape}, expected float32 (n, d): encode them again."
        )
    floats: Floats = np.ascontiguousarray(vectors, dtype=np.float32)
    bad = np.flatnonzero(~np.isfinite(floats).all(axis=1))
    if bad.size:
        raise ValueError(f"Vector {bad[0]} holds NaN or infinity ({bad.size} such vectors): encode their texts again.")
    return floats


def check_query(query: NDArray[np.generic], allowed: NDArray[np.generic] | None, size: int, dimension: int) -> None:
    """Raise ValueError unless the query is finite float32 (d,) and the mask, if any, bool (n,)."""
    if query.shape != (dimension,) or query.dtype != np.float32:
        raise ValueError(
            f"Found a query of {query.dtype} {query.shape}, expected float32 ({dimension},): "
            "encode it with the encoder of this index."
        )
    if not np.isfinite(query).all():
        raise ValueError("The query holds NaN or infinity, expected finite numbers: check the encoder's output.")
    if allowed is not None and (allowed.shape != (size,) or allowed.dtype != np.bool_):
        raise ValueError(
            f"Found a mask of {allowed.dtype} {allowed.shape}, expected bool ({size},): one mark a vector."
        )
