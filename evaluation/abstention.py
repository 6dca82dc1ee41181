"""Abstaining: how many wrong suggestions a threshold spares, and how many right questions it leaves unanswered.

A question is answered when its first item is at least as sure as the threshold. Answerable questions answered stand
against unanswerable ones answered all the same: false suggestions, since nothing in the corpus was right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.bench import Bench
from evaluation.bootstrap import REPLICATES, SEED, Interval, percentiles
from evaluation.first_items import NO_ANSWER, Answerer, FirstItems, ScoredAnswerer, ShippedAnswerer, first_items
from evaluation.results import Abstention, AbstentionPoint
from evaluation.systems import OURS, Systems

ANSWERED = 0.8
# Thresholds by which baselines could abstain: the score that the protocol names, and the plainest one there is.
SCORE_BASELINES = ("cc", "dense")
_CURVE_LEVELS = tuple(level / 50 for level in range(1, 51))

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstentionDifference:
    """Ours minus a baseline in false suggestions at 80 % answered, both on the same resamples; below 0 is better."""

    baseline: str
    diff: float
    ci95: Interval


def measure_abstention(bench: Bench, systems: Systems) -> dict[str, FirstItems]:
    """Ask every question of a bench twice, of the suggester and of the baselines; first items by system."""
    answerers: list[Answerer] = [ShippedAnswerer(name=OURS, bench=bench)]
    answerers += [ScoredAnswerer(system=systems.scored(name)) for name in SCORE_BASELINES]
    found = {}
    for answerer in answerers:
        with bench.workbench.reporter.stage(f"abstain {answerer.name}") as update:
            found[answerer.name] = first_items(answerer, bench.judged.questions, update)
    return found


def abstention_of(first: FirstItems, *, shipped_threshold: float | None = None) -> Abstention:
    """Return the curve, the false suggestions at 80 % answered with a grouped 95 % interval, and the shipped point."""
    return Abstention(
        curve=curve(first),
        false_at_80=point_at(first, ANSWERED).false_suggestions,
        false_at_80_ci95=percentiles(_replicated(first.groups, _false_at(first))),
        shipped=None if shipped_threshold is None else point_of(first, shipped_threshold),
    )


def difference(ours: FirstItems, baseline: FirstItems) -> AbstentionDifference:
    """Compare two systems on the same questions in one order; raises ``ValueError`` when they differ."""
    if ours.groups != baseline.groups:
        raise ValueError(f"{ours.system} and {baseline.system} answered different questions; ask both the same ones")
    here, there = _false_at(ours), _false_at(baseline)
    everything = np.ones(len(ours.groups))
    return AbstentionDifference(
        baseline=baseline.system,
        diff=here(everything) - there(everything),
        ci95=percentiles(_replicated(ours.groups, lambda weights: here(weights) - there(weights))),
    )


def point_at(first: FirstItems, answered: float) -> AbstentionPoint:
    """Return the point of the highest threshold at which so large a share (0 to 1) of the answerable is answered.

    Where even the lowest threshold answers fewer, it is that of the lowest.
    """
    return point_of(first, _threshold(first.answerable, np.ones(first.answerable.size), answered))


def point_of(first: FirstItems, threshold: float) -> AbstentionPoint:
    """Return the point of a threshold."""
    return AbstentionPoint(
        threshold=threshold,
        answered=float(_answered(first.answerable, threshold).mean()),
        false_suggestions=float(_answered(first.unanswerable, threshold).mean()),
    )


def curve(first: FirstItems) -> tuple[AbstentionPoint, ...]:
    """Return the points at 2 %, 4 %, ... 100 % of the answerable answered, highest threshold first, none twice."""
    points = {point.threshold: point for point in (point_at(first, level) for level in _CURVE_LEVELS)}
    return tuple(sorted(points.values(), key=lambda point: -point.threshold))


def _threshold(sureness: NDArray[np.float64], weights: Weights, answered: float) -> float:
    """Return the highest threshold that answers the wanted share of the weight."""
    order = np.argsort(-sureness, kind="stable")
    reached = np.cumsum(weights[order]) >= answered * weights.sum() - 1e-9
    ranked = sureness[order]
    threshold = float(ranked[int(np.argmax(reached))])
    finite = ranked[np.isfinite(ranked)]
    if threshold > NO_ANSWER or not finite.size:
        return threshold if threshold > NO_ANSWER else 0.0
    return float(finite[-1])


def _false_at(first: FirstItems) -> Callable[[Weights], float]:
    """Return how to tell the share of false suggestions at 80 % answered from the weights of the questions."""

    def false_suggestions(weights: Weights) -> float:
        threshold = _threshold(first.answerable, weights, ANSWERED)
        return float(weights @ _answered(first.unanswerable, threshold) / weights.sum())

    return false_suggestions


def _answered(sureness: NDArray[np.float64], threshold: float) -> NDArray[np.bool_]:
    return (sureness >= threshold) & np.isfinite(sureness)


def _replicated(groups: Sequence[str], statistic: Callable[[Weights], float]) -> NDArray[np.float64]:
    return np.array([statistic(weights) for weights in _resamples(groups)])


def _resamples(groups: Sequence[str]) -> Iterator[Weights]:
    """Yield how often each question is drawn when whole groups are, as in ``evaluation.bootstrap``.

    A threshold moves with the resample, so the sums that ``GroupBootstrap`` gives do not suffice here.
    """
    names, group = np.unique(np.asarray(groups), return_inverse=True)
    chance = np.random.default_rng(SEED)
    for _ in range(REPLICATES):
        drawn = chance.integers(len(names), size=len(names))
        yield np.bincount(drawn, minlength=len(names)).astype(np.float64)[group]
