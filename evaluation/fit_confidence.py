"""Fitting the shipped confidence: how often an item with such evidence is right.

For every judged question the five best candidates are labelled right or wrong. Each question is then asked again after
its right answers were taken out of the corpus: whatever comes first now is wrong, and looks like what an agent should
be spared. A logistic regression over the features of ``assist.confidence`` learns from both, every family of sets
weighing the same. No coefficient may be negative: confidence that fell as evidence grew would be believed by nobody.
The threshold of a kind is the lowest at which the first items shown on these questions reach the wanted precision.

The result is fitted on all open sets, so it must never be *measured* on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from assist.confidence import FEATURES
from assist.considering import Considered, allowed_items, consider
from assist.models import SuggestRequest
from assist.ranking import Floats
from assist.similar import similar_features
from assist.suggest import Suggester, default_weights
from evaluation.questions import Question
from index.filters import Mask
from index.searcher import OpenSnapshot
from index.situations import UsedKind

TOP = 5
# The share of questions whose answer is missing, as the fit sees it: of three questions asked, one has no answer.
REMOVED_WEIGHT = 0.5
RIDGE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One candidate: its features (len(FEATURES),), whether it is right, whether it came first, and its weight."""

    family: str
    features: NDArray[np.float64]
    right: bool
    first: bool
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedKind:
    """A fitted model; ``precision`` and ``coverage`` are those of first items at the threshold, on the fit's data."""

    intercept: float
    coefficients: dict[str, float]
    threshold: float
    precision: float
    coverage: float
    examples: int


def examples_of(
    snapshot: OpenSnapshot, suggester: Suggester, kind: UsedKind, family: str, questions: Iterable[Question]
) -> Iterator[Example]:
    """Yield the labelled candidates of each question, asked with and without its right answers."""
    space = snapshot.items[kind]
    for question in questions:
        case = suggester.understand(
            SuggestRequest(case=question.case, as_of=question.as_of, actions_done=question.done)
        )
        past = suggester.look_back(case)
        allowed = allowed_items(space, case)
        weights = default_weights()[kind]
        asked = consider(kind, space, case, allowed, past, weights)
        yield from _label(asked, question.relevant, family, 1.0)
        without = allowed & ~_rows(snapshot, kind, question.relevant)
        yield from _label(consider(kind, space, case, without, past, weights), frozenset(), family, REMOVED_WEIGHT)


def similar_examples(
    snapshot: OpenSnapshot, suggester: Suggester, family: str, questions: Iterable[Question]
) -> Iterator[Example]:
    """Yield the nearest solved cases of each question, whose relevant ids are those of cases."""
    ids = np.array([case.id for case in snapshot.cases.cases], dtype=np.str_)
    for question in questions:
        case = suggester.understand(SuggestRequest(case=question.case, as_of=question.as_of))
        past = suggester.look_back(case)
        right = np.isin(ids[past.nearest.cases], sorted(question.relevant))
        yield from _label_near(past.meaning, right, family, 1.0)
        yield from _label_near(past.meaning[~right], right[~right], family, REMOVED_WEIGHT)


def fit(examples: Sequence[Example], *, precision: float) -> FittedKind:
    """Fit the model of one kind and choose its threshold for the wanted precision of first items (0 to 1)."""
    features = np.array([example.features for example in examples])
    right = np.array([example.right for example in examples])
    weights = _balanced(examples)
    intercept, coefficients = _logistic(features, right, weights)
    first = np.array([example.first for example in examples])
    confidences = expit(intercept + features @ coefficients)
    threshold, reached, coverage = _threshold(confidences[first], right[first], weights[first], precision)
    return FittedKind(
        intercept=round(intercept, 4),
        coefficients={name: round(float(value), 4) for name, value in zip(FEATURES, coefficients, strict=True)},
        threshold=round(threshold, 3),
        precision=round(reached, 3),
        coverage=round(coverage, 3),
        examples=len(examples),
    )


def _label(considered: Considered, relevant: frozenset[str], family: str, weight: float) -> Iterator[Example]:
    for rank, position in enumerate(considered.ranking[:TOP]):
        yield Example(
            family=family,
            features=considered.features[position],
            right=considered.id_at(position) in relevant,
            first=rank == 0,
            weight=weight,
        )


def _label_near(meaning: Floats, right: NDArray[np.bool_], family: str, weight: float) -> Iterator[Example]:
    for rank, features in enumerate(similar_features(meaning)[:TOP]):
        yield Example(family=family, features=features, right=bool(right[rank]), first=rank == 0, weight=weight)


def _logistic(
    features: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Minimise the weighted log loss, with a light ridge, over an intercept and coefficients that are not negative."""
    design = np.column_stack([np.ones(len(features)), features])

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = design @ parameters
        value = weights @ (np.logaddexp(0.0, logits) - right * logits) + RIDGE * (parameters[1:] @ parameters[1:])
        gradient = design.T @ (weights * (expit(logits) - right))
        gradient[1:] += 2 * RIDGE * parameters[1:]
        return float(value), gradient

    bounds = [(None, None)] + [(0.0, None)] * features.shape[1]
    found = minimize(loss, np.zeros(design.shape[1]), jac=True, bounds=bounds, method="L-BFGS-B")
    return float(found.x[0]), found.x[1:]


def _rows(snapshot: OpenSnapshot, kind: UsedKind, ids: Iterable[str]) -> Mask:
    space = snapshot.items[kind]
    mask = np.zeros(len(space.items), dtype=np.bool_)
    mask[[space.row_of[each] for each in ids if each in space.row_of]] = True
    return mask


def _balanced(examples: Sequence[Example]) -> NDArray[np.float64]:
    families = np.array([example.family for example in examples])
    weights = np.array([example.weight for example in examples])
    for family in np.unique(families):
        members = families == family
        weights[members] *= 1.0 / weights[members].sum()
    balanced: NDArray[np.float64] = weights * len(examples) / weights.sum()
    return balanced


def _threshold(
    confidences: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64], precision: float
) -> tuple[float, float, float]:
    """Lowest threshold at which what is shown reaches the precision; with the precision and coverage it has there."""
    order = np.argsort(-confidences, kind="stable")
    shown, hits = np.cumsum(weights[order]), np.cumsum((weights * right)[order])
    reaching = np.flatnonzero(hits / shown >= precision)
    last = int(reaching[-1]) if reaching.size else 0
    return float(confidences[order][last]), float(hits[last] / shown[last]), float(shown[last] / shown[-1])
