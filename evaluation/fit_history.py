"""Fitting how history is believed: the mixture under which the right answers of past questions are most probable.

The log-likelihood of `assist.blending` is maximised over all of its numbers at once. What it learns from must hold both
questions that history can answer and questions that it cannot (histories that are short, items without a past), or it
learns to believe history blindly. How sure history may be is fitted afterwards, on the items that came first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from assist.blending import FLOOR, HistoryWeights
from assist.confidence import KindConfidence, certainty, confidence_features
from assist.ranking import RankWeights, contributions, order
from evaluation.fit_ranker import Answered
from evaluation.listwise import balanced

Floats = NDArray[np.float64]

RIDGE = 2e-3
START = HistoryWeights(
    votes=1.0,
    sequence=0.4,
    head=1.0,
    head_after=100.0,
    known_after=3.0,
    temperature=1.0,
    doubt=-1.0,
    trust=(0.5, 2.0, -1.0, 0.1),
    certainty=(0.0, 1.0),
)
"""Where a fit begins."""
UNANSWERABLE = 0.1
"""How much a question whose right answers were removed weighs in what certainty is fitted on.

As if one case in eleven had no answer: without any, history is sure of what it cannot know; with as many as there are
questions, it is too cautious everywhere else.
"""
_LEAST = 1e-9
# Bounds of the logarithms of sequence, head, head_after, known_after, temperature; then of doubt and trust: none of
# its features may speak against what it is named for.
_BOUNDS = ((-4, 4), (-4, 4), (0, 9), (-2, 8), (-1.5, 1.5), (-15, 15), (0, 6), (0, 15), (-12, 0), (0, 5))
_ITERATIONS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """Questions side by side: arrays (q, m), padded with what nothing comes of; the others (q,)."""

    content: Floats
    votes: Floats
    sequence: Floats
    head: Floats
    used: Floats
    right: Floats
    real: NDArray[np.bool_]
    nearness: Floats
    cases: Floats
    weight: Floats


def fit_history(
    answered: Sequence[Answered],
    weights: RankWeights,
    *,
    sequence: bool,
    own: bool = False,
    start: HistoryWeights = START,
) -> HistoryWeights:
    """Return how history is believed, for the content weights given; every family weighs the same.

    ``sequence`` says whether the kind has one. A fit on a corpus of its ``own`` leaves experience and what a head needs
    as they are, since its history only grows. Where the questions tell little, numbers stay near ``start``. Raises
    ``ValueError`` without a question to learn from.
    """
    batch = _batch([each for each in answered if each.right.any()], weights)
    begin = _vector(start)
    free = np.ones(len(begin), dtype=np.bool_)
    free[0], free[2], free[-1] = sequence, not own, not own
    fixed = begin.copy()
    if not sequence:
        fixed[0] = _BOUNDS[0][0]
    chosen = np.flatnonzero(free)

    def whole(parameters: Floats) -> Floats:
        full = fixed.copy()
        full[chosen] = parameters
        return full

    def loss(parameters: Floats) -> float:
        away = parameters - fixed[chosen]  # what the questions tell nothing of stays where it began
        return _loss(batch, whole(parameters)) + RIDGE * float(away @ away)

    found = minimize(
        loss,
        fixed[chosen],
        method="L-BFGS-B",
        bounds=[_BOUNDS[position] for position in chosen],
        options={"maxiter": _ITERATIONS},
    )
    return _weights(whole(found.x), sequence=sequence)


def fit_certainty(answered: Sequence[Answered], weights: RankWeights, model: KindConfidence) -> HistoryWeights:
    """Return how history is believed with the certainty that suits the first items; ``model`` is of the content."""
    history = weights.history
    if history is None:
        raise ValueError("found weights without a history, expected those of `fit_history`")
    firsts = [first for each in answered if (first := _first(each, weights, model)) is not None]
    shares = np.array([first.share for first in firsts], dtype=np.float32)
    trust, rest, right = (np.array([getattr(first, name) for first in firsts]) for name in ("trust", "rest", "right"))
    weight = balanced([each.family for each in firsts], np.array([each.weight for each in firsts]))

    def loss(line: Floats) -> float:
        sure = np.clip(trust * certainty(shares, (line[0], line[1])) + rest, 1e-4, 1 - 1e-4)
        return float(-(weight * np.where(right, np.log(sure), np.log1p(-sure))).sum() + 0.1 * (line[1] - 1.0) ** 2)

    found = minimize(loss, np.array([0.0, 1.0]), method="L-BFGS-B", bounds=((-4, 4), (0, 4))).x
    return replace(history, certainty=(round(float(found[0]), 4), round(float(found[1]), 4)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _First:
    """The item that came first: its share and trust of history, ``rest`` that the content is sure of, and the truth."""

    family: str
    share: float
    trust: float
    rest: float
    right: bool
    weight: float


def _first(each: Answered, weights: RankWeights, model: KindConfidence) -> _First | None:
    parts = contributions(each.evidence, weights)
    ranked = order(parts.total, list(each.ids))
    if not ranked or parts.blend is None:
        return None
    best, mixed = ranked[0], parts.blend
    content = model.probabilities(confidence_features(each.evidence, parts, weights))[best]
    return _First(
        family=each.family,
        share=float(mixed.share[best]),
        trust=mixed.trust,
        rest=float(mixed.unknown[best] * content),
        right=bool(each.right[best]),
        weight=UNANSWERABLE if each.removed else 1.0,
    )


def _vector(weights: HistoryWeights) -> Floats:
    ratios = [max(each / max(weights.votes, _LEAST), _LEAST) for each in (weights.sequence, weights.head)]
    logs = np.log([*ratios, weights.head_after, weights.known_after, weights.temperature])
    low, high = np.array(_BOUNDS, dtype=np.float64).T
    vector: Floats = np.clip(np.concatenate([logs, [weights.doubt], weights.trust]), low, high)
    return vector


def _weights(vector: Floats, *, sequence: bool) -> HistoryWeights:
    after, head, head_after, known_after, temperature = np.exp(vector[:5])
    voices = np.array([1.0, after if sequence else 0.0, head])
    votes, followed, believed = (round(float(voice), 4) for voice in voices / voices.sum())
    return HistoryWeights(
        votes=votes,
        sequence=followed,
        head=believed,
        head_after=round(float(head_after), 4),
        known_after=round(float(known_after), 4),
        temperature=round(float(temperature), 4),
        doubt=round(float(vector[5]), 4),
        trust=tuple(round(float(value), 4) for value in vector[6:]),
        certainty=START.certainty,
    )


def _batch(answered: Sequence[Answered], weights: RankWeights) -> _Batch:
    if not answered:
        raise ValueError("found no question with a right answer among its candidates, expected some hundreds")
    content = [contributions(each.evidence, replace(weights, history=None)).content for each in answered]
    said = [each.evidence.history for each in answered]
    return _Batch(
        content=_padded(content, fill=-1e9),
        votes=_padded([each.votes for each in said]),
        sequence=_padded([each.sequence for each in said]),
        head=_padded([each.head for each in said]),
        used=_padded([each.used for each in said]),
        right=_padded([each.right for each in answered]),
        real=_padded([np.ones(len(each.right)) for each in answered]) > 0,
        nearness=np.array([each.nearness for each in said]),
        cases=np.array([each.cases for each in said], dtype=np.float64),
        weight=balanced([each.family for each in answered], np.ones(len(answered)), [each.source for each in answered]),
    )


def _padded(rows: Sequence[NDArray[np.generic]], fill: float = 0.0) -> Floats:
    table = np.full((len(rows), max(map(len, rows))), fill)
    for row, values in zip(table, rows, strict=True):
        row[: len(values)] = values
    return table


def _loss(batch: _Batch, vector: Floats) -> float:
    """Return the mean negative log-likelihood of the right answers: `assist.blending`, for all questions at once."""
    after, head, head_after, known_after, temperature = np.exp(vector[:5])
    learned = (head * batch.cases / (batch.cases + head_after))[:, None]
    voices = ((1.0, batch.votes), (after, batch.sequence), (learned, batch.head))
    heard = [weight * (share.sum(axis=1, keepdims=True) > 0) for weight, share in voices]
    whole = np.maximum(sum(heard), _LEAST)
    share = sum(part / whole * each for part, (_, each) in zip(heard, voices, strict=True))
    scaled = batch.content / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    probability = powers / powers.sum(axis=1, keepdims=True)
    new = (probability * ((batch.used == 0) & batch.real)).sum(axis=1)
    speaks = share.any(axis=1)
    features = np.column_stack([batch.nearness, share.max(axis=1), new, np.log1p(batch.cases)])
    trust = (expit(vector[5] + features @ vector[6:]) * speaks)[:, None]
    known = batch.used / (batch.used + known_after) * speaks[:, None]
    mixed = (1 - FLOOR) * (trust * share + (1 - trust) * (1 - known) * probability) + FLOOR * probability
    likelihood = np.maximum((mixed * batch.right).sum(axis=1), _LEAST)
    return float(-(batch.weight * np.log(likelihood)).sum() / batch.weight.sum())
