"""Splitting German compounds with nothing but the corpus's own words (Koehn and Knight, EACL 2003).

"Rechnungskopie" becomes "rechnung" and "kopie" where the corpus knows both. Of all ways to cut a word into known
parts, perhaps with a linking element after them, the one with the highest geometric mean of the parts' frequencies
wins. Unlike the paper, a word that is itself more frequent than its parts is cut all the same: a search wants both.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from math import exp, log

LINKS = ("s", "es", "n", "en", "er")
# By their last letter: most pieces end in no link, and all of them are tried at every place of a word.
_LINKS_BY_END = {end: tuple(link for link in LINKS if link[-1] == end) for end in "snr"}
MIN_PART = 4
MAX_PARTS = 4
MAX_WORD = 48
"""Longer words are not cut: work grows with the square of the length."""

_BLOB = "compounds.json"
_CACHED_WORDS = 1 << 16

Parts = tuple[str, ...]
Stem = Callable[[str], str]


class CompoundSplitter:
    """Cuts words into parts that its vocabulary knows. Immutable, deterministic, safe to share between threads.

    ``frequencies`` are of stems, and ``stem`` unites the inflected forms of a word: so "Vertragsende" is cut even if
    the corpus has only "Verträge" and "enden".
    """

    def __init__(self, frequencies: Mapping[str, int], *, stem: Stem = str) -> None:
        self._frequencies = dict(frequencies)
        self._stem = stem
        self.parts: Callable[[str], Parts] = lru_cache(_CACHED_WORDS)(self._parts)

    @classmethod
    def fit(cls, counts: Mapping[str, int], *, stem: Stem = str) -> CompoundSplitter:
        """Learn from ``counts``: how often each word, in its normal form, occurs."""
        frequencies: Counter[str] = Counter()
        for word, count in counts.items():
            if word.isalpha() and len(word) >= MIN_PART and count > 0:
                frequencies[stem(word)] += count
        return cls(frequencies, stem=stem)

    def _parts(self, word: str) -> Parts:
        """Return the stems of the parts of ``word`` (normal form), in order; empty if it is not a known compound."""
        if not 2 * MIN_PART <= len(word) <= MAX_WORD or not word.isalpha():
            return ()
        ways = ((exp(total / n), -n, parts) for n, (total, parts) in self._ways(word).items() if n > 1)
        return max(ways, default=(0.0, 0, ()))[2]  # among equals the fewest parts, then by the alphabet

    def _ways(self, word: str) -> dict[int, tuple[float, Parts]]:
        """Return the best way to cut ``word`` into n parts, for each n.

        ``best[end][n]`` is that of ``word[:end]``; for one n the highest sum of logarithms has the highest mean.
        """
        best: list[dict[int, tuple[float, Parts]]] = [{} for _ in range(len(word) + 1)]
        best[0][0] = (0.0, ())
        for start, ways in enumerate(best[:-1]):
            reached = [(n, *way) for n, way in ways.items() if n < MAX_PARTS]
            for end, frequency, stem in self._candidates(word, start) if reached else ():
                for n, total, parts in reached:
                    way = (total + log(frequency), (*parts, stem))
                    best[end][n + 1] = max(best[end].get(n + 1, way), way)
        return best[-1]

    def _candidates(self, word: str, start: int) -> Iterator[tuple[int, int, str]]:
        """Yield (end, frequency, stem) of the known parts that begin at ``start``; the whole word is none.

        Of a part with a linking element and the same without it the more frequent counts. The last part has no link.
        """
        size = len(word)
        bare: dict[int, tuple[int, str]] = {}  # by their end, so that none is stemmed again before a link
        for end in range(start + MIN_PART, size + 1 if start else size):
            stem = self._stem(word[start:end])
            frequency = self._frequencies.get(stem)
            found = None
            if frequency is not None:
                found = bare[end] = (frequency, stem)
            for link in _LINKS_BY_END.get(word[end - 1], ()) if end < size else ():
                linked = bare.get(end - len(link))
                if linked is not None and word.endswith(link, start, end) and (found is None or linked > found):
                    found = linked
            if found is not None:
                yield end, *found

    def to_blobs(self) -> dict[str, bytes]:
        """Return the vocabulary; the stemmer is given again on reading."""
        return {_BLOB: json.dumps(self._frequencies, sort_keys=True).encode()}

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes], *, stem: Stem = str) -> CompoundSplitter:
        """Read what ``to_blobs`` wrote; ``stem`` must be the one it was fitted with."""
        return cls(json.loads(blobs[_BLOB]), stem=stem)
