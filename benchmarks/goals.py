"""The goals for speed, each beside what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.plan import Found
from benchmarks.results import Result, reading

REFERENCE = 10_000
LARGE = 100_000
CLIENTS = 16

_Judged = tuple[str, bool]
_Judge = Callable[[Found], _Judged | None]
"""Returns what was found and whether that holds; ``None`` where it was not measured at the size of the goal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One goal. ``held`` is ``None`` where nothing can be said: not measured, or not with the encoder that serves."""

    part: str
    what: str
    goal: str
    found: str
    held: bool | None


def goals(results: Mapping[str, Result]) -> Sequence[Goal]:
    """Hold results against the goals, each of which stands in the answer whether it was measured or not."""
    return [_held(results.get(part), part, what, goal, judge) for part, what, goal, judge in _GOALS]


def _held(result: Result | None, part: str, what: str, goal: str, judge: _Judge) -> Goal:
    with reading(part):
        judged = judge(result.found) if result is not None and result.failed is None else None
    if result is None or judged is None:
        return Goal(part=part, what=what, goal=goal, found="not measured", held=None)
    found, held = judged
    return Goal(part=part, what=what, goal=goal, found=found, held=None if result.is_smoke else held)


def _at_most(value: float, limit: float, unit: str = "", digits: int = 2) -> _Judged:
    return f"{value:.{digits}f}{unit}", value <= limit


def _at_least(value: float, limit: float, digits: int = 2) -> _Judged:
    return f"{value:.{digits}f}", value >= limit


def _suggest_ratio(found: Found) -> _Judged | None:
    return _at_most(found["ratio"], 1.5) if _is_reference(found) else None


def _suggest_spread(found: Found) -> _Judged | None:
    return _at_most(found["p95_over_p50"], 3.0) if _is_reference(found) else None


def _is_reference(found: Found) -> bool:
    return bool(found["passages"] == REFERENCE and found["records"]["cases"] == REFERENCE)


def _encoder_ratio(found: Found) -> _Judged | None:
    if not found["pytorch"]["compared"]:
        return None
    return _at_most(max(found["pytorch"]["ratio"][words] for words in ("60", "100", "150")), 0.5)


def _encoder_cosine(found: Found) -> _Judged | None:
    return _at_least(found["pytorch"]["cosine"]["mean"], 0.99, 4) if found["pytorch"]["compared"] else None


def _throughput(found: Found) -> _Judged | None:
    step = _step(found["steps"], "clients", CLIENTS)
    return _at_least(step["share_of_encoder"], 0.9) if step else None


def _errors(found: Found) -> _Judged | None:
    step = _step(found["steps"], "clients", CLIENTS)
    return (f"{step['errors']}", step["errors"] == 0) if step else None


def _build_rate(found: Found) -> _Judged | None:
    return _at_least(found["share_of_encoder"], 0.9)


def _rebuild(found: Found) -> _Judged | None:
    return _at_most(found["share_of_full"] * 100, 10, " %", 1)


def _search_time(name: str) -> _Judge:
    def judge(found: Found) -> _Judged | None:
        size = _step(found["sizes"], "passages", LARGE)
        return _at_most(size["milliseconds"][name]["whole"]["p95"], 10, " ms", 1) if size else None

    return judge


def _search_recall(name: str) -> _Judge:
    def judge(found: Found) -> _Judged | None:
        size = _step(found["sizes"], "passages", LARGE)
        return _at_least(size["recall"][name], 0.98, 4) if size and size["recall"] else None

    return judge


def _start(found: Found) -> _Judged | None:
    size = _step(found["sizes"], "passages", LARGE)
    return _at_most(max(size["seconds_to_ready"]), 6, " s") if size else None


def _memory(passages: int, limit: float) -> _Judge:
    def judge(found: Found) -> _Judged | None:
        size = _step(found["sizes"], "passages", passages)
        return _at_most(size["resident_mb_per_worker"]["most"], limit, " MB", 0) if size else None

    return judge


def _torch(found: Found) -> _Judged | None:
    loaded = any(size["torch_loaded"] for size in found["sizes"])
    return "loaded" if loaded else "not loaded", not loaded


def _step(steps: Sequence[Found], name: str, value: int) -> Found | None:
    return next((step for step in steps if step[name] == value), None)


_GOALS: tuple[tuple[str, str, str, _Judge], ...] = (
    ("suggest", "one suggestion, whole service / encoding its text alone (median)", "<= 1.5", _suggest_ratio),
    ("suggest", "one suggestion, 95th percentile / median", "<= 3", _suggest_spread),
    ("encoder", "int8 / PyTorch fp32, 60 to 150 words, two threads (worst median)", "<= 0.5", _encoder_ratio),
    ("encoder", "cosine of int8 to fp32, mean", ">= 0.99", _encoder_cosine),
    ("throughput", "16 clients, answers a second / what the encoder alone sustains", ">= 0.9", _throughput),
    ("throughput", "16 clients, errors", "0", _errors),
    ("build", "passages a second / the encoder's batch rate", ">= 0.9", _build_rate),
    ("build", "rebuild after changing 1 %, share of a full build", "<= 10 %", _rebuild),
    ("search", "search stage, 100,000 passages (95th percentile)", "<= 10 ms", _search_time("all")),
    ("search", "the same with a filter that keeps 1 %", "<= 10 ms", _search_time("filtered")),
    ("search", "recall@50 against exact search, 100,000 passages", ">= 0.98", _search_recall("all")),
    ("search", "the same with a filter that keeps 1 %", ">= 0.98", _search_recall("filtered")),
    ("start", "start to ready, 100,000 passages (slowest)", "<= 6 s", _start),
    ("start", "resident memory of a worker, 100,000 passages", "<= 1500 MB", _memory(LARGE, 1_500)),
    ("start", "resident memory of a worker, 10,000 passages", "<= 800 MB", _memory(REFERENCE, 800)),
    ("start", "PyTorch in a serving process", "not loaded", _torch),
)
