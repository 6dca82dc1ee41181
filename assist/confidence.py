"""The probability that a suggestion is right, and when to show nothing.

A logistic model per kind, kept as readable JSON. Its features are differences and shares that mean the same in any
corpus: how far an item stands out of the background, how far ahead of its rivals it is, what words and votes say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from assist.models import SUGGEST_KINDS, SuggestKind
from assist.ranking import Contributions, Evidence, Floats

FEATURES = ("meaning", "words", "covered", "votes", "sequence", "lead")
_LEAD_LIMIT = 4.0


class ScorerError(ValueError):
    """A scorer file that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindConfidence:
    """The logistic model of one kind and the confidence below which its first item is not shown."""

    intercept: float
    coefficients: tuple[float, ...]
    threshold: float

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability that each row of ``features`` (m, len(FEATURES)) is right, rounded to four digits."""
        logits = self.intercept + features @ np.asarray(self.coefficients, dtype=np.float64)
        return np.round(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidenceModel:
    """The confidence of every kind; ``name`` is reported as ``model.ranker``."""

    name: str
    kinds: Mapping[SuggestKind, KindConfidence]


def confidence_features(evidence: Evidence, parts: Contributions, covered: Floats) -> NDArray[np.float64]:
    """Return the features (m, len(FEATURES)) of each candidate.

    ``covered`` is the share of the query's word information that the item holds (0 to 1). ``lead`` is the distance to
    the best rival, limited to +-4: beyond, more distance says nothing more.
    """
    return np.column_stack(
        [
            evidence.meaning,
            evidence.words * evidence.same_language,
            covered,
            evidence.votes * evidence.vote_trust,
            evidence.sequence,
            np.clip(leads(parts.total), -_LEAD_LIMIT, _LEAD_LIMIT),
        ]
    ).astype(np.float64)


def leads(scores: Floats) -> Floats:
    """Distance of each score to the best of the others (the limit of the feature where there is no other)."""
    if scores.size < 2:
        return np.full(scores.shape, _LEAD_LIMIT, dtype=np.float32)
    best, second = np.sort(scores)[::-1][:2]
    best_other = np.where(scores == best, second, best)
    distance: Floats = (scores - best_other).astype(np.float32)
    return distance


def shipped_confidence(name: str = "first") -> ConfidenceModel:
    """Read the shipped model ``assist/scorers/<name>.json``."""
    text = resources.files("assist").joinpath("scorers", f"{name}.json").read_text(encoding="utf-8")
    return parse_confidence(json.loads(text))


def parse_confidence(data: Mapping[str, object]) -> ConfidenceModel:
    """Turn the JSON of a scorer into a model; raise ``ScorerError`` when it does not fit this version's features."""
    if data.get("features") != list(FEATURES):
        raise ScorerError(f"found features {data.get('features')}, expected {list(FEATURES)}; fit the scorer again")
    kinds = data.get("kinds")
    if not isinstance(kinds, dict) or set(kinds) != set(SUGGEST_KINDS):
        raise ScorerError(f"found the kinds {kinds!r}, expected {list(SUGGEST_KINDS)}; fit the scorer again")
    return ConfidenceModel(
        name=str(data["name"]),
        kinds={
            kind: KindConfidence(
                intercept=float(values["intercept"]),
                coefficients=tuple(float(values["coefficients"][feature]) for feature in FEATURES),
                threshold=float(values["threshold"]),
            )
            for kind, values in kinds.items()
        },
    )
