"""Retrieving and ranking the items of one kind: everything that was considered, and why it stands where it stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.barriers import item_barriers, passing
from assist.blending import HistorySays
from assist.confidence import KindConfidence, confidence_features, confidences
from assist.past import Past, past_with_uses
from assist.ranking import Contributions, Evidence, Floats, RankWeights, contributions, order
from assist.understanding import Understanding
from assist.votes import Votes, case_votes, situation_votes, transition_shares
from corpus.casetext import last_said
from corpus.models import PUBLIC
from index.filters import Mask
from index.history import NO_ACTION
from index.lexicon import AskedText
from index.situations import UsedKind
from index.space import Candidates, ItemSpace, WordQuery
from index.states import State

# So many by each way. On five open sets nDCG@10 is the same as with 50, which take longer to align.
DEPTH = 30
# So many of the items that the head believes in most are candidates, too, however far their content is from the case.
BELIEVED = 10
# How much a neighbouring situation counts for the next action when another action had led to it.
OTHER_STATE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceEvidence:
    """What followed the last action in visible history: a share per item row (n,), out of ``total`` times.

    ``previous`` is its row, ``NO_ACTION`` where none was done yet, ``None`` for one that the caller may not see.
    """

    previous: int | None
    shares: Floats
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What solved cases say of the items of a kind: ``head`` is a probability per item row (n,), ``used`` a count."""

    votes: Votes
    sequence: SequenceEvidence | None
    head: Floats
    used: NDArray[np.int64]

    @property
    def rows(self) -> NDArray[np.int64]:
        """Rows of the items that they speak for."""
        believed = np.argsort(-self.head, kind="stable")[:BELIEVED]
        rows = [self.votes.rows, believed[self.head[believed] > 0]]
        if self.sequence is not None:
            rows.append(np.flatnonzero(self.sequence.shares))
        found: NDArray[np.int64] = np.unique(np.concatenate(rows)).astype(np.int64)
        return found

    def of(self, rows: NDArray[np.int64], past: Past) -> HistorySays:
        """Return what is said of some rows."""
        sequence = self.sequence.shares[rows] if self.sequence is not None else np.zeros(rows.size, dtype=np.float32)
        return HistorySays(
            votes=self.votes.share[rows].astype(np.float32),
            sequence=sequence,
            head=self.head[rows],
            used=self.used[rows].astype(np.float32),
            nearness=past.nearness,
            cases=past.eligible,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """All candidates of one kind with their evidence; ``ranking`` lists candidate positions, best first."""

    kind: UsedKind
    space: ItemSpace
    words: WordQuery
    candidates: Candidates
    evidence: Evidence
    said: Said
    parts: Contributions
    features: NDArray[np.float64]
    weights: RankWeights
    ranking: list[int]

    def id_at(self, position: int) -> str:
        """Return the id of a candidate."""
        return self.space.ids[int(self.candidates.rows[position])]

    def confidences(self, model: KindConfidence) -> NDArray[np.float64]:
        """Return the probability that each candidate (by position) is right, never above that of one ranked before it.

        Ranking mixes the softmax of the contents, confidence their calibrated models: the two may differ about two
        items that are close, and an agent who reads .06 above .11 would trust neither.
        """
        believed = confidences(model, self.features, self.parts.blend, self.weights.history)
        believed[self.ranking] = np.minimum.accumulate(believed[self.ranking])
        return believed


def consider(
    kind: UsedKind,
    space: ItemSpace,
    case: Understanding,
    allowed: Mask,
    past: Past,
    weights: RankWeights,
    *,
    also: Collection[int] = (),
) -> Considered:
    """Rank the allowed items of a kind for a case.

    Rows in ``also`` are ranked with the others, however far they are from it.
    """
    seen = space.masks.visible(case.request.audiences)
    past = past_with_uses(past, case, past.space.history.uses[kind], seen)
    said = _history(kind, space, case, allowed, past)
    words = space.word_query(_words_of(kind, case), allowed)
    candidates = space.candidates(case.vector, words, allowed, depth=DEPTH, extra=_with(said.rows, also))
    evidence = _evidence(space, case, candidates, said, past, int(np.count_nonzero(allowed)))
    parts = contributions(evidence, weights)
    ids = [space.ids[row] for row in candidates.rows.tolist()]
    return Considered(
        kind=kind,
        space=space,
        words=words,
        candidates=candidates,
        evidence=evidence,
        said=said,
        parts=parts,
        features=confidence_features(evidence, parts, weights),
        weights=weights,
        ranking=order(parts.total, ids),
    )


def allowed_items(space: ItemSpace, case: Understanding) -> Mask:
    """Return the items that may be suggested: visible, valid, of the case's product and channel, as filtered."""
    return passing(item_barriers(space, case))


def _with(rows: NDArray[np.int64], also: Collection[int]) -> NDArray[np.int64]:
    return np.union1d(rows, np.array(sorted(also), dtype=np.int64)) if also else rows


def _words_of(kind: UsedKind, case: Understanding) -> AskedText:
    # What the agent has begun to write tells which reply is meant; it says nothing new about the problem.
    if kind == "templates" and case.request.draft:
        return AskedText(f"{case.text.text}\n{case.request.draft}".strip())
    return case.words


def _history(kind: UsedKind, space: ItemSpace, case: Understanding, allowed: Mask, past: Past) -> Said:
    uses = past.space.history.uses[kind]
    sequence: SequenceEvidence | None = None
    state: State | None = None
    if kind == "actions":
        previous = _last_action(space, case)
        shares, total = transition_shares(uses, past.visible, allowed, previous=previous)
        votes = situation_votes(past.states, uses, allowed, previous=previous, other_state=OTHER_STATE)
        sequence = SequenceEvidence(previous=previous, shares=shares, total=total)
        state = _state(space, case)
    else:
        votes = case_votes(past.nearest, uses, allowed)
    head = past.space.heads.get(kind)
    return Said(
        votes=votes,
        sequence=sequence,
        head=np.zeros(allowed.size, dtype=np.float32) if head is None else head.shares(case.vector, allowed, state),
        used=uses.cases_of_items(past.visible, allowed.size),
    )


def _state(space: ItemSpace, case: Understanding) -> State:
    said = last_said(case.request.case)
    # Public ones only: the head has learned from no other.
    done = (space.row_of.get(each) for each in case.request.actions_done)
    return State(
        customer=said.customer,
        reply=said.reply,
        messages=said.messages,
        done=tuple(row for row in done if row is not None and PUBLIC in space.items[row].audience),
    )


def _last_action(space: ItemSpace, case: Understanding) -> int | None:
    if case.last_action is None:
        return NO_ACTION
    row = space.row_of.get(case.last_action)
    seen = row is not None and bool(space.masks.audience.any_of(case.request.audiences)[row])
    return row if seen else None


def _evidence(
    space: ItemSpace, case: Understanding, candidates: Candidates, said: Said, past: Past, eligible: int
) -> Evidence:
    rows = candidates.rows
    meaning = space.average(case.vector).standing(candidates.cosine)
    alignment = space.alignment(case.tokens, rows)
    same = [space.languages[int(row)] == case.language.code for row in rows]
    return Evidence(
        meaning=meaning,
        alignment=meaning if alignment is None else alignment,
        words=candidates.words.astype(np.float32),
        same_language=np.array(same, dtype=np.float32),
        history=said.of(rows, past),
        eligible=eligible,
    )
