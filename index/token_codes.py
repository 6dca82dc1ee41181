"""Where the vectors of tokens are kept: in memory, or, of a large index, in their file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from index.open_file import OpenFile
from index.tokens import Codes

_LONGEST_HEADER = 1 << 12


class TokenCodes(Protocol):
    """The codes of T tokens, int8 (T, k), of which spans are looked up. Safe to share between threads."""

    def spans(self, starts: Sequence[int], ends: Sequence[int]) -> Codes:
        """Return the codes from each start to its end, one after the other; raises ``OSError`` if they are gone."""


class CodesInMemory:
    """Codes that are held; nothing that befalls a file reaches them."""

    def __init__(self, codes: Codes) -> None:
        self.codes = codes

    def spans(self, starts: Sequence[int], ends: Sequence[int]) -> Codes:
        """Return the codes from each start to its end, one after the other."""
        return np.concatenate([self.codes[start:end] for start, end in zip(starts, ends, strict=True)])


class CodesOnDisk:
    """Codes that are read when they are asked for; what is asked for often, the system keeps, once for all workers."""

    def __init__(self, file: OpenFile) -> None:
        """Read the head of the ``.npy`` file; raises ``ValueError`` if it holds no codes."""
        head = io.BytesIO(file.read(0, _LONGEST_HEADER))
        version = np.lib.format.read_magic(head)
        shape, by_columns, dtype = np.lib.format.read_array_header_1_0(head)
        if version != (1, 0) or dtype != np.int8 or by_columns or len(shape) != 2:
            raise ValueError(f"The file holds {dtype} of shape {shape}, expected int8 (tokens, k): rebuild the index.")
        self._file, self._begin, self._width = file, head.tell(), shape[1]

    def spans(self, starts: Sequence[int], ends: Sequence[int]) -> Codes:
        """Return the codes from each start to its end, one after the other; raises ``OSError`` if they are gone."""
        lengths = [end - start for start, end in zip(starts, ends, strict=True)]
        codes = np.empty((sum(lengths), self._width), dtype=np.int8)
        view, done = codes.data.cast("B"), 0
        for start, length in zip(starts, lengths, strict=True):
            size = length * self._width
            self._file.fill(view[done : done + size], self._begin + start * self._width)
            done += size
        return codes
