"""How many questions can be answered if only sure answers are shown: precision against coverage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.bootstrap import Floats

# Nine of ten are 90 %, though .9 has no exact binary form.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePoint:
    """What showing first items of at least this confidence gives: the share of questions shown, and right of them."""

    threshold: float
    coverage: float
    precision: float


def coverage_curve(confidences: Floats, right: NDArray[np.bool_], asked: int) -> tuple[CoveragePoint, ...]:
    """Return a point for each distinct confidence, highest first.

    ``confidences`` (n,) are of the first items, ``right`` (n,) whether they were. Coverage is a share of ``asked``
    questions: one without any result is never shown, but was asked. Equal confidences are shown together, since no
    threshold parts them.
    """
    order = np.argsort(-confidences, kind="stable")
    ordered, hits = confidences[order], np.cumsum(right[order])
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True)) if ordered.size else np.empty(0, dtype=np.int64)
    return tuple(
        CoveragePoint(
            threshold=float(ordered[end]), coverage=float((end + 1) / asked), precision=float(hits[end] / (end + 1))
        )
        for end in last
    )


def coverage_at(curve: tuple[CoveragePoint, ...], precision: float) -> float:
    """Return the largest coverage on a curve whose precision is still reached; 0 where it never is."""
    return max((point.coverage for point in curve if point.precision >= precision - ROUNDING), default=0.0)
