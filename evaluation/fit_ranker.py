"""Fitting the shipped scorers: how much each kind of evidence weighs, and how sure to be of what comes first.

**Ranking.** A listwise fit (`evaluation.listwise`), of which only the ratio to the weight of meaning is kept.

**History.** See `evaluation.fit_history`.

**Confidence.** Every question is asked twice, the second time after its right answers were taken out of the corpus:
whatever comes first then is wrong, and looks like what an agent should be spared. A logistic regression over the
features of `assist.confidence` learns from the first item of both, since that one decides what is shown. No coefficient
may be negative: confidence that fell as evidence grew would be believed by nobody.

Every family of sets weighs the same in both. Whoever measures a family takes the scorer whose fit left it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from assist.confidence import KindConfidence, ThresholdPoint, confidence_features, confidences
from assist.ranking import Evidence, Floats, RankWeights, contributions, order
from assist.similar import similar_features
from evaluation.listwise import Bounds, CandidateList, Weights, balanced, listwise_weights

# The share of questions whose answer is missing, as the fit sees it: of three questions asked, one has no answer.
REMOVED_WEIGHT = 0.5
CONFIDENCE_RIDGE = 0.1
# Precisions (of first items shown) whose thresholds a scorer tells.
PRECISIONS = tuple(step / 20 for step in range(6, 20))

# Of meaning, alignment, words in one language and across languages: none may speak against what it is found in.
CONTENT_BOUNDS: Bounds = ((1e-3, None), (0.0, None), (0.0, None), (0.0, None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The candidates of one question: ``evidence`` for each of m, their ``ids``, and which are ``right`` (m,) bool.

    ``removed`` says that the right answers had been taken out.
    """

    family: str
    source: str
    ids: Sequence[str]
    evidence: Evidence
    right: NDArray[np.bool_]
    removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A first item: its features (len(FEATURES),), whether it is right, and its weight."""

    family: str
    features: NDArray[np.float64]
    right: bool
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A first item: the ``confidence`` (0 to 1) claimed of it, whether it is right, and its weight."""

    family: str
    confidence: float
    right: bool
    weight: float


def fit_content_weights(answered: Sequence[Answered]) -> tuple[float, float, float]:
    """Return the weights of alignment, of words in one language and across languages; that of meaning is 1.

    Questions without a right candidate teach nothing and are left out; raises ``ValueError`` if none is left.
    """
    found = listwise_weights([candidate_list(each) for each in answered if not each.removed], CONTENT_BOUNDS)
    alignment, words, across = (round(float(value / found[0]), 2) for value in found[1:])
    return alignment, words, across


def candidate_list(answered: Answered) -> CandidateList:
    """Return the candidates of a question with what their content says, a column for each bound of the fit."""
    same = answered.evidence.same_language
    words = answered.evidence.words
    return CandidateList(
        family=answered.family,
        source=answered.source,
        design=np.column_stack(
            [answered.evidence.meaning, answered.evidence.alignment, words * same, words * (1 - same)]
        ).astype(np.float64),
        right=answered.right,
    )


def examples_of(answered: Iterable[Answered], weights: RankWeights) -> Iterator[Example]:
    """Yield the first item of each question, as the weights rank them."""
    for each in answered:
        parts = contributions(each.evidence, weights)
        yield from _first(each, confidence_features(each.evidence, parts, weights), parts.total)


def similar_examples_of(answered: Iterable[Answered]) -> Iterator[Example]:
    """Yield the nearest solved case of each question; of its evidence only meaning counts."""
    for each in answered:
        meaning = np.round(each.evidence.meaning, 5)
        yield from _first(each, similar_features(meaning, each.evidence.eligible), meaning)


def fit_confidence(examples: Sequence[Example]) -> KindConfidence:
    """Fit the model of one kind, with the thresholds of the usual precisions; raises ``ValueError`` without any."""
    if not examples:
        raise ValueError("found no example, expected some thousands")
    features = np.array([example.features for example in examples])
    right = np.array([example.right for example in examples])
    weights = balanced([each.family for each in examples], np.array([each.weight for each in examples]))
    intercept, coefficients = _logistic(features, right, weights)
    model = KindConfidence(
        intercept=round(intercept, 4),
        coefficients=tuple(round(float(value), 4) for value in coefficients),
        points=(ThresholdPoint(0.0, 0.0),),
    )
    return with_thresholds(model, [claim_of(model, each) for each in examples])


def claim_of(model: KindConfidence, example: Example) -> Claim:
    """Return what a model claims of a first item by its content alone."""
    confidence = float(model.probabilities(example.features[None, :])[0])
    return Claim(family=example.family, confidence=confidence, right=example.right, weight=example.weight)


def claims_of(answered: Iterable[Answered], weights: RankWeights, model: KindConfidence) -> Iterator[Claim]:
    """Yield what is claimed of the first item of each question, by content and history."""
    for each in answered:
        parts = contributions(each.evidence, weights)
        features = confidence_features(each.evidence, parts, weights)
        claimed = confidences(model, features, parts.blend, weights.history)
        for position in order(parts.total, list(each.ids))[:1]:
            yield Claim(
                family=each.family,
                confidence=float(claimed[position]),
                right=bool(each.right[position]),
                weight=weight_of(each),
            )


def with_thresholds(model: KindConfidence, claims: Sequence[Claim]) -> KindConfidence:
    """Return a model with the thresholds at which the first items of these claims reach the usual precisions."""
    claimed = np.array([each.confidence for each in claims])
    right = np.array([each.right for each in claims])
    weights = balanced([each.family for each in claims], np.array([each.weight for each in claims]))
    return replace(model, points=tuple(_threshold_points(claimed, right, weights)))


def weight_of(answered: Answered) -> float:
    """Return how much a question weighs in a fit of confidence."""
    return REMOVED_WEIGHT if answered.removed else 1.0


def _first(each: Answered, features: Weights, scores: Floats) -> Iterator[Example]:
    for position in order(scores, list(each.ids))[:1]:
        yield Example(
            family=each.family,
            features=features[position],
            right=bool(each.right[position]),
            weight=weight_of(each),
        )


def _logistic(features: Weights, right: NDArray[np.bool_], weights: Weights) -> tuple[float, Weights]:
    """Minimise the weighted log loss, with a light ridge, over an intercept and coefficients that are not negative."""
    design = np.column_stack([np.ones(len(features)), features])

    def loss(parameters: Weights) -> tuple[float, Weights]:
        logits = design @ parameters
        ridge = CONFIDENCE_RIDGE * (parameters[1:] @ parameters[1:])
        value = weights @ (np.logaddexp(0.0, logits) - right * logits) + ridge
        gradient = design.T @ (weights * (expit(logits) - right))
        gradient[1:] += 2 * CONFIDENCE_RIDGE * parameters[1:]
        return float(value), gradient

    bounds = [(None, None)] + [(0.0, None)] * features.shape[1]
    found = minimize(loss, np.zeros(design.shape[1]), jac=True, bounds=bounds, method="L-BFGS-B")
    return float(found.x[0]), found.x[1:]


def _threshold_points(confidences: Weights, right: NDArray[np.bool_], weights: Weights) -> Iterator[ThresholdPoint]:
    """Yield for each precision the lowest confidence from which on first items reach it, as far as it is reached."""
    descending = np.argsort(-confidences, kind="stable")
    ranked = confidences[descending]
    shown, hits = np.cumsum(weights[descending]), np.cumsum((weights * right)[descending])
    whole = np.append(ranked[1:] < ranked[:-1], True)  # equal confidences are shown together or not at all
    yield ThresholdPoint(0.0, 0.0)
    for precision in PRECISIONS:
        reaching = np.flatnonzero((hits / shown >= precision) & whole)
        if reaching.size:
            yield ThresholdPoint(precision, round(float(ranked[reaching[-1]]), 4))
