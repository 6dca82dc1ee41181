"""The figures of one candidate: the summands of its score, and what solved cases say of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assist.considering import Considered
from assist.ranking import Floats

DIGITS = 5


def score_parts(considered: Considered, position: int) -> Mapping[str, float]:
    """Return what each kind of evidence adds to the score of a candidate; together they are the score.

    ``history`` is what votes of similar cases add, ``head`` what the learned model of solved cases adds: what both add
    together is shared out as their voices are.
    """
    parts = considered.parts
    votes, head = _voices(considered)
    both = float(votes[position] + head[position])
    owed = float(parts.history[position])
    by_head = owed * float(head[position]) / both if both > 0 else 0.0
    summands = {
        "meaning": float(parts.meaning[position]),
        "alignment": float(parts.alignment[position]),
        "words": float(parts.words[position]),
        "history": owed - by_head,
        "head": by_head,
        "sequence": float(parts.sequence[position]),
        "silence": float(parts.silence[position]),
    }
    return {name: round(value, DIGITS) + 0.0 for name, value in summands.items()}


def evidence_of(considered: Considered, position: int) -> Mapping[str, object]:
    """Return the evidence behind the summands, as shares (0 to 1) and counts."""
    evidence, said = considered.evidence, considered.said
    row = int(considered.candidates.rows[position])
    found: dict[str, object] = {
        "same_language": bool(evidence.same_language[position] > 0),
        "words": _rounded(evidence.words[position]),
        "similar_cases_for": int(said.votes.supporters[row]),
        "similar_cases": said.votes.electorate,
        "votes": _rounded(evidence.history.votes[position]),
        "head": _rounded(evidence.history.head[position]),
        "used_in_cases": int(said.used[row]),
    }
    if said.sequence is not None:
        found["sequence"] = _rounded(evidence.history.sequence[position])
    return found


def trust_of(considered: Considered) -> float:
    """Return how far solved cases were believed (0 to 1) where this kind was ranked."""
    blend = considered.parts.blend
    return 0.0 if blend is None else round(float(blend.trust), DIGITS)


def _voices(considered: Considered) -> tuple[Floats, Floats]:
    weights = considered.weights.history
    if weights is None:
        nothing = np.zeros_like(considered.parts.meaning)
        return nothing, nothing
    votes, _, head = considered.evidence.history.voices(weights)
    return votes, head


def _rounded(value: float) -> float:
    return round(float(value), DIGITS)
