"""Putting other entries in the place of some rows of a grouped list, and new rows behind the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.lines import Lazy

Rows = NDArray[np.int64]
T = TypeVar("T")
Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Splice:
    """Where each entry of the new list comes from.

    ``starts`` has shape (n + 1,): the entries of row ``i`` are ``starts[i]`` to ``starts[i + 1]``. ``origin`` tells of
    each entry its place in the old list, or ``-1 - place`` for one of those put in.
    """

    starts: Rows
    origin: Rows

    @classmethod
    def of(cls, starts: Rows, sizes: Mapping[int, int]) -> Splice:
        """Give the rows that ``sizes`` names so many new entries each; those behind the last row are new ones.

        The new entries are listed by rising row. Rows behind the last one must follow it without a gap.

        >>> spliced = Splice.of(np.array([0, 2, 3]), {0: 1, 2: 1})
        >>> spliced.starts.tolist(), spliced.origin.tolist()
        ([0, 1, 2, 3], [-1, 2, -2])
        """
        touched = np.array(sorted(sizes), dtype=np.int64)
        put_in = np.array([sizes[row] for row in touched.tolist()], dtype=np.int64)
        old = starts.size - 1
        rows = max(old, int(touched[-1]) + 1 if touched.size else 0)
        counts = np.zeros(rows, dtype=np.int64)
        counts[:old] = np.diff(starts)
        counts[touched] = put_in
        # Of each row, where its entries begin in the list that they come from.
        begins = np.zeros(rows, dtype=np.int64)
        begins[:old] = starts[:-1]
        begins[touched] = np.cumsum(put_in) - put_in
        ends = np.cumsum(counts)
        places = np.arange(counts.sum()) + np.repeat(begins - (ends - counts), counts)
        is_new = np.zeros(rows, dtype=np.bool_)
        is_new[touched] = True
        origin = np.where(np.repeat(is_new, counts), -1 - places, places)
        return cls(starts=np.concatenate([np.zeros(1, dtype=np.int64), ends]), origin=origin)

    def numbers(self, old: NDArray[Number], new: NDArray[Number]) -> NDArray[Number]:
        """Return the entries, of numbers."""
        joined: NDArray[Number] = np.concatenate([old, new])[self._places(len(old))]
        return joined

    def objects(self, old: Sequence[T], new: Sequence[T]) -> Sequence[T]:
        """Return the entries, of anything; nothing is copied."""
        return _Spliced(old, new, self.origin)

    def _places(self, old: int) -> Rows:
        return np.where(self.origin >= 0, self.origin, old - 1 - self.origin)


class _Spliced(Lazy[T]):
    """Entries of two lists, taken when they are looked at."""

    def __init__(self, old: Sequence[T], new: Sequence[T], origin: Rows) -> None:
        self._old, self._new, self._origin = old, new, origin

    def __len__(self) -> int:
        return int(self._origin.size)

    def at(self, row: int) -> T:
        """Return an entry."""
        origin = int(self._origin[row])
        return self._old[origin] if origin >= 0 else self._new[-1 - origin]
