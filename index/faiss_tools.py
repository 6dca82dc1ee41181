"""What the two FAISS indexes share."""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np

from index.hits import Floats, Ids, Mask

SPARE = 16
"""Hits fetched beyond those asked for, to see whether the search stopped among equal scores."""

_EQUAL = 1e-6
_faiss: Any = faiss  # its stubs describe the C++ classes, not what the Python wrappers make of them


def nearest(index: Any, query: Floats, k: int, allowed: Mask | None, *, lists: int | None = None) -> tuple[Floats, Ids]:
    """Return scores and ids (k,) of one query; with id -1 where so many lists of an inverted file hold no more."""
    bits = None if allowed is None else np.packbits(allowed, bitorder="little")
    selector = None if bits is None else _faiss.IDSelectorBitmap(bits)
    if lists is None:
        parameters = _faiss.SearchParameters(sel=selector)
    else:
        parameters = _faiss.SearchParametersIVF(sel=selector, nprobe=lists)
    scores, ids = index.search(query[np.newaxis], k, params=parameters)
    return scores[0], ids[0]


def cut_among_equals(scores: Floats, k: int) -> bool:
    """Whether hits beyond the fetched ones may score as high as the k-th, so that lower ids among them are missing."""
    return bool(scores[min(k, len(scores)) - 1] - scores[-1] < _EQUAL)


def stored(index: Any) -> Floats:
    """Return a view (n, d) of the vectors inside a flat index, valid as long as the index lives."""
    if index.ntotal == 0:
        return np.empty((0, index.d), dtype=np.float32)
    vectors: Floats = _faiss.rev_swig_ptr(_faiss.downcast_index(index).get_xb(), index.ntotal * index.d)
    return vectors.reshape(index.ntotal, index.d)
