"""Whether a way of telling urgent cases is better than chance, and than another way: average precision with intervals.

Whole groups of cases are drawn with replacement. A case that is drawn twice stands twice at its rank and vouches for
itself, which lifts average precision in every resample (some .02 to .05 with few urgent cases) and would prove what is
chance. So intervals are moved by the difference between what was observed and the mean of the resamples (the bootstrap
estimate of bias; Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WayT = TypeVar("WayT", bound=str)

REPLICATES = 2000
SEED = 20260101
TAILS = (2.5, 97.5)


class Figure(NamedTuple):
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a way of telling reached.

    ``precision`` is that of as many cases, taken from the top, as were urgent; ``over_chance`` is the average precision
    less the share of urgent cases, ``over_rules`` less that of the rules alone.
    """

    average_precision: Figure
    precision: Figure
    over_chance: Figure
    over_rules: Figure


def average_precision(scores: Floats, urgent: NDArray[np.bool_], weights: Floats) -> float:
    """Return the mean precision at the urgent cases, all (n,); cases of equal score count together; 0 without any."""
    return _Ranked.of(scores, urgent).measure(weights)[0]


def compare(
    scores: Mapping[WayT, Floats], urgent: NDArray[np.bool_], groups: Sequence[str], *, rules: WayT
) -> dict[WayT, Standing]:
    """Compare ways of telling by their scores, each (n,), of which that of the ``rules`` must be one.

    Raises ``ValueError`` where no case is urgent.
    """
    if not urgent.any():
        raise ValueError(f"found no urgent case among {urgent.size}, expected some: there is nothing to measure")
    ranked = {name: _Ranked.of(each, urgent) for name, each in scores.items()}
    _, group = np.unique(np.asarray(groups), return_inverse=True)
    drawn = {name: np.empty((REPLICATES, 2)) for name in scores}
    shares = np.empty(REPLICATES)
    chance = np.random.default_rng(SEED)
    size = int(group.max()) + 1
    for row in range(REPLICATES):
        weights = np.bincount(chance.integers(size, size=size), minlength=size)[group].astype(np.float64)
        shares[row] = weights @ urgent / max(weights.sum(), 1.0)
        for name, each in ranked.items():
            drawn[name][row] = each.measure(weights)
    once = np.ones(urgent.size)
    observed = {name: each.measure(once) for name, each in ranked.items()}
    return {
        name: Standing(
            average_precision=_figure(observed[name][0], drawn[name][:, 0]),
            precision=_figure(observed[name][1], drawn[name][:, 1]),
            over_chance=_figure(observed[name][0] - float(urgent.mean()), drawn[name][:, 0] - shares),
            over_rules=_figure(observed[name][0] - observed[rules][0], drawn[name][:, 0] - drawn[rules][:, 0]),
        )
        for name in scores
    }


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Cases in the order of their scores; ``ends`` are the last places of those of equal score."""

    order: NDArray[np.int64]
    ends: NDArray[np.int64]
    urgent: Floats

    @classmethod
    def of(cls, scores: Floats, urgent: NDArray[np.bool_]) -> _Ranked:
        order = np.argsort(-scores, kind="stable")
        ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
        return cls(order, ends, urgent[order].astype(np.float64))

    def measure(self, weights: Floats) -> tuple[float, float]:
        """Return average precision, and the precision of as many from the top as are urgent, with these weights."""
        placed = weights[self.order]
        right = np.cumsum(placed * self.urgent)[self.ends]
        every = np.cumsum(placed)[self.ends]
        if right[-1] <= 0:
            return 0.0, 0.0
        precision = np.divide(right, every, out=np.zeros_like(right), where=every > 0)
        average = float(np.diff(right, prepend=0.0) @ precision / right[-1])
        at_share = float(np.interp(right[-1], np.append(0.0, every), np.append(0.0, right)) / right[-1])
        return average, at_share


def _figure(observed: float, draws: Floats) -> Figure:
    low, high = np.percentile(draws, TAILS) + (observed - draws.mean())
    return Figure(observed, float(low), float(high))
