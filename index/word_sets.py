"""Which words the texts of a space hold, so that two of them can be compared while a request waits.

Reading and masking a case takes longer than ranking it. So the words of openings and resolutions are kept with the
index, as numbers: a word has the same number in every index, so that texts which came later compare as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from corpus.nearness import Words
from index.blobs import array_of, blob_of
from index.splice import Splice

_NUMBERS, _STARTS = "words.npy", "starts.npy"
# Earlier indexes counted the words that they met; such numbers compare within the index only.
_COUNTED = "numbers.npy"


def numbers_of(words: Words) -> NDArray[np.int32]:
    """Return the number of each word, ascending: a checksum, as good as always another for another word."""
    found = np.array([crc32(word.encode("utf-8", "surrogatepass")) for word in words], dtype=np.uint32)
    return np.sort(found.view(np.int32))


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSets:
    """The distinct words of n texts as numbers (int32); those of text ``i`` are ``starts[i]`` to ``starts[i + 1]``."""

    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]

    @classmethod
    def build(cls, texts: Iterable[Words]) -> WordSets:
        """Return the words of texts as numbers."""
        return cls.joined([numbers_of(words) for words in texts])

    @classmethod
    def joined(cls, rows: Sequence[NDArray[np.int32]]) -> WordSets:
        """Return the sets of texts whose words are numbers already."""
        starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        return cls(numbers=np.concatenate([np.zeros(0, dtype=np.int32), *rows]), starts=starts)

    def overlaid(self, sets: Mapping[int, NDArray[np.int32]], size: int) -> WordSets:
        """Return the sets with others in some rows, and new ones behind the last of ``size`` rows."""
        known = WordSets(numbers=self.numbers, starts=np.resize(self.starts, size + 1)) if self._is_empty else self
        spliced = Splice.of(known.starts, {row: len(numbers) for row, numbers in sets.items()})
        fresh = WordSets.joined([sets[row] for row in sorted(sets)])
        return WordSets(numbers=spliced.numbers(known.numbers, fresh.numbers), starts=spliced.starts)

    @property
    def _is_empty(self) -> bool:
        return self.starts.size == 1

    def of(self, row: int) -> NDArray[np.int32]:
        """Return the numbers of a text's words; none where the index was built before words were kept."""
        return self.numbers[self.starts[row] : self.starts[row + 1]] if row + 1 < self.starts.size else self.numbers[:0]

    def to_blobs(self) -> dict[str, bytes]:
        """Return the numbers as named ``.npy`` blobs."""
        return {_NUMBERS: blob_of(self.numbers), _STARTS: blob_of(self.starts)}

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> WordSets:
        """Read what ``to_blobs`` wrote; without it there are no words of any text."""
        name = _NUMBERS if _NUMBERS in blobs else _COUNTED
        if name not in blobs:
            return cls.build(())
        return cls(numbers=array_of(blobs[name], np.int32), starts=array_of(blobs[_STARTS], np.int64))
