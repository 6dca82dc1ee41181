"""A scorer: the weights of the ranking and the confidence of every kind, as readable JSON.

``assist/scorers`` holds what the product ships: ``all.json`` serves, and for each family of the open sets a
``without-<family>.json`` that never saw it, with which that family is measured.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from itertools import pairwise
from typing import Any

from assist.blending import TRUST_FEATURES, HistoryWeights
from assist.confidence import FEATURES, KindConfidence, ThresholdPoint
from assist.models import SUGGEST_KINDS, SuggestKind
from assist.ranking import RankWeights
from index.situations import USED_KINDS, UsedKind

SHIPPED = "all"
_FOLDER = "scorers"


class ScorerError(ValueError):
    """A scorer file that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """How items are ranked and how sure to be of them; ``name`` is reported as ``model.ranker``."""

    name: str
    weights: Mapping[UsedKind, RankWeights]
    confidence: Mapping[SuggestKind, KindConfidence]


def shipped_scorer(name: str = SHIPPED) -> Scorer:
    """Read the shipped scorer ``assist/scorers/<name>.json``."""
    return parse_scorer(json.loads(scorer_bytes(name)))


def scorer_bytes(name: str = SHIPPED) -> bytes:
    """Return the shipped file of a scorer."""
    return resources.files("assist").joinpath(_FOLDER, f"{name}.json").read_bytes()


def scorer_without(family: str) -> str:
    """Return the name of the shipped scorer that never saw a family of judged sets; ``all`` for one unknown to it."""
    name = f"without-{family}"
    return name if resources.files("assist").joinpath(_FOLDER, f"{name}.json").is_file() else SHIPPED


def parse_scorer(data: Mapping[str, Any]) -> Scorer:
    """Turn the JSON of a scorer into one; raise ``ScorerError`` when it does not fit this version."""
    if data.get("features") != list(FEATURES):
        raise ScorerError(f"found features {data.get('features')}, expected {list(FEATURES)}; fit the scorer again")
    kinds = data.get("kinds")
    if not isinstance(kinds, dict) or set(kinds) != set(SUGGEST_KINDS):
        found = sorted(kinds) if isinstance(kinds, dict) else kinds
        raise ScorerError(f"found the kinds {found}, expected {list(SUGGEST_KINDS)}; fit the scorer again")
    try:
        return Scorer(
            name=str(data["name"]),
            weights={kind: _weights(kinds[kind]["ranking"]) for kind in USED_KINDS},
            confidence={kind: _confidence(kinds[kind]["confidence"]) for kind in SUGGEST_KINDS},
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ScorerError(f"found a kind with other fields ({error}), expected those of `all.json`") from error


def scorer_json(scorer: Scorer) -> dict[str, Any]:
    """Return a scorer as ``parse_scorer`` reads it."""
    kinds: dict[str, Any] = {}
    for kind in SUGGEST_KINDS:
        model = scorer.confidence[kind]
        kinds[kind] = {"ranking": _weights_json(scorer.weights[kind])} if kind != "similar_cases" else {}
        kinds[kind]["confidence"] = {
            "intercept": model.intercept,
            "coefficients": dict(zip(FEATURES, model.coefficients, strict=True)),
            "thresholds": [[point.precision, point.threshold] for point in model.points],
        }
    return {"name": scorer.name, "features": list(FEATURES), "kinds": kinds}


def _weights(values: Mapping[str, Any]) -> RankWeights:
    content = {name: float(value) for name, value in dict(values).items() if name != "history"}
    return RankWeights(**content, history=_history(values["history"]))


def _history(values: Mapping[str, Any] | None) -> HistoryWeights | None:
    if values is None:
        return None
    numbers = {name: float(value) for name, value in values.items() if name not in ("trust", "certainty")}
    return HistoryWeights(
        **numbers,
        trust=tuple(float(values["trust"][feature]) for feature in TRUST_FEATURES),
        certainty=(float(values["certainty"]["intercept"]), float(values["certainty"]["slope"])),
    )


def _weights_json(weights: RankWeights) -> dict[str, Any]:
    data = asdict(weights)
    if weights.history is not None:
        data["history"]["trust"] = dict(zip(TRUST_FEATURES, weights.history.trust, strict=True))
        data["history"]["certainty"] = dict(zip(("intercept", "slope"), weights.history.certainty, strict=True))
    return data


def _confidence(values: Mapping[str, Any]) -> KindConfidence:
    points = tuple(ThresholdPoint(float(precision), float(at)) for precision, at in values["thresholds"])
    if not points or any(one.precision >= other.precision for one, other in pairwise(points)):
        raise ValueError("thresholds must be pairs of a precision and a confidence, by rising precision")
    return KindConfidence(
        intercept=float(values["intercept"]),
        coefficients=tuple(float(values["coefficients"][feature]) for feature in FEATURES),
        points=points,
    )
