"""History and content as one: where history knows the answer its word counts, elsewhere that of the content.

A mixture of two experts (Jacobs et al., Neural Computation 3, 1991):

    P(i) = t h(i) + (1 - t) (1 - w(i)) p(i),    w(i) = n(i) / (n(i) + k)

``h`` is what solved cases say (a convex combination of votes, sequence and head), ``p`` a softmax of the content's
scores, and ``t`` the probability that the answer is an item with a past. ``n`` is how many cases used an item: if
history does not know the answer, an item that it knows well is not it, and one that is new may be (shrinkage, as of a
mean over n draws towards a prior that weighs k). Without any history P is p, and the order that of the content alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.special import softmax as softmax_of

Floats = NDArray[np.float32]

TRUST_FEATURES = ("nearness", "agreement", "new", "experience")
FLOOR = 0.01
"""The share of the content that no history takes away: its word moves a score by at most log(1/.01) downwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryWeights:
    """How history is believed.

    ``votes``, ``sequence`` and ``head`` (0 or more) weigh its voices; a head is heard at half its weight after
    ``head_after`` cases, for what is learned from few is worth little. ``known_after`` is k, ``temperature`` that of
    the softmax over the content. ``trust`` are the logistic coefficients of ``TRUST_FEATURES``, ``doubt`` is the
    intercept; ``certainty`` (intercept, slope) turns the log-odds of ``h`` into those of being right where history
    knows.
    """

    votes: float
    sequence: float
    head: float
    head_after: float
    known_after: float
    temperature: float
    doubt: float
    trust: tuple[float, ...]
    certainty: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySays:
    """What solved cases say of each of m candidates; float32 arrays of shape (m,).

    ``votes``: share of the neighbouring cases' votes. ``sequence``: share among the actions that followed the last one.
    ``head``: probability by the head. ``used``: number of visible cases that used the item. ``nearness``: how far the
    nearest case stands out from the background, in standard deviations. ``cases``: how many solved cases are visible.
    """

    votes: Floats
    sequence: Floats
    head: Floats
    used: Floats
    nearness: float
    cases: int

    @classmethod
    def nothing(cls, size: int) -> HistorySays:
        """Return what no history says of so many candidates."""
        none = np.zeros(size, dtype=np.float32)
        return cls(votes=none, sequence=none, head=none, used=none, nearness=0.0, cases=0)

    def voices(self, weights: HistoryWeights) -> tuple[Floats, Floats, Floats]:
        """Return what votes, sequence and head bring to the share of each candidate; all 0 where none says anything.

        A voice that says nothing leaves its weight to the others.
        """
        heard = [
            (weight if weight > 0 and float(share.sum()) > 0 else 0.0, share)
            for weight, share in (
                (weights.votes, self.votes),
                (weights.sequence, self.sequence),
                (weights.head * self.cases / max(self.cases + weights.head_after, 1e-9), self.head),
            )
        ]
        whole = sum(weight for weight, _ in heard) or 1.0
        votes, sequence, head = (np.asarray(share * np.float32(weight / whole)) for weight, share in heard)
        return votes, sequence, head


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """The mixture over m candidates: ``share`` is h, ``content`` p, ``unknown`` (1 - t) (1 - w), ``trust`` t.

    ``followed`` is what the action done last brings to ``share``.
    """

    share: Floats
    followed: Floats
    content: Floats
    unknown: Floats
    trust: float

    @property
    def lift(self) -> Floats:
        """Return log(P / p): what history adds to a score, at least the log of the floor."""
        mixed = self.trust * self.share + self.unknown * self.content
        floored = (1.0 - FLOOR) * mixed / np.maximum(self.content, np.float32(1e-30)) + FLOOR
        lift: Floats = np.log(floored).astype(np.float32)
        return lift

    @property
    def silence(self) -> Floats:
        """Return what the lift would be if history did not name the item: 0 or less, for it names others instead."""
        lift: Floats = np.log((1.0 - FLOOR) * self.unknown + FLOOR).astype(np.float32)
        return lift


def blend(content: Floats, history: HistorySays, weights: HistoryWeights) -> Blend:
    """Mix the content's scores (m,) with what history says."""
    voices = history.voices(weights)
    share, followed = sum(voices, np.zeros_like(content)), voices[1]
    probability = softmax(content / np.float32(weights.temperature))
    if not share.any():
        return Blend(share=share, followed=followed, content=probability, unknown=np.ones_like(content), trust=0.0)
    trust = _trust(history, share, probability, weights)
    known = history.used / (history.used + np.float32(weights.known_after))
    unknown = ((1.0 - trust) * (1.0 - known)).astype(np.float32)
    return Blend(share=share, followed=followed, content=probability, unknown=unknown, trust=trust)


def trust_features(history: HistorySays, share: Floats, probability: Floats) -> NDArray[np.float64]:
    """Return ``TRUST_FEATURES`` (4,).

    They are nearness, the largest share, how much of the content speaks for items without a past, and the logarithm of
    the number of cases.
    """
    new = float(probability[history.used == 0].sum())
    agreement = float(share.max(initial=0.0))
    return np.array([history.nearness, agreement, new, np.log1p(history.cases)], dtype=np.float64)


def _trust(history: HistorySays, share: Floats, probability: Floats, weights: HistoryWeights) -> float:
    logit = weights.doubt + trust_features(history, share, probability) @ np.asarray(weights.trust)
    return float(expit(np.clip(logit, -30.0, 30.0)))


def softmax(scores: Floats) -> Floats:
    """Return probabilities (m,) in proportion to the exponential of scores; empty for none."""
    return np.asarray(softmax_of(scores), dtype=np.float32) if scores.size else scores
