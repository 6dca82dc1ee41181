"""From what was considered to what an agent sees: the best items with confidence and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from assist.considering import Considered
from assist.explain import Explainer
from assist.models import Reason, SuggestKind
from assist.signing import NOBODY, AskedFor, SuggestionKey, SuggestionSigner
from index.lexical import TermMatch

# A word is named as a reason when it alone brings so much of the best word score that any item has for this case.
TELLING_SHARE = 0.15


class SuggestionFields(TypedDict):
    """What every suggestion carries, whatever its kind."""

    suggestion_id: str
    id: str
    rank: int
    score: float
    confidence: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One item to show: its row in the space, and the fields that every suggestion carries."""

    row: int
    passage: int
    fields: SuggestionFields


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Signs the suggestions of one kind out of one snapshot, made for one case."""

    signer: SuggestionSigner
    kind: SuggestKind
    snapshot: str
    asked_for: AskedFor = NOBODY

    def fields(
        self, item: str, *, rank: int, score: float, confidence: float, reasons: tuple[Reason, ...]
    ) -> SuggestionFields:
        """Return the fields of one suggestion with its signed id."""
        key = SuggestionKey(
            kind=self.kind,
            id=item,
            snapshot=self.snapshot,
            rank=rank,
            score=score,
            confidence=confidence,
            asked_for=self.asked_for,
        )
        return SuggestionFields(
            suggestion_id=self.signer.sign(key),
            id=item,
            rank=rank,
            score=score,
            confidence=confidence,
            reasons=reasons,
        )


def show(
    considered: Considered, confidences: Sequence[float], explainer: Explainer, stamp: Stamp, limit: int
) -> tuple[Shown, ...]:
    """Return the ``limit`` best candidates of a kind, explained and signed."""
    return tuple(
        show_one(considered, position, confidences[position], explainer, stamp, rank=rank)
        for rank, position in enumerate(considered.ranking[:limit], start=1)
    )


def show_one(
    considered: Considered, position: int, confidence: float, explainer: Explainer, stamp: Stamp, *, rank: int = 1
) -> Shown:
    """Return one candidate, explained and signed."""
    fields = stamp.fields(
        considered.id_at(position),
        rank=rank,
        score=round(float(considered.parts.total[position]), 5),
        confidence=confidence,
        reasons=reasons_of(considered, position, explainer),
    )
    row, passage = considered.candidates.rows[position], considered.candidates.best_passage[position]
    return Shown(row=int(row), passage=int(passage), fields=fields)


def reasons_of(considered: Considered, position: int, explainer: Explainer) -> tuple[Reason, ...]:
    """Return the reasons of a candidate, what moved its score most first; never one that did not move it."""
    parts = considered.parts
    weighed = [
        (float(parts.history[position]), _history_reason),
        (float(parts.sequence[position]), _sequence_reason),
        (float(parts.words[position]), _terms_reason),
        (float(parts.meaning[position] + parts.alignment[position]), _meaning_reason),
    ]
    moving = sorted((entry for entry in weighed if entry[0] > 0), key=lambda entry: -entry[0])
    reasons = (reason_of(considered, position, explainer) for _, reason_of in moving)
    return tuple(reason for reason in reasons if reason is not None)


def _history_reason(considered: Considered, position: int, explainer: Explainer) -> Reason | None:
    row = int(considered.candidates.rows[position])
    votes, used = considered.said.votes, int(considered.said.used[row])
    if votes.supporters[row] > 0:
        return explainer.history(considered.kind, int(votes.supporters[row]), votes.electorate)
    return explainer.used(considered.kind, used) if used else None


def _sequence_reason(considered: Considered, position: int, explainer: Explainer) -> Reason | None:
    sequence = considered.said.sequence
    if sequence is None or sequence.previous is None:
        return None
    row = int(considered.candidates.rows[position])
    previous: Any = considered.space.items[sequence.previous] if sequence.previous >= 0 else None
    times = round(float(sequence.shares[row]) * sequence.total)
    return explainer.sequence((previous.id, previous.name) if previous is not None else None, times, sequence.total)


def _terms_reason(considered: Considered, position: int, explainer: Explainer) -> Reason | None:
    least = TELLING_SHARE * considered.words.best
    matches = considered.space.matches(considered.words, int(considered.candidates.rows[position]), least=least)
    # A lone letter or digit may well move the score, and tells nobody anything.
    telling = [match for match in matches if len(match.item_surface) > 1]
    terms = _distinct_surfaces(telling)
    return explainer.terms(terms) if terms else None


def _meaning_reason(considered: Considered, position: int, explainer: Explainer) -> Reason | None:
    passage = int(considered.candidates.best_passage[position])
    table = considered.space.passages
    heading = table.headings[passage] if table is not None and passage >= 0 else ""
    return explainer.meaning(heading or None)


def _distinct_surfaces(matches: Sequence[TermMatch]) -> tuple[str, ...]:
    # As the item writes them: the agent is to find the words there.
    surfaces = {match.item_surface.casefold(): match.item_surface for match in reversed(matches)}
    return tuple(reversed(surfaces.values()))
