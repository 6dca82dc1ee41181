"""What a corpus as a whole tells about its words: BM25's background, taken from public items only.

Scores of what a caller may see must not depend on what it may not see, so items of a restricted audience are searched
by these statistics but never counted in them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

_BLOB = "statistics.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusStatistics:
    """``items`` public items, their mean length in weighted words, and in how many of them each term occurs."""

    items: int
    mean_length: float
    frequencies: Mapping[str, int]

    @classmethod
    def of(cls, frequencies: Mapping[str, int], lengths: Sequence[float]) -> CorpusStatistics:
        """Take in how many public items each term occurs, and the length of each such item; of none the mean is 1."""
        mean = sum(lengths) / len(lengths) if lengths else 0.0
        return cls(items=len(lengths), mean_length=mean or 1.0, frequencies=dict(frequencies))

    def knows(self, term: str) -> bool:
        """Whether any public item holds the term."""
        return term in self.frequencies

    def idf(self, term: str) -> float:
        """Return Lucene's inverse document frequency ln(1 + (N - df + .5) / (df + .5)), always above 0."""
        frequency = self.frequencies.get(term, 0)
        return log(1 + (self.items - frequency + 0.5) / (frequency + 0.5))

    def to_blobs(self) -> dict[str, bytes]:
        """Return everything as JSON."""
        state = {
            "items": self.items,
            "mean_length": self.mean_length,
            "frequencies": dict(sorted(self.frequencies.items())),
        }
        return {_BLOB: json.dumps(state).encode()}

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> CorpusStatistics:
        """Read what ``to_blobs`` wrote."""
        return cls(**json.loads(blobs[_BLOB]))
