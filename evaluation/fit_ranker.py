"""Fitting the shipped scorers: how much each kind of evidence weighs, and how sure to be of what comes first.

**Ranking.** A listwise fit: over the candidates of a question the scores make a softmax, and the weights are those that
give the right answers the most of it (Cao et al., ICML 2007, top-one probability), with a light ridge. Only the ratio
to the weight of meaning is kept.

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

from assist.confidence import KindConfidence, ThresholdPoint, confidence_features
from assist.ranking import Evidence, Floats, RankWeights, contributions, order
from assist.similar import similar_features

# The share of questions whose answer is missing, as the fit sees it: of three questions asked, one has no answer.
REMOVED_WEIGHT = 0.5
RANKING_RIDGE = 1e-3
CONFIDENCE_RIDGE = 0.1
# Precisions (of first items shown) whose thresholds a scorer tells.
PRECISIONS = tuple(step / 20 for step in range(6, 20))

Weights = NDArray[np.float64]


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


def fit_content_weights(answered: Sequence[Answered]) -> tuple[float, float, float]:
    """Return the weights of alignment, of words in one language and across languages; that of meaning is 1.

    Questions without a right candidate teach nothing and are left out; raises ``ValueError`` if none is left.
    """
    lists = [each for each in answered if not each.removed and each.right.any()]
    if not lists:
        raise ValueError("found no question with a right answer among its candidates, expected some hundreds")
    design = np.concatenate([_content(each.evidence) for each in lists])
    right = np.concatenate([each.right / each.right.sum() for each in lists])
    sizes = [len(each.right) for each in lists]
    starts = np.cumsum([0, *sizes[:-1]])
    weights = _balanced([each.family for each in lists], np.ones(len(lists)), [each.source for each in lists])
    row_weights = np.repeat(weights / weights.sum(), sizes)

    def loss(parameters: Weights) -> tuple[float, Weights]:
        scores = design @ parameters
        most = np.repeat(np.maximum.reduceat(scores, starts), sizes)
        powers = np.exp(scores - most)
        sums = np.repeat(np.add.reduceat(powers, starts), sizes)
        value = -(row_weights * right * (scores - most - np.log(sums))).sum() + RANKING_RIDGE * parameters @ parameters
        gradient = -design.T @ (row_weights * (right - powers / sums)) + 2 * RANKING_RIDGE * parameters
        return float(value), gradient

    found = minimize(loss, np.ones(4), jac=True, bounds=[(1e-3, None)] + [(0.0, None)] * 3, method="L-BFGS-B").x
    alignment, words, across = (round(float(value / found[0]), 2) for value in found[1:])
    return alignment, words, across


def examples_of(answered: Iterable[Answered], weights: RankWeights) -> Iterator[Example]:
    """Yield the first item of each question, as the weights rank them."""
    for each in answered:
        parts = contributions(each.evidence, weights)
        yield from _first(each, confidence_features(each.evidence, parts), parts.total)


def similar_examples_of(answered: Iterable[Answered]) -> Iterator[Example]:
    """Yield the nearest solved case of each question; of its evidence only meaning counts."""
    for each in answered:
        meaning = np.round(each.evidence.meaning, 5)
        yield from _first(each, similar_features(meaning), meaning)


def fit_confidence(examples: Sequence[Example]) -> KindConfidence:
    """Fit the model of one kind, with the thresholds of the usual precisions; raises ``ValueError`` without any."""
    if not examples:
        raise ValueError("found no example, expected some thousands")
    features = np.array([example.features for example in examples])
    right = np.array([example.right for example in examples])
    weights = _balanced([each.family for each in examples], np.array([each.weight for each in examples]))
    intercept, coefficients = _logistic(features, right, weights)
    model = KindConfidence(
        intercept=round(intercept, 4),
        coefficients=tuple(round(float(value), 4) for value in coefficients),
        points=(ThresholdPoint(0.0, 0.0),),
    )
    return with_thresholds(model, examples)


def with_thresholds(model: KindConfidence, examples: Sequence[Example]) -> KindConfidence:
    """Return a model with the thresholds at which the first items of these examples reach the usual precisions."""
    confidences = model.probabilities(np.array([example.features for example in examples]))
    right = np.array([example.right for example in examples])
    weights = _balanced([each.family for each in examples], np.array([each.weight for each in examples]))
    return replace(model, points=tuple(_threshold_points(confidences, right, weights)))


def _content(evidence: Evidence) -> Weights:
    same = evidence.same_language
    return np.column_stack(
        [evidence.meaning, evidence.alignment, evidence.words * same, evidence.words * (1 - same)]
    ).astype(np.float64)


def _first(each: Answered, features: Weights, scores: Floats) -> Iterator[Example]:
    for position in order(scores, list(each.ids))[:1]:
        yield Example(
            family=each.family,
            features=features[position],
            right=bool(each.right[position]),
            weight=REMOVED_WEIGHT if each.removed else 1.0,
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


def _balanced(families: Sequence[str], weights: Weights, sources: Sequence[str] = ()) -> Weights:
    """Scale weights so that every family has the same sum, and within one every source, if sources are told."""
    balanced = weights.astype(np.float64)
    for names in filter(None, ([f"{one}\n{other}" for one, other in zip(families, sources, strict=False)], families)):
        for members in _groups(names):
            balanced[members] /= balanced[members].sum()
    scaled: Weights = balanced * len(balanced) / balanced.sum()
    return scaled


def _groups(names: Sequence[str]) -> Iterator[NDArray[np.bool_]]:
    every = np.array(names)
    for name in np.unique(every):
        yield every == name


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
