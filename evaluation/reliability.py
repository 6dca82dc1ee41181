"""Does what is shown with confidence .7 turn out right seven times in ten? Bins of equal mass, and their mean gap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.bootstrap import SEED, Floats

BINS = 15
SIMULATIONS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Questions of similar confidence: how many, their mean confidence, and the share of them answered right."""

    n: int
    confidence: float
    precision: float


def reliability_bins(confidences: Floats, right: NDArray[np.bool_], bins: int = BINS) -> tuple[Bin, ...]:
    """Return at most ``bins`` bins of nearly as many questions each, in order of confidence.

    ``confidences`` (n,) are of the first items, ``right`` (n,) whether they were. Equal confidences share a bin, the
    one where the middle of them falls: which of them came first in the file must not matter.
    """
    member = _bin_of(confidences, bins)
    counts = np.bincount(member, minlength=bins)
    claimed = np.bincount(member, weights=confidences, minlength=bins)
    hits = np.bincount(member, weights=right, minlength=bins)
    return tuple(
        Bin(n=int(n), confidence=float(total / n), precision=float(hit / n))
        for n, total, hit in zip(counts, claimed, hits, strict=True)
        if n
    )


def calibration_error(bins: Iterable[Bin]) -> float:
    """Return the mean gap between confidence and precision, each bin weighing as many questions as it has.

    ECE of Naeini, Cooper and Hauskrecht, AAAI 2015. Of a finite sample it is above zero for the best of systems: read
    it beside ``null_error``.
    """
    every = tuple(bins)
    return sum(each.n * abs(each.confidence - each.precision) for each in every) / sum(each.n for each in every)


def null_error(confidences: Floats, bins: int = BINS, *, seed: int = SEED, simulations: int = SIMULATIONS) -> float:
    """Return the 95th percentile of the calibration error that chance alone gives a perfectly calibrated system.

    Each simulation lets every question come out right with just the probability claimed, independently of all others
    (Bröcker and Smith, Weather and Forecasting 22, 2007, call it consistency resampling; here confidences are kept).
    """
    member = _bin_of(confidences, bins)
    claimed = np.bincount(member, weights=confidences, minlength=bins)
    chance = np.random.default_rng(seed)
    errors = np.empty(simulations)
    for number in range(simulations):
        hits = np.bincount(member[chance.random(confidences.size) < confidences], minlength=bins)
        errors[number] = np.abs(claimed - hits).sum() / confidences.size
    return float(np.percentile(errors, 95))


def _bin_of(confidences: Floats, bins: int) -> NDArray[np.int64]:
    """Return the bin of each question (n,), from 0; whole-number arithmetic keeps the borders exact."""
    ordered = np.sort(confidences)
    before = np.searchsorted(ordered, confidences, side="left")
    until = np.searchsorted(ordered, confidences, side="right")
    members: NDArray[np.int64] = (before + until) * bins // (2 * confidences.size)
    return members
