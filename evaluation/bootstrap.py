"""How far a mean would move had other conversations come in: percentile intervals by bootstrap over groups.

Questions of one conversation, or near-duplicates, are right and wrong together. Drawing them one by one would count the
same evidence several times and make every interval too narrow; so whole groups are drawn (cluster bootstrap; Davison
and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

REPLICATES = 2000
SEED = 20260101
TAILS = (2.5, 97.5)


class Interval(NamedTuple):
    """A 95 % interval; in JSON a list of the two."""

    low: float
    high: float


class GroupBootstrap:
    """Resamples of the groups of one set of questions, drawn once and shared by all that is computed on them.

    The draw depends on the seed and the number of groups alone: two systems are compared on the same resamples. Groups
    are taken in the order of their names, so the order of the questions does not matter. Holds ``replicates`` x number
    of groups floats of 8 bytes.
    """

    def __init__(self, groups: Sequence[str], *, seed: int = SEED, replicates: int = REPLICATES) -> None:
        """Draw the resamples; ``groups`` names the group of each question. Raises ``ValueError`` without questions."""
        if not groups:
            raise ValueError("found no questions, expected at least one to draw from")
        names, self._group = np.unique(np.asarray(groups), return_inverse=True)
        self._size = len(names)
        self._weights = _draws(self._size, seed, replicates)
        self._counts = self._weights @ np.bincount(self._group, minlength=self._size)

    def totals(self, values: ArrayLike) -> Floats:
        """Return the sum of the values (n,) over the questions of each resample: (replicates,)."""
        checked = np.asarray(values, dtype=np.float64)
        if checked.shape != self._group.shape:
            raise ValueError(f"found values of shape {checked.shape}, expected one for each of {self._group.size}")
        return self._weights @ np.bincount(self._group, weights=checked, minlength=self._size)

    def means(self, values: ArrayLike) -> Floats:
        """Return the mean of the values (n,) over the questions of each resample: (replicates,)."""
        means: Floats = self.totals(values) / self._counts
        return means

    @property
    def counts(self) -> Floats:
        """How many questions each resample holds: (replicates,)."""
        return self._counts

    def interval(self, values: ArrayLike) -> Interval:
        """Return the interval of the mean of the values (n,)."""
        return percentiles(self.means(values))

    def difference(self, values: ArrayLike, others: ArrayLike) -> Interval:
        """Return the interval of the mean of ``values - others``, both (n,) and of the same questions in one order."""
        return self.interval(np.asarray(values, dtype=np.float64) - np.asarray(others, dtype=np.float64))


def intervals(
    values: Mapping[str, Mapping[str, float]],
    groups: Mapping[str, str],
    *,
    seed: int = SEED,
    replicates: int = REPLICATES,
) -> dict[str, Interval]:
    """Return the interval of the mean of each metric; ``values`` go by metric and question id, ``groups`` by question.

    Only the questions of ``groups`` are counted, all of which every metric must hold.
    """
    bootstrap = GroupBootstrap(list(groups.values()), seed=seed, replicates=replicates)
    return {metric: bootstrap.interval([each[question] for question in groups]) for metric, each in values.items()}


def percentiles(replicates: Floats) -> Interval:
    """Return the interval that holds the middle 95 % of replicates."""
    low, high = np.percentile(replicates, TAILS)
    return Interval(float(low), float(high))


def _draws(size: int, seed: int, replicates: int) -> Floats:
    """Return how often each resample drew each group: (replicates, size), rows summing to size."""
    chance = np.random.default_rng(seed)
    counts = np.empty((replicates, size))
    for row in counts:
        row[:] = np.bincount(chance.integers(size, size=size), minlength=size)
    return counts
