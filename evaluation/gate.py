"""The gate: floors that every set must reach, and no significant drop against an accepted run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.bootstrap import SEED, Interval
from evaluation.floors import CONFIDENCE_FLOORS, VS_BEST_BASELINE, Floors
from evaluation.pairing import Pairs, pairs
from evaluation.result_folder import ResultFolder, ResultsError
from evaluation.results import OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One thing that is not good enough.

    ``found`` is what was measured (``None``: nothing) and ``expected`` the floor or the earlier value. ``interval`` is
    that of ``found``, or that of the difference where questions were paired.
    """

    dataset: str
    kind: str
    metric: str
    found: float | None
    expected: float
    interval: Interval | None
    reason: str

    def __str__(self) -> str:
        """Return a line that names set, kind, metric, both values and the interval."""
        return f"{self.dataset}, {self.kind}, {self.metric}: {self.reason}"


def check(metrics: Mapping[str, Any], floors: Floors) -> tuple[Failure, ...]:
    """Hold the contents of a ``metrics.json`` against the floors of its set; empty when all are reached.

    A set without floors passes: ask ``metrics["dataset"] in floors.sets`` first where that would be a mistake.
    """
    dataset = str(metrics["dataset"])
    asked = floors.sets.get(dataset, {})
    return tuple(
        failure
        for kind in sorted(asked)
        for name, floor in sorted(asked[kind].items())
        if (failure := _below(metrics, dataset, kind, name, floor)) is not None
    )


def drops(new: ResultFolder, old: ResultFolder, *, seed: int = SEED, system: str = OURS) -> tuple[Failure, ...]:
    """Return every metric that dropped significantly between two runs on the same set.

    Questions that both runs kept are paired: the interval of the mean difference must not lie wholly below 0. Without
    them the two intervals must overlap, which misses smaller drops but claims none that chance explains. What the old
    run measured and the new one did not counts as dropped. Raises ``ResultsError`` for runs on different sets.
    """
    if new.dataset != old.dataset:
        raise ResultsError(f"found runs on {new.dataset} and {old.dataset}; expected two runs on the same set")
    return tuple(_drops(new, old, seed, system))


def _below(metrics: Mapping[str, Any], dataset: str, kind: str, name: str, floor: float) -> Failure | None:
    found, interval = _measured(metrics, kind, name)
    if found is not None and found >= floor:
        return None
    if found is None:
        reason = f"not measured, expected at least {floor:.3f}; evaluate this kind too, or remove its floor"
    elif name == VS_BEST_BASELINE:
        reason = f"the interval of ours minus the best baseline {_span(interval)} lies wholly below {floor:.3f}"
    else:
        reason = f"{found:.3f} {_span(interval)} is below the floor {floor:.3f}"
    return Failure(
        dataset=dataset, kind=kind, metric=name, found=found, expected=floor, interval=interval, reason=reason
    )


def _measured(metrics: Mapping[str, Any], kind: str, name: str) -> tuple[float | None, Interval | None]:
    """Return the value to hold against a floor, and its interval."""
    if name == VS_BEST_BASELINE:
        interval = _interval(metrics.get("vs_best_baseline", {}).get(kind, {}).get("ci95"))
        return (None if interval is None else interval[1]), interval
    if name in CONFIDENCE_FLOORS:
        calibration = metrics.get("calibration", {}).get(kind, {})
        # A precision of 90 % that is never reached covers nothing.
        found = 0.0 if calibration and calibration.get(name) is None else calibration.get(name)
        return found, _interval(calibration.get(f"{name}_ci95"))
    found = metrics["systems"].get(OURS, {}).get(kind, {}).get(name)
    return found, _interval(metrics["ci95"].get(OURS, {}).get(kind, {}).get(name))


def _drops(new: ResultFolder, old: ResultFolder, seed: int, system: str) -> Iterator[Failure]:
    for kind, metric in old.measured(system):
        paired = pairs(new, old, system=system, kind=kind, metric=metric)
        failure = (
            _apart(new, old, system, kind, metric)
            if paired is None
            else _fell(new.dataset, kind, metric, paired, paired.interval(seed))
        )
        if failure is not None:
            yield failure


def _fell(dataset: str, kind: str, metric: str, paired: Pairs, interval: Interval) -> Failure | None:
    if interval[1] >= 0:
        return None
    return Failure(
        dataset=dataset,
        kind=kind,
        metric=metric,
        found=paired.new,
        expected=paired.old,
        interval=interval,
        reason=f"fell from {paired.old:.3f} to {paired.new:.3f} over {len(paired.groups)} questions of both runs; "
        f"interval of the difference {_span(interval)}",
    )


def _apart(new: ResultFolder, old: ResultFolder, system: str, kind: str, metric: str) -> Failure | None:
    before, after = old.value(system, kind, metric) or 0.0, new.value(system, kind, metric)
    was, now = old.interval(system, kind, metric), new.interval(system, kind, metric)
    if after is None:
        reason = f"was {before:.3f} {_span(was)} and is no longer measured"
    elif was is not None and now is not None and now[1] < was[0]:
        reason = f"fell from {before:.3f} {_span(was)} to {after:.3f} {_span(now)}; the intervals do not overlap"
    else:
        return None
    return Failure(
        dataset=new.dataset, kind=kind, metric=metric, found=after, expected=before, interval=now, reason=reason
    )


def _interval(ends: Any) -> Interval | None:
    return None if ends is None else Interval(float(ends[0]), float(ends[1]))


def _span(interval: Interval | None) -> str:
    return "(no interval)" if interval is None else f"[{interval[0]:.3f}, {interval[1]:.3f}]"
