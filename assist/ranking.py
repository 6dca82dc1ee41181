"""How evidence becomes one order: a readable linear score per candidate.

The content part is a convex combination of meaning and words in the sense of Bruch et al. (arXiv 2210.11934), with late
interaction as the third (`index/alignment.py`); each side is scaled by statistics of the corpus instead of by the
candidates at hand, so that a score means the same for every query.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankWeights:
    """Weights of the evidence; that of meaning is 1, so that scores are in standard deviations of meaning."""

    alignment: float
    words: float
    words_across_languages: float
    votes: float = 10.0
    sequence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for each of m candidates; float32 arrays of shape (m,).

    ``meaning``: cosine of query and item, in standard deviations above its mean over a fixed background sample.
    ``alignment``: the same of the alignment of their tokens; equal to ``meaning`` where the encoder knows no tokens.
    ``words``: BM25 over its best value for this query (0 to 1). ``same_language``: 1 where query and item share a
    language, else 0. ``votes``: share of the neighbouring cases' votes (0 to 1). ``sequence``: share among the actions
    that followed the last one (0 to 1). ``vote_trust``: how far the neighbours can be trusted (0 to 1, one number).
    ``eligible``: how many items there were to choose from.
    """

    meaning: Floats
    alignment: Floats
    words: Floats
    same_language: Floats
    votes: Floats
    sequence: Floats
    vote_trust: float
    eligible: int

    @classmethod
    def of_meaning(cls, meaning: Floats, *, eligible: int) -> Evidence:
        """Return evidence in which nothing but meaning speaks."""
        nothing = np.zeros_like(meaning)
        return cls(
            meaning=meaning,
            alignment=nothing,
            words=nothing,
            same_language=nothing,
            votes=nothing,
            sequence=nothing,
            vote_trust=0.0,
            eligible=eligible,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributions:
    """The summands of each candidate's score; float32 arrays of shape (m,)."""

    meaning: Floats
    alignment: Floats
    words: Floats
    votes: Floats
    sequence: Floats

    @property
    def content(self) -> Floats:
        """What the item itself brings, without any history."""
        return self.meaning + self.alignment + self.words

    @property
    def total(self) -> Floats:
        """The score: rounded, so that the last bits of a float never decide an order."""
        return np.round(self.content + self.votes + self.sequence, 5)


def contributions(evidence: Evidence, weights: RankWeights) -> Contributions:
    """Return what each kind of evidence adds to the score of each candidate."""
    word_weight = np.where(evidence.same_language > 0, weights.words, weights.words_across_languages)
    return Contributions(
        meaning=evidence.meaning,
        alignment=(weights.alignment * evidence.alignment).astype(np.float32),
        words=(word_weight * evidence.words).astype(np.float32),
        votes=(weights.votes * evidence.vote_trust * evidence.votes).astype(np.float32),
        sequence=(weights.sequence * evidence.sequence).astype(np.float32),
    )


def order(scores: Floats, ids: list[str]) -> list[int]:
    """Return candidate positions, best first; ties by id."""
    return sorted(range(len(ids)), key=lambda position: (-float(scores[position]), ids[position]))
