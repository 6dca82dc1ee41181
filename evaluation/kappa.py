"""How far two judges agree beyond what chance would bring: Cohen's kappa and its interval.

J. Cohen, *A Coefficient of Agreement for Nominal Scales*, Educational and Psychological Measurement 20 (1960), 37-46.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.bootstrap import SEED, Floats, GroupBootstrap, Interval, percentiles

FEWEST_GROUPS = 10
"""Resamples of fewer groups hardly differ, and their interval would feign precision: there is none."""

# Below so much that chance could still explain, there is nothing to measure agreement against.
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What two judges said of the same things.

    ``table[i][j]`` counts what the first called ``labels[i]`` and the second ``labels[j]``. ``observed`` and
    ``expected`` are shares of agreement (0 to 1), ``kappa`` lies between -1 and 1. ``kappa`` is ``None`` where chance
    alone explains everything, such as when both always said the same one word; ``ci95`` is ``None`` with it, and for
    fewer groups than ``FEWEST_GROUPS``.
    """

    n: int
    labels: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    observed: float
    expected: float
    kappa: float | None
    ci95: Interval | None


def agreement(
    first: Sequence[str], second: Sequence[str], groups: Sequence[str], labels: Sequence[str], *, seed: int = SEED
) -> Agreement:
    """Return how far two judges agree on n things: ``first`` and ``second`` hold their words, each one of ``labels``.

    The interval is a bootstrap over ``groups`` (n), the question that each thing belongs to: judgements of one
    question stand and fall together. Raises ``ValueError`` without anything judged, for lists of different lengths, or
    for a word that is not a label.
    """
    if not len(first) == len(second) == len(groups) or not first:
        raise ValueError(
            f"found {len(first)}, {len(second)} and {len(groups)} entries, expected equally many and at least one"
        )
    cells = _cells(first, second, labels)
    counts = cells.sum(axis=2)
    observed, expected = _shares(counts)
    value = float(_kappas(counts))
    known = not np.isnan(value)
    return Agreement(
        n=len(first),
        labels=tuple(labels),
        table=tuple(tuple(int(cell) for cell in row) for row in counts),
        observed=float(observed),
        expected=float(expected),
        kappa=value if known else None,
        ci95=_interval(cells, groups, seed) if known and len(set(groups)) >= FEWEST_GROUPS else None,
    )


def _cells(first: Sequence[str], second: Sequence[str], labels: Sequence[str]) -> NDArray[np.float64]:
    """Return 1 where a thing (third axis) falls into a cell of the table (first two), else 0: (k, k, n)."""
    position = {label: number for number, label in enumerate(labels)}
    unknown = sorted({*first, *second} - position.keys())
    if unknown:
        raise ValueError(f"found the words {', '.join(unknown)}, expected only {', '.join(labels)}")
    cells = np.zeros((len(labels), len(labels), len(first)))
    for number, (mine, theirs) in enumerate(zip(first, second, strict=True)):
        cells[position[mine], position[theirs], number] = 1.0
    return cells


def _shares(counts: Floats) -> tuple[Floats, Floats]:
    """Return observed and expected agreement of tables (k, k, ...): both (...)."""
    shares = counts / counts.sum(axis=(0, 1))
    observed: Floats = np.trace(shares, axis1=0, axis2=1)
    expected: Floats = (shares.sum(axis=1) * shares.sum(axis=0)).sum(axis=0)
    return observed, expected


def _kappas(counts: Floats) -> Floats:
    """Return kappa of tables (k, k, ...), ``(observed - expected) / (1 - expected)``; NaN where there is none."""
    observed, expected = _shares(counts)
    room = 1.0 - expected
    return np.where(room > _NOTHING, (observed - expected) / np.where(room > _NOTHING, room, 1.0), np.nan)


def _interval(cells: Floats, groups: Sequence[str], seed: int) -> Interval:
    bootstrap = GroupBootstrap(groups, seed=seed)
    totals = np.array([[bootstrap.totals(cell) for cell in row] for row in cells])
    drawn = _kappas(totals)
    # A resample of few questions may hold one word alone; the others still say how far kappa moves.
    return percentiles(drawn[~np.isnan(drawn)])
