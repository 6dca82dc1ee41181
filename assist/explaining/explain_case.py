"""Explaining what a case is given: the figures are those of the very ranking that suggests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from assist.barriers import HeldBack, held_back
from assist.considering import Considered
from assist.cutting import verdicts, with_pinned
from assist.explain import Explainer, explainer
from assist.explaining.barrier_words import BarrierWords
from assist.explaining.figures import evidence_of, score_parts, trust_of
from assist.explaining.models import (
    ConsideredItem,
    ExplainRequest,
    Explanation,
    HeldBackItem,
    ItemStory,
    KindExplanation,
    Standing,
    UnknownItemError,
)
from assist.explaining.standing_words import standing_text
from assist.models import DEFAULT_LIMIT
from assist.past import Past
from assist.pinning import PinOfRow
from assist.presenting import reasons_of
from assist.understanding import NO_TEXT, Understanding
from corpus.models import Article, Item, primary_language
from index.filters import Mask
from index.situations import UsedKind

if TYPE_CHECKING:
    from assist.suggest import Suggester


def explain_case(suggester: Suggester, question: ExplainRequest) -> Explanation:
    """Return why a question is answered as it is.

    Raises ``UnknownItemError`` where an item is asked for that none of the kinds has, or that must not be told of.
    """
    case = suggester.understand(question.request)
    past = suggester.look_back(case)
    explaining = _Explaining(suggester=suggester, question=question, case=case, past=past)
    kinds = [explaining.kind(kind) for kind in question.kinds] if case.text.text else []
    if question.item is not None and not any(each.story for each in kinds):
        raise UnknownItemError(
            f"found no {' or '.join(question.kinds)} with the id {question.item!r} that may be told of, expected one "
            "of the snapshot that serves"
        )
    return Explanation(
        snapshot=suggester.snapshot_id,
        encoder=suggester.encoder_name,
        ranker=suggester.scorer.name,
        language=case.language.code,
        language_confidence=round(case.language.confidence, 4),
        as_of=case.as_of,
        text=case.text.text,
        kinds=tuple(kinds),
        warnings=() if case.text.text else (NO_TEXT,),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Explaining:
    """One question being explained."""

    suggester: Suggester
    question: ExplainRequest
    case: Understanding
    past: Past

    def kind(self, kind: UsedKind) -> KindExplanation:
        question, suggester = self.question, self.suggester
        considered = suggester.consider(kind, self.case, self.past)
        held = self._held_back(kind)
        pins = self._pins(kind)
        ranked = [*self._pinned_from_afar(considered, pins), *self._ranked(considered, pins)]
        # As they are shown: else a pinned item far down the ranking would not be told of at all.
        first = {considered.space.items[row].id: place for place, row in enumerate(pins)}
        ranked.sort(key=lambda each: first.get(each.id, len(first)))
        threshold = suggester.threshold(kind, question.request)
        return KindExplanation(
            kind=kind,
            threshold=round(threshold, 4),
            abstained=not pins and (not ranked or ranked[0].confidence < threshold),
            trust=trust_of(considered),
            cases=considered.evidence.history.cases,
            allowed=considered.evidence.eligible,
            candidates=len(considered.ranking),
            considered=tuple(ranked[: question.listed]),
            held_counts=dict(Counter(each.why[0].code for each in held.values()).most_common()),
            held_back=tuple(held[row] for row in self._nearest_first(kind, held)[: question.listed]),
            story=self._story(considered, ranked, held),
        )

    def _pins(self, kind: UsedKind) -> PinOfRow:
        """Return the items that a manager puts first, as many as are asked for."""
        found = self.suggester.pins(kind, "pin", self.case, self.suggester.allowed(kind, self.case))
        return dict(islice(found.items(), self._limit(kind)))

    def _pinned_from_afar(self, considered: Considered, pins: PinOfRow) -> list[ConsideredItem]:
        """Return the pinned items that were not among the candidates."""
        kind = considered.kind
        lacking = [row for row in pins if row not in set(considered.candidates.rows.tolist())]
        if not lacking:
            return []
        allowed = self.suggester.allowed(kind, self.case)
        among = self.suggester.consider_rows(kind, self.case, self.past, allowed, also=lacking)
        places = {each.id: each for each in self._ranked(among, pins)}
        return [replace(places[among.space.items[row].id], rank=None) for row in lacking]

    def _held_back(self, kind: UsedKind) -> dict[int, HeldBackItem]:
        """Return what was held back by row, as far as whoever reads the explanation may know of it."""
        space = self.suggester.space(kind)
        seen = np.ones(len(space.items), dtype=np.bool_)
        if self.question.seen_by is not None:
            seen = space.masks.audience.any_of(self.question.seen_by)
        situation = self.suggester.situation(kind, self.case)
        forbidden = self.suggester.pins(kind, "forbid", self.case, seen)
        words = BarrierWords(
            language=self._reasons.language,
            request=self.question.request,
            as_of=self.case.as_of,
            situation=situation,
            forbidden={space.items[row].id: pin for row, pin in forbidden.items()},
        )
        found = held_back(space, self.case, situation, forbidden, seen)
        return {each.row: _held_item(space.items[each.row], each, words) for each in found}

    def _nearest_first(self, kind: UsedKind, held: Mapping[int, object]) -> list[int]:
        """Return the rows that were held back, as they would be ranked if they alone were allowed."""
        alone = self._mask(kind, list(held))
        among = self.suggester.consider_rows(kind, self.case, self.past, alone)
        near = [int(among.candidates.rows[position]) for position in among.ranking]
        return [*near, *(row for row in held if row not in set(near))]

    def _ranked(self, considered: Considered, pins: PinOfRow) -> list[ConsideredItem]:
        kind, request = considered.kind, self.question.request
        rows = considered.candidates.rows
        confidences = considered.confidences(self.suggester.scorer.confidence[kind]).tolist()
        best_first = [confidences[position] for position in considered.ranking]
        threshold = self.suggester.threshold(kind, request)
        limit = self._limit(kind)
        pinned = [place for place, position in enumerate(considered.ranking) if int(rows[position]) in pins]
        said = with_pinned(verdicts(best_first, threshold, limit), pinned, limit - (len(pins) - len(pinned)))
        found = [
            self._item(considered, position, confidences[position], place + 1, said[place], best_first[0])
            for place, position in enumerate(considered.ranking)
        ]
        for place in pinned:
            pin = self._reasons.pinned(pins[int(rows[considered.ranking[place]])])
            found[place] = replace(found[place], reasons=(pin, *found[place].reasons))
        return found

    def _item(
        self,
        considered: Considered,
        position: int,
        confidence: float,
        rank: int | None,
        standing: Standing,
        first: float,
    ) -> ConsideredItem:
        kind, request = considered.kind, self.question.request
        item = considered.space.items[int(considered.candidates.rows[position])]
        threshold, limit = self.suggester.threshold(kind, request), self._limit(kind)
        return ConsideredItem(
            id=item.id,
            name=_name(item),
            rank=rank,
            score=round(float(considered.parts.total[position]), 5),
            confidence=confidence,
            standing=standing,
            why=standing_text(standing, self._reasons.language, first=first, threshold=threshold, limit=limit),
            parts=score_parts(considered, position),
            evidence=evidence_of(considered, position),
            reasons=reasons_of(considered, position, self._reasons),
        )

    def _story(
        self, considered: Considered, ranked: list[ConsideredItem], held: Mapping[int, HeldBackItem]
    ) -> ItemStory | None:
        row = considered.space.row_of.get(self.question.item or "")
        if row is None:
            return None
        place = next((each for each in ranked if each.id == self.question.item), None)
        if place is not None:
            return ItemStory(considered=place, held_back=None)
        allowed = self.suggester.allowed(considered.kind, self.case)
        if row not in held and not allowed[row]:
            return None  # nobody may be told that there is such an item
        return ItemStory(considered=self._if_considered(considered.kind, row, allowed), held_back=held.get(row))

    def _if_considered(self, kind: UsedKind, row: int, allowed: Mask) -> ConsideredItem:
        """Return the place of an item as if nothing held it back and it were near enough to be compared."""
        held = not allowed[row]
        with_it = allowed | self._mask(kind, [row])
        among = self.suggester.consider_rows(kind, self.case, self.past, with_it, also=(row,))
        item = among.space.items[row].id
        place = next(each for each in self._ranked(among, self._pins(kind)) if each.id == item)
        if held:
            return place
        position = next(each for each in among.ranking if among.id_at(each) == item)
        return self._item(among, position, place.confidence, None, "not_retrieved", 0.0)

    def _limit(self, kind: UsedKind) -> int:
        return self.question.request.limits.get(kind, DEFAULT_LIMIT)

    def _mask(self, kind: UsedKind, rows: list[int]) -> Mask:
        mask = np.zeros(len(self.suggester.space(kind).items), dtype=np.bool_)
        mask[rows] = True
        return mask

    @property
    def _reasons(self) -> Explainer:
        return explainer(primary_language(self.question.request.language) or self.case.language.code)


def _held_item(item: Item, held: HeldBack, words: BarrierWords) -> HeldBackItem:
    return HeldBackItem(id=item.id, name=_name(item), why=tuple(words.why(item, barrier) for barrier in held.why))


def _name(item: Item) -> str:
    return item.title if isinstance(item, Article) else item.name
