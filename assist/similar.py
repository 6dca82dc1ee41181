"""Solved cases like this one, worth a look: their problem, and what solved it."""

from __future__ import annotations

import numpy as np

from assist.confidence import FEATURES, KindConfidence, best_by_chance, standing
from assist.explain import Explainer
from assist.narrowing import narrowed
from assist.past import Past
from assist.presenting import Shown, Stamp
from assist.ranking import Floats
from assist.understanding import Understanding


def similar_features(meaning: Floats, cases: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the confidence features (m, len(FEATURES)) of the nearest of so many ``cases``: only meaning speaks."""
    features = np.zeros((meaning.size, len(FEATURES)), dtype=np.float64)
    features[:, FEATURES.index("above_chance")] = standing(meaning, meaning) - best_by_chance(cases, deviation=1.0)
    return features


def show_similar(
    past: Past, case: Understanding, model: KindConfidence, explainer: Explainer, stamp: Stamp
) -> tuple[Shown, ...]:
    """Return the near cases that pass the request's filters, best first; ties by id."""
    meaning = np.round(past.meaning, 5)
    confidences = model.probabilities(similar_features(meaning, past.eligible))
    rows = past.nearest.cases.tolist()
    wanted = narrowed(past.space.masks, case.request.filters)
    ranked = sorted(
        (position for position, row in enumerate(rows) if wanted[row]),
        key=lambda position: (-float(meaning[position]), past.space.cases[rows[position]].id),
    )
    shown = []
    for rank, position in enumerate(ranked[: case.request.limits["similar_cases"]], start=1):
        fields = stamp.fields(
            past.space.cases[rows[position]].id,
            rank=rank,
            score=round(float(meaning[position]), 5),
            confidence=float(confidences[position]),
            reasons=(explainer.meaning(None),),
        )
        shown.append(Shown(row=rows[position], passage=-1, fields=fields))
    return tuple(shown)
