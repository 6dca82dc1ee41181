"""The probability that a suggestion is right, and when to show nothing.

Content: a logistic model per kind over how far the content of an item stands out (its part of the score, how it
compares with the best rival, and with the best that so many items reach by chance); it means the same in any corpus.

History: where it knows the answer, an item is as sure as the log-odds of its share there say. Both are mixed as the
ranking mixes them (`assist/blending.py`), so that confidence passes from the first day to a long history smoothly:

    t g(h(i)) + (1 - t) (1 - w(i)) c(i)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from assist.blending import Blend, HistoryWeights
from assist.ranking import Contributions, Evidence, Floats, RankWeights

FEATURES = ("above_chance",)
# Of the lead over the best rival so much counts as if the first item itself were better by it. More tells right from
# wrong a little better where there is an answer, and no longer tells that there is none (docs/ranking.md).
LEAD_SHARE = 0.3
# Behind the first item the distance to it counts twice: few questions have a second answer, and where one is as good
# as the first, it is as sure.
LAG_SHARE = 2.0
_LEAD_LIMIT = 4.0
LEAST_SHARE = 1e-3
"""History is never surer of an item, or of its being wrong, than one in a thousand."""


@dataclass(frozen=True, slots=True)
class ThresholdPoint:
    """The lowest confidence at which the first items shown reach a ``precision`` (0 to 1) on the data of the fit."""

    precision: float
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KindConfidence:
    """The logistic model of one kind; ``points`` say which threshold gives which precision, both ascending."""

    intercept: float
    coefficients: tuple[float, ...]
    points: Sequence[ThresholdPoint]

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability that each row of ``features`` (m, len(FEATURES)) is right by its content, to four digits."""
        logits = self.intercept + features @ np.asarray(self.coefficients, dtype=np.float64)
        return rounded(expit(logits))

    def threshold(self, precision: float) -> float:
        """Return the confidence below which a first item is not shown, for a wanted precision of first items (0 to 1).

        Between two points it is interpolated; beyond the last it is the last: no more was reached.
        """
        return float(
            np.interp(precision, [each.precision for each in self.points], [each.threshold for each in self.points])
        )


def confidences(
    model: KindConfidence, features: NDArray[np.float64], mixed: Blend | None, weights: HistoryWeights | None
) -> NDArray[np.float64]:
    """Return the probability that each candidate (m,) is right, rounded to four digits."""
    content = model.probabilities(features)
    if mixed is None or weights is None:
        return content
    return rounded(mixed.trust * certainty(mixed.share, weights.certainty) + mixed.unknown * content)


def rounded(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities to four digits: the last bits of a float never decide what is shown."""
    digits: NDArray[np.float64] = np.round(probabilities, 4)
    return digits


def certainty(share: Floats, line: tuple[float, float]) -> NDArray[np.float64]:
    """Return how sure history is of items of these shares (m,): logistic in their log-odds; 0 for a share of 0."""
    bounded = np.clip(share.astype(np.float64), LEAST_SHARE, 1.0 - LEAST_SHARE)
    sure: NDArray[np.float64] = expit(line[0] + line[1] * logit(bounded)) * (share > 0)
    return sure


def confidence_features(evidence: Evidence, parts: Contributions, weights: RankWeights) -> NDArray[np.float64]:
    """Return the features (m, len(FEATURES)) of each candidate.

    ``above_chance`` is the standing of the content part less what the best of all eligible items reaches where none
    answers.
    """
    # Meaning and alignment rise together, so that their deviations, 1 and its weight, add up.
    chance = best_by_chance(evidence.eligible, deviation=1.0 + weights.alignment)
    return (standing(parts.content, parts.total) - chance).astype(np.float64)[:, None]


def best_by_chance(items: int, *, deviation: float) -> float:
    """Return how far the best of so many items stands out where all are average, in their deviations.

    The largest of n independent draws of a normal distribution lies near ``sqrt(2 ln n)`` deviations above the mean
    (Embrechts, Klueppelberg and Mikosch, Modelling Extremal Events, 1997, example 3.3.29). So the best of many says
    less than the best of few. 0 for fewer than two.
    """
    return deviation * sqrt(2.0 * log(items)) if items > 1 else 0.0


def standing(content: Floats, scores: Floats) -> Floats:
    """Return how far each candidate (m,) stands out: by its content, .3 of its lead or 2 times its lag.

    Both are the distance of its whole score to the best rival's, limited to 4: beyond, more says nothing more.
    """
    lead = np.clip(leads(scores), -_LEAD_LIMIT, _LEAD_LIMIT)
    return (content + LEAD_SHARE * np.maximum(lead, 0.0) + LAG_SHARE * np.minimum(lead, 0.0)).astype(np.float32)


def leads(scores: Floats) -> Floats:
    """Distance of each score to the best of the others (the limit of the feature where there is no other)."""
    if scores.size < 2:
        return np.full(scores.shape, _LEAD_LIMIT, dtype=np.float32)
    best, second = np.sort(scores)[::-1][:2]
    best_other = np.where(scores == best, second, best)
    distance: Floats = (scores - best_other).astype(np.float32)
    return distance
