"""Ways of telling how urgent a case is, each fitted on earlier cases: rules alone, what was learned, and baselines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpus.models import Case
from index.urgency.labels import Labelled
from index.urgency.logistic import fit_logistic
from index.urgency.model import UrgencyHead
from index.urgency.signals import KINDS, presence, signals_in, strength

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Way = Literal["rules", "learned", "both", "popularity"]
WAYS: tuple[Way, ...] = ("rules", "learned", "both", "popularity")

# Prior deviations, set once by judgement: how far the text as a whole, and each signal, may move the logit.
TEXT_SPREAD = 2.0
SIGNAL_SPREAD = 2.0
FIELDS_WEIGHT = 5.0
"""The share of all earlier cases counts as so many cases of each channel and product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Labelled cases (n) with the vectors (n, d) of what customers wrote, and the signals in it, present (n, kinds)."""

    labelled: Labelled
    vectors: NDArray[np.float32]
    present: Floats
    strengths: Floats

    @classmethod
    def of(cls, labelled: Labelled, vectors: NDArray[np.float32]) -> Material:
        """Read the signals of all cases."""
        found = [signals_in(text) for text in labelled.texts]
        return cls(
            labelled=labelled,
            vectors=vectors,
            present=np.array([presence(each) for each in found]).reshape(-1, len(KINDS)),
            strengths=np.array([strength(each) for each in found], dtype=np.float64),
        )


def scores(way: Way, of: Material, taught: Rows, asked: Rows) -> Floats:
    """Return the scores (m,) of the ``asked`` cases, learned from the ``taught`` ones; both are rows."""
    if way == "rules":
        return of.strengths[asked]
    if way == "popularity":
        return _popularity(of, taught, asked)
    head = fit_head(of, taught, with_signals=way == "both")
    if head is None:
        return np.zeros(asked.size)
    return np.array([head.chance(of.vectors[row], of.present[row]) for row in asked])


def fit_head(of: Material, taught: Rows, *, with_signals: bool = True, threshold: float = 0.5) -> UrgencyHead | None:
    """Fit a head on cases; ``None`` where all of them were urgent, or none."""
    urgent = of.labelled.urgent[taught]
    if urgent.all() or not urgent.any():
        return None
    vectors = of.vectors[taught].astype(np.float64)
    mean, deviation = vectors.mean(axis=0), np.maximum(vectors.std(axis=0), 1e-6)
    dimension = vectors.shape[1]
    signals = of.present[taught] if with_signals else np.zeros((taught.size, 0))
    weights, intercept = fit_logistic(
        np.hstack([(vectors - mean) / deviation, signals]),
        urgent,
        np.concatenate(
            [np.full(dimension, TEXT_SPREAD / np.sqrt(dimension)), np.full(signals.shape[1], SIGNAL_SPREAD)]
        ),
    )
    return UrgencyHead(
        weights=(weights[:dimension] / deviation).astype(np.float32),
        mean=mean.astype(np.float32),
        effects=weights[dimension:].astype(np.float32) if with_signals else np.zeros(len(KINDS), dtype=np.float32),
        intercept=intercept,
        threshold=threshold,
    )


def _popularity(of: Material, taught: Rows, asked: Rows) -> Floats:
    """Return how often earlier cases of the same channel and product were urgent."""
    cases, urgent = of.labelled.cases, of.labelled.urgent
    every = Counter(_fields(cases[row]) for row in taught)
    found = Counter(_fields(cases[row]) for row in taught if urgent[row])
    share = float(urgent[taught].mean()) if taught.size else 0.0
    return np.array([_share(_fields(cases[row]), found, every, share) for row in asked])


def _fields(case: Case) -> tuple[str | None, str | None]:
    return case.channel, case.product


def _share(
    fields: tuple[str | None, str | None],
    found: Mapping[tuple[str | None, str | None], int],
    every: Mapping[tuple[str | None, str | None], int],
    share: float,
) -> float:
    return (found.get(fields, 0) + FIELDS_WEIGHT * share) / (every.get(fields, 0) + FIELDS_WEIGHT)
