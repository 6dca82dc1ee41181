"""Many times become a few figures."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import perf_counter
from typing import TypeVar

import numpy as np

T = TypeVar("T")

Milliseconds = dict[str, float]


def percentiles(milliseconds: Sequence[float]) -> Milliseconds:
    """Return ``n``, the mean and the percentiles of some times; those between two times are interpolated linearly.

    >>> percentiles([1.0, 2.0, 3.0])
    {'n': 3, 'mean': 2.0, 'p50': 2.0, 'p95': 2.9, 'p99': 2.98}

    Raises ``ValueError`` for no times at all.
    """
    if not milliseconds:
        raise ValueError("found no times to sum up, expected at least one: measure something first")
    p50, p95, p99 = np.percentile(np.asarray(milliseconds, dtype=np.float64), (50, 95, 99)).tolist()
    mean = float(np.mean(milliseconds))
    return {"n": len(milliseconds), **{name: round(value, 3) for name, value in _named(mean, p50, p95, p99)}}


def by_stage(every: Iterable[Mapping[str, float]]) -> dict[str, Milliseconds]:
    """Return the percentiles of each stage over many answers, in the order of the first."""
    stages: dict[str, list[float]] = {}
    for answer in every:
        for stage, spent in answer.items():
            stages.setdefault(stage, []).append(spent)
    return {stage: percentiles(times) for stage, times in stages.items()}


def timed(work: Callable[[T], object], things: Iterable[T], *, rounds: int = 1) -> list[float]:
    """Return how many milliseconds the work on each of some things took, each as often as there are rounds."""
    times = []
    every = list(things)
    for _ in range(rounds):
        for thing in every:
            begin = perf_counter()
            work(thing)
            times.append((perf_counter() - begin) * 1000.0)
    return times


def settled() -> None:
    """Collect what is left over from building, so that it is not collected while something is timed."""
    gc.collect()


def _named(mean: float, p50: float, p95: float, p99: float) -> tuple[tuple[str, float], ...]:
    return (("mean", mean), ("p50", p50), ("p95", p95), ("p99", p99))
