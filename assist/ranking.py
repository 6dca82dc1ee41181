"""How evidence becomes one order: a readable linear score per candidate.

The content part is a convex combination of meaning and words in the sense of Bruch et al. (arXiv 2210.11934), with late
interaction as the third (`index/alignment.py`); each side is scaled by statistics of the corpus instead of by the
candidates at hand, so that a score means the same for every query. What solved cases say lifts or lowers a score by the
logarithm of what it makes of the item's probability (`assist/blending.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.blending import Blend, HistorySays, HistoryWeights, blend

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankWeights:
    """Weights of the evidence; that of meaning is 1, so that scores are in standard deviations of meaning.

    ``history`` says how solved cases are believed; ``None`` where they do not count.
    """

    alignment: float
    words: float
    words_across_languages: float
    history: HistoryWeights | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for each of m candidates; float32 arrays of shape (m,).

    ``meaning``: cosine of query and item, in standard deviations above its mean over a fixed background sample.
    ``alignment``: the same of the alignment of their tokens; equal to ``meaning`` where the encoder knows no tokens.
    ``words``: BM25 over its best value for this query (0 to 1). ``same_language``: 1 where query and item share a
    language, else 0. ``history`` is what solved cases say of them; ``eligible``: how many items there were to choose
    from.
    """

    meaning: Floats
    alignment: Floats
    words: Floats
    same_language: Floats
    history: HistorySays
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
            history=HistorySays.nothing(meaning.size),
            eligible=eligible,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributions:
    """The summands of each candidate's score; float32 arrays of shape (m,).

    ``history`` is what solved cases add that name an item, ``sequence`` what the action done last adds, and ``silence``
    (0 or less) what an item loses because history may know the answer: also one that it names, so that both together
    tell what history did. ``blend`` is how history and content were mixed, ``None`` where history does not count.
    """

    meaning: Floats
    alignment: Floats
    words: Floats
    history: Floats
    sequence: Floats
    silence: Floats
    blend: Blend | None = None

    @property
    def content(self) -> Floats:
        """What the item itself brings, without any history."""
        return self.meaning + self.alignment + self.words

    @property
    def total(self) -> Floats:
        """The score: rounded, so that the last bits of a float never decide an order."""
        return np.round(self.content + self.history + self.sequence + self.silence, 5)


def contributions(evidence: Evidence, weights: RankWeights) -> Contributions:
    """Return what each kind of evidence adds to the score of each candidate."""
    word_weight = np.where(evidence.same_language > 0, weights.words, weights.words_across_languages)
    alignment = (weights.alignment * evidence.alignment).astype(np.float32)
    words = (word_weight * evidence.words).astype(np.float32)
    if weights.history is None:
        nothing = np.zeros_like(evidence.meaning)
        return Contributions(
            meaning=evidence.meaning,
            alignment=alignment,
            words=words,
            history=nothing,
            sequence=nothing,
            silence=nothing,
        )
    mixed = blend(evidence.meaning + alignment + words, evidence.history, weights.history)
    # The content's scores are temperature times log p, but for a constant: so the order is that of P.
    temperature = np.float32(weights.history.temperature)
    silence = mixed.silence * temperature
    lift = mixed.lift * temperature - silence
    owed = np.divide(mixed.followed, mixed.share, out=np.zeros_like(lift), where=mixed.share > 0)
    return Contributions(
        meaning=evidence.meaning,
        alignment=alignment,
        words=words,
        history=lift * (1 - owed),
        sequence=lift * owed,
        silence=silence,
        blend=mixed,
    )


def order(scores: Floats, ids: list[str]) -> list[int]:
    """Return candidate positions, best first; ties by id."""
    return sorted(range(len(ids)), key=lambda position: (-float(scores[position]), ids[position]))
