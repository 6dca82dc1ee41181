"""Arrays as bytes: ``.npy`` without pickle, so that reading a file never runs code."""

from __future__ import annotations

import io
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)
Blob = bytes | memoryview
"""The content of a file, in memory or, as a view, mapped from the disk."""

_LONGEST_HEADER = 1 << 16


def blob_of(array: NDArray[np.generic]) -> bytes:
    """Return an array as the bytes of a ``.npy`` file."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def array_of(blob: Blob, dtype: type[Scalar]) -> NDArray[Scalar]:
    """Read what ``blob_of`` wrote; raises ValueError if it is no array of ``dtype``.

    Of a view the array is a view too: what is never looked at is never read from the disk.
    """
    array: NDArray[Scalar] = np.load(io.BytesIO(blob), allow_pickle=False) if isinstance(blob, bytes) else _mapped(blob)
    if array.dtype != np.dtype(dtype):
        raise ValueError(f"The array holds {array.dtype}, expected {np.dtype(dtype)}; rebuild the index.")
    return array


def _mapped(blob: memoryview) -> NDArray[Scalar]:
    head = io.BytesIO(blob[:_LONGEST_HEADER])
    version = np.lib.format.read_magic(head)
    if version != (1, 0):  # longer headers are for records, of which there are none here
        raise ValueError(f"The array is of format {version}, expected (1, 0); rebuild the index.")
    shape, by_columns, dtype = np.lib.format.read_array_header_1_0(head)
    array = np.frombuffer(blob, dtype=dtype, offset=head.tell())
    return array.reshape(shape, order="F" if by_columns else "C")
