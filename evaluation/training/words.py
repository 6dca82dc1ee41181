"""What the numbers of the history weights say, in words for whoever looks after the knowledge base."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp

from scipy.special import expit

from assist.blending import TRUST_FEATURES, HistoryWeights

_VOICES = (
    ("votes", "solved cases like this one: which items they used"),
    ("sequence", "what usually followed the action done last"),
    ("head", "a model of all solved cases together: which item cases with such texts used"),
)
_TRUST = {
    "nearness": "for each standard deviation by which the nearest solved case stands out",
    "agreement": "where history agrees on one item, over where it agrees on none",
    "new": "where the texts speak for items that no case used yet, over where they speak for known ones",
    "experience": "for each tenfold of the number of solved cases",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightTold:
    """One number of the history weights: as shipped, as learned, and what the learned one says."""

    name: str
    shipped: float
    learned: float
    says: str


def weights_told(shipped: HistoryWeights, learned: HistoryWeights) -> tuple[WeightTold, ...]:
    """Return every number of both, in the order in which a reader needs them."""
    before = dict(_numbers(shipped))
    return tuple(
        WeightTold(name=name, shipped=before[name], learned=value, says=_said(name, value))
        for name, value in _numbers(learned)
    )


def _numbers(weights: HistoryWeights) -> Iterator[tuple[str, float]]:
    for name, _ in _VOICES:
        yield name, getattr(weights, name)
    yield "doubt", weights.doubt
    yield from zip(TRUST_FEATURES, weights.trust, strict=True)
    yield "head_after", weights.head_after
    yield "known_after", weights.known_after
    yield "temperature", weights.temperature
    yield "certainty", weights.certainty[0]
    yield "certainty_slope", weights.certainty[1]


def _said(name: str, value: float) -> str:
    voices = dict(_VOICES)
    if name in voices:
        return f"{value:.0%} of what history says comes from {voices[name]}" if value else f"not heard: {voices[name]}"
    if name in _TRUST:
        return f"the odds that history knows the answer are multiplied by {_factor(name, value):.3g} {_TRUST[name]}"
    told = {
        "doubt": f"before anything speaks for it, history is believed to {expit(value):.1%}",
        "head_after": f"after {value:.3g} solved cases the model over all of them is heard at half its weight",
        "known_after": (
            f"an item that {value:.3g} cases used is half known: where history does not know the answer, its text "
            "speaks for it half as much as that of a new item"
        ),
        "temperature": (
            f"scores of texts are divided by {value:.3g} before they are probabilities: below 1 small leads count more"
        ),
        "certainty": f"an item to which history gives one half is right with {expit(value):.0%}, where it knows",
        "certainty_slope": (
            f"confidence follows the shares of history {value:.3g} times as steeply as they stand: below 1 more "
            "cautiously"
        ),
    }
    return told[name]


def _factor(name: str, value: float) -> float:
    # Experience goes by the natural logarithm of the number of cases, of which ten times as many have 2.3 more.
    return float(10**value) if name == "experience" else exp(value)
