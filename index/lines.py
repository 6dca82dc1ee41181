"""Rows that are kept as they were written, and read when somebody looks at one.

Of a hundred thousand records a request looks at a few dozen. Read all at the start, they take most of the seconds until
a worker is ready, and several times the memory of their lines.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

REMEMBERED = 10_000
"""So many rows stay read, the last looked at: those that are suggested again and again."""


class Lazy(Sequence[T], Generic[T]):
    """A sequence whose rows are made when somebody looks at them, by its kinds, which know how many there are."""

    @abstractmethod
    def at(self, row: int) -> T:
        """Return a row that there is, from 0."""

    @overload
    def __getitem__(self, row: int) -> T: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[T]: ...
    def __getitem__(self, row: int | slice) -> T | Sequence[T]:
        """Return a row, or a list of several; raises ``IndexError`` as a list does."""
        if isinstance(row, slice):
            return [self.at(each) for each in range(*row.indices(len(self)))]
        return self.at(range(len(self))[row])


class Lines(Lazy[T]):
    """The lines of a file by number, each as ``read`` makes it. Safe to share between threads; rows are not copied."""

    def __init__(self, lines: bytes, read: Callable[[bytes], T], *, remembered: int = REMEMBERED) -> None:
        """Take lines that each end in a newline, and hold no other newline."""
        self._lines = lines
        ends = np.flatnonzero(np.frombuffer(lines, dtype=np.uint8) == ord("\n"))
        self._starts: NDArray[np.int64] = np.concatenate([np.zeros(1, dtype=np.int64), ends + 1])
        self._read = read
        self._remembered: Callable[[int], T] = lru_cache(remembered)(self._read_row)

    def __len__(self) -> int:
        return self._starts.size - 1

    def at(self, row: int) -> T:
        """Return a row."""
        return self._remembered(row)

    def _read_row(self, row: int) -> T:
        return self._read(self._lines[self._starts[row] : self._starts[row + 1] - 1])


class Overlaid(Lazy[T]):
    """Rows with some replaced, and new ones behind the last, which must follow it without a gap.

    >>> list(Overlaid(["a", "b"], {1: "c", 2: "d"}))
    ['a', 'c', 'd']
    """

    def __init__(self, base: Sequence[T], others: Mapping[int, T]) -> None:
        self._base, self._others = base, others
        self._size = max([len(base), *(row + 1 for row in others)])

    def __len__(self) -> int:
        return self._size

    def at(self, row: int) -> T:
        """Return a row."""
        return self._others[row] if row in self._others else self._base[row]


def line_blob(lines: Iterable[bytes]) -> bytes:
    """Return what ``Lines`` reads."""
    return b"".join(line + b"\n" for line in lines)
