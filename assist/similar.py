"""Solved cases like this one, worth a look: their problem, and what solved it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.choosing import NearCases, choose, near_matrix
from assist.confidence import FEATURES, KindConfidence, best_by_chance, standing
from assist.explain import Explainer
from assist.narrowing import narrowed
from assist.past import Past
from assist.presenting import Shown, Stamp
from assist.ranking import Floats
from assist.solved_by import Items, used_in
from assist.understanding import Understanding


def similar_features(meaning: Floats, cases: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the confidence features (m, len(FEATURES)) of the nearest of so many ``cases``: only meaning speaks."""
    features = np.zeros((meaning.size, len(FEATURES)), dtype=np.float64)
    features[:, FEATURES.index("above_chance")] = standing(meaning, meaning) - best_by_chance(cases, deviation=1.0)
    return features


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenCase:
    """A case to show: its row and id, how near it is, and the probability that it is right."""

    row: int
    id: str
    score: float
    confidence: float


def choose_similar(
    past: Past, case: Understanding, items: Items, model: KindConfidence, limit: int
) -> tuple[ChosenCase, ...]:
    """Return the near cases worth a look that pass the request's filters, nearest first; ties by id.

    See ``assist.choosing``. A case keeps the confidence that it has among all that are near, shown or not.
    """
    rows = past.showable.cases.tolist()
    near = _near_cases(past, items, case.request.audiences)
    confidences = model.probabilities(similar_features(near.meaning, past.eligible))
    allowed = narrowed(past.space.masks, case.request.filters)
    wanted = [place for place, row in enumerate(rows) if allowed[row]]
    return tuple(
        ChosenCase(
            row=rows[place],
            id=near.cases[place].id,
            score=round(float(near.meaning[place]), 5),
            confidence=float(confidences[place]),
        )
        for place in choose(near, wanted, limit)
    )


def show_similar(chosen: Sequence[ChosenCase], explainer: Explainer, stamp: Stamp) -> tuple[Shown, ...]:
    """Return the chosen cases, signed. The reason is meaning alone, as nothing else moves their score."""
    reasons = (explainer.meaning(None),)
    return tuple(
        Shown(
            row=each.row,
            passage=-1,
            fields=stamp.fields(each.id, rank=rank, score=each.score, confidence=each.confidence, reasons=reasons),
        )
        for rank, each in enumerate(chosen, start=1)
    )


def _near_cases(past: Past, items: Items, audiences: frozenset[str]) -> NearCases:
    rows = past.showable.cases.tolist()
    cases = [past.space.cases[row] for row in rows]
    vectors = past.space.situations.vectors(past.showable.situations)
    # Nearly the same was used, or nearly the same was written of it. Where nothing is known, nothing is alike.
    used = near_matrix(_numbered([used_in(case, items, audiences) for case in cases]))
    resolved = near_matrix([past.space.resolutions.of(row) for row in rows])
    return NearCases(
        cases=cases,
        meaning=np.round(past.average.standing(past.showable.cosines), 5),
        closeness=np.round(past.average.standing(vectors @ vectors.T), 5),
        repeats=past.repeats,
        solved_alike=used | resolved,
    )


def _numbered(sets: Sequence[Iterable[Hashable]]) -> list[NDArray[np.int64]]:
    numbers: dict[Hashable, int] = {}
    return [np.array([numbers.setdefault(each, len(numbers)) for each in members], dtype=np.int64) for members in sets]
