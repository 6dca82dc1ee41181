"""What a snapshot knows of urgency: which way of telling is proven, how far to believe it, and what was learned."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from index.blobs import array_of, blob_of

Floats = NDArray[np.float32]
Serves = Literal["learned", "rules", "off"]
STATEMENT, WEIGHTS, EFFECTS = "urgency.json", "urgency.weights.npy", "urgency.effects.npy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """How often a way of telling was right on later cases: of those it called high, and of the others (normal)."""

    high: float
    normal: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyHead:
    """A logistic model: ``weights`` (d,) of the text's vector less its ``mean``, ``effects`` (kinds,) of the signals.

    A chance of ``threshold`` or more is high.
    """

    weights: Floats
    mean: Floats
    effects: Floats
    intercept: float
    threshold: float

    def by_text(self, vector: Floats) -> float:
        """Return what the text says beyond an average one, in logits."""
        return float((vector - self.mean) @ self.weights)

    def chance(self, vector: Floats, present: NDArray[np.float64]) -> float:
        """Return how likely a case is urgent, 0 to 1."""
        return float(expit(self.by_text(vector) + float(present @ self.effects) + self.intercept))


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyModel:
    """What of urgency may be used, ``why``, and with which ``belief``; ``head`` is there where what was learned serves.

    ``rules_belief`` is there wherever the cases could tell how far rules may be believed, proven or not.
    """

    serves: Serves
    why: str
    head: UrgencyHead | None = None
    belief: Belief | None = None
    rules_belief: Belief | None = None

    def to_blobs(self) -> dict[str, bytes]:
        """Return the model as named bytes."""
        document: dict[str, object] = {
            "serves": self.serves,
            "why": self.why,
            "belief": _told(self.belief),
            "rules_belief": _told(self.rules_belief),
        }
        if self.head is None:
            return {STATEMENT: _json(document)}
        document |= {"intercept": self.head.intercept, "threshold": self.head.threshold}
        return {
            STATEMENT: _json(document),
            WEIGHTS: blob_of(np.stack([self.head.weights, self.head.mean])),
            EFFECTS: blob_of(self.head.effects),
        }

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> UrgencyModel:
        """Read what ``to_blobs`` wrote; a snapshot that says nothing of urgency knows nothing of it."""
        if STATEMENT not in blobs:
            return UNKNOWN
        document = json.loads(blobs[STATEMENT])
        head = None
        if WEIGHTS in blobs:
            weights, mean = array_of(blobs[WEIGHTS], np.float32)
            head = UrgencyHead(
                weights=weights,
                mean=mean,
                effects=array_of(blobs[EFFECTS], np.float32),
                intercept=document["intercept"],
                threshold=document["threshold"],
            )
        return cls(
            serves=document["serves"],
            why=document["why"],
            head=head,
            belief=_belief(document["belief"]),
            rules_belief=_belief(document["rules_belief"]),
        )


UNKNOWN = UrgencyModel(serves="off", why="the snapshot says nothing of urgency: build it again with `make reindex`")


def _told(belief: Belief | None) -> dict[str, float] | None:
    return None if belief is None else {"high": belief.high, "normal": belief.normal}


def _belief(document: Mapping[str, float] | None) -> Belief | None:
    return None if document is None else Belief(high=document["high"], normal=document["normal"])


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, sort_keys=True, ensure_ascii=False).encode("utf-8")
