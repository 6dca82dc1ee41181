"""Which words the texts of a space hold, so that two of them can be compared while a request waits.

Reading and masking a case takes longer than ranking it. So the words of openings and resolutions are kept with the
index, as numbers: they tell which words are the same, and not which words they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.nearness import Words
from index.blobs import array_of, blob_of

_NUMBERS, _STARTS = "numbers.npy", "starts.npy"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSets:
    """The distinct words of n texts as numbers (int32); those of text ``i`` are ``starts[i]`` to ``starts[i + 1]``."""

    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]

    @classmethod
    def build(cls, texts: Iterable[Words]) -> WordSets:
        """Return the words of texts as numbers, given in order of appearance and within a text alphabetically."""
        known: dict[str, int] = {}
        rows = [[known.setdefault(word, len(known)) for word in sorted(words)] for words in texts]
        starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        return cls(numbers=np.array([number for row in rows for number in row], dtype=np.int32), starts=starts)

    def of(self, row: int) -> NDArray[np.int32]:
        """Return the numbers of a text's words; none where the index was built before words were kept."""
        return self.numbers[self.starts[row] : self.starts[row + 1]] if row + 1 < self.starts.size else self.numbers[:0]

    def to_blobs(self) -> dict[str, bytes]:
        """Return the numbers as named ``.npy`` blobs."""
        return {_NUMBERS: blob_of(self.numbers), _STARTS: blob_of(self.starts)}

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> WordSets:
        """Read what ``to_blobs`` wrote; without it there are no words of any text."""
        if _NUMBERS not in blobs:
            return cls.build(())
        return cls(numbers=array_of(blobs[_NUMBERS], np.int32), starts=array_of(blobs[_STARTS], np.int64))
