"""A fixed sample of public rows: what an average item scores, the same for every caller and at every size."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SAMPLE_SIZE = 256
LEAST_DEVIATION = 1e-3
"""Of cosines: in a corpus whose items are all alike, rounding errors must not pass for standing out."""


@dataclass(frozen=True, slots=True)
class Average:
    """What an average item scores for one query: mean and standard deviation over the sample."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, sample: Floats, least_deviation: float) -> Average:
        """Return the average of the scores of a sample (b,); of fewer than two items nothing can be told: 0 and 1."""
        if sample.size < 2:
            return cls(0.0, 1.0)
        return cls(float(sample.mean()), max(float(sample.std()), least_deviation))

    def standing(self, scores: Floats) -> Floats:
        """Return how far scores (m,) stand out, in standard deviations above the mean."""
        standing: Floats = ((scores - self.mean) / self.deviation).astype(np.float32)
        return standing


def background_rows(keys: Sequence[str], public: Sequence[bool], size: int = SAMPLE_SIZE) -> NDArray[np.int64]:
    """Return up to ``size`` public rows, chosen by the hash of their keys, ascending.

    A row's chance does not depend on the others, so that adding or removing items changes few members of the sample.
    """
    candidates = [row for row, is_public in enumerate(public) if is_public]
    chosen = sorted(candidates, key=lambda row: hashlib.sha256(keys[row].encode("utf-8")).digest())[:size]
    return np.array(sorted(chosen), dtype=np.int64)
