"""Arrays as bytes: ``.npy`` without pickle, so that reading a file never runs code."""

from __future__ import annotations

import io
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)


def blob_of(array: NDArray[np.generic]) -> bytes:
    """Return an array as the bytes of a ``.npy`` file."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def array_of(blob: bytes, dtype: type[Scalar]) -> NDArray[Scalar]:
    """Read what ``blob_of`` wrote; raises ValueError if it is no array of ``dtype``."""
    array: NDArray[Scalar] = np.load(io.BytesIO(blob), allow_pickle=False)
    if array.dtype != np.dtype(dtype):
        raise ValueError(f"The array holds {array.dtype}, expected {np.dtype(dtype)}; rebuild the index.")
    return array
