"""Everything a finished evaluation of one set holds, before it becomes ``metrics.json`` or a report.

All metrics are shares from 0 to 1, intervals are ``(low, high)`` at 95 %, times are milliseconds unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from assist.models import SuggestKind
from evaluation.bootstrap import Interval
from evaluation.calibration import Calibration
from evaluation.coverage import CoveragePoint
from evaluation.reliability import Bin
from evaluation.significance import Comparison
from evaluation.slices import SliceMeans

OURS = "stichwort"
SYSTEMS = (
    OURS,
    "stichwort-no-history",
    "popularity",
    "bm25",
    "dense",
    "rrf",
    "cc",
    "knn-cases",
    "linear-probe",
    "previous-action",
)

Fact = str | int | float | bool | None
NOTHING: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemScores:
    """What one system reached over ``n`` questions of a kind; ``means`` and ``ci95`` by metric name."""

    n: int
    means: Mapping[str, float]
    ci95: Mapping[str, Interval]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstentionPoint:
    """At a threshold: the share of answerable questions answered, and of unanswerable ones answered all the same."""

    threshold: float
    answered: float
    false_suggestions: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention:
    """The curve of one system, its false suggestions at 80 % answered, and where the shipped threshold stands.

    Of a baseline, ``ours_minus_this`` is what ours suggests falsely beyond it at 80 % answered; below 0 ours is better.
    """

    curve: tuple[AbstentionPoint, ...]
    false_at_80: float
    false_at_80_ci95: Interval
    shipped: AbstentionPoint | None = None
    ours_minus_this: float | None = None
    ours_minus_this_ci95: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The ``n`` questions whose ``dimension`` has this value: every system there, and ours against the baseline."""

    dimension: str
    value: str
    n: int
    systems: Mapping[str, SliceMeans]
    against: Comparison | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Wall time of one answer in milliseconds, over ``n`` answers."""

    n: int
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedItem:
    """An item as our ranking saw it: rank from 1 (``None`` if it was not considered), score, and its summands."""

    id: str
    rank: int | None
    relevant: bool
    score: float | None = None
    contributions: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One question that we and the best baseline answered differently, and why we ranked as we did.

    ``items`` are worth comparing: our first ones, the best relevant one, the baseline's first. ``text`` and the items'
    ``title`` reach a report only when asked for.
    """

    question: str
    ours: float
    baseline: float
    baseline_first: str | None
    items: tuple[RankedItem, ...]
    slices: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindResults:
    """One kind of item: what every system reached (ours among them) and what else was measured.

    ``metric`` is the one by which ours is compared with the best baseline, in slices too. ``items`` counts what could
    be suggested. ``reliability`` is of our first items; ``precision_coverage`` and ``abstention`` are by system, and
    ``recall_by_k`` is system -> k -> share of the relevant items found.
    """

    items: int
    systems: Mapping[str, SystemScores]
    split: Mapping[str, Fact]
    dropped: Mapping[str, int]
    metric: str = "nDCG@10"
    vs_best_baseline: Comparison | None = None
    calibration: Calibration | None = None
    reliability: tuple[Bin, ...] = ()
    precision_coverage: Mapping[str, tuple[CoveragePoint, ...]] = field(default_factory=lambda: NOTHING)
    abstention: Mapping[str, Abstention] = field(default_factory=lambda: NOTHING)
    slices: tuple[Slice, ...] = ()
    recall_by_k: Mapping[str, Mapping[int, float]] = field(default_factory=lambda: NOTHING)
    latency: Mapping[str, Latency] = field(default_factory=lambda: NOTHING)
    losses: tuple[Contrast, ...] = ()
    wins: tuple[Contrast, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationResults:
    """One evaluated set. ``stages`` are seconds by stage; ``warnings`` are sentences a reader must not miss."""

    dataset: str
    family: str
    source: Literal["beir", "history"]
    kinds: Mapping[SuggestKind, KindResults]
    fingerprints: Mapping[str, Fact]
    stages: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    warnings: tuple[str, ...] = ()


def in_order(systems: Mapping[str, Any]) -> list[str]:
    """Return system names as the contract lists them, ours first; others, such as imported runs, by name at the end."""
    known = {name: place for place, name in enumerate(SYSTEMS)}
    return sorted(systems, key=lambda name: (known.get(name, len(known)), name))
