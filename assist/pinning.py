"""What managers decide about items: which pins are in force in a case, and where pinned items stand.

A pin speaks of items that may be suggested anyway. So one about an item that the caller may not see changes nothing for
him, and a pinned item that fails a rule, a filter or its own validity stays away. The ranking knows nothing of pins:
what stands behind pinned items is what would be shown without them, to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assist.confidence import KindConfidence
from assist.considering import Considered
from assist.eligibility import Facts, facts_of
from assist.explain import Explainer
from assist.presenting import Shown, Stamp, show_one
from assist.understanding import Understanding
from corpus.eligibility import holds
from corpus.models import AllOf, AnyOf, ItemKind, Pin, Rule, Test
from index.filters import Mask
from index.pins import Effect, Pins
from index.space import ItemSpace

PinOfRow = Mapping[int, Pin]
"""Rows of items, what comes first first, each with the pin that decides about it."""

ConsiderAlso = Callable[[Collection[int]], Considered]
"""Considers the items of a kind again, with some rows among the candidates that were none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How up to ``limit`` items of one kind are shown in one case."""

    model: KindConfidence
    explainer: Explainer
    stamp: Stamp
    limit: int


class _Rules:
    """Tries rules on the facts of one case, each test once: many pins ask for the same product or channel."""

    def __init__(self, facts: Facts, as_of: datetime) -> None:
        self._facts, self._as_of = facts, as_of
        self._told: dict[int, bool] = {}

    def hold(self, rule: Rule | None) -> bool:
        """Return what ``corpus.eligibility.holds`` returns."""
        if rule is None:
            return True
        if isinstance(rule, Test):
            told = self._told.get(id(rule))
            if told is None:
                told = self._told[id(rule)] = holds(rule, self._facts, self._as_of)
            return told
        if isinstance(rule, AllOf):
            return all(map(self.hold, rule.rules))
        return any(map(self.hold, rule.rules)) if isinstance(rule, AnyOf) else not self.hold(rule.rule)


def in_force(
    pins: Pins, kind: ItemKind, effect: Effect, space: ItemSpace, allowed: Mask, case: Understanding
) -> PinOfRow:
    """Return the allowed items that pins of one effect name in a case; of several pins of an item the first decides."""
    found: dict[int, Pin] = {}
    rules: _Rules | None = None
    for pin in pins.published.get((kind, effect), ()):
        row = space.row_of.get(pin.item)
        # Rules come last: where nothing may be shown anyway, none needs to be tried.
        if row is None or row in found or not allowed[row] or not _is_valid(pin, case.as_of):
            continue
        rules = _Rules(facts_of(case.request, case.language.code), case.as_of) if rules is None else rules
        if rules.hold(pin.when):
            found[row] = pin
    return found


def pinned_first(
    pins: PinOfRow, considered: Considered, others: Sequence[Shown], showing: Showing, consider_also: ConsiderAlso
) -> tuple[Shown, ...]:
    """Return pinned items, in the order of their pins, and behind them what would be shown without them.

    A pinned item keeps its own confidence, however low. Scores never rise from rank to rank: that of a pinned item is
    lifted to the best of those behind it.
    """
    rows = list(pins)[: showing.limit]
    alone = _alone(rows, considered, showing, consider_also)
    first = [_with_reason(alone[row], pins[row], showing.explainer) for row in rows]
    behind = [shown for shown in others if shown.row not in pins][: showing.limit - len(rows)]
    return _ranked([*first, *behind], showing.stamp)


def _alone(
    rows: Sequence[int], considered: Considered, showing: Showing, consider_also: ConsiderAlso
) -> Mapping[int, Shown]:
    """Return what is shown of each row, wherever it would stand; considers again only what was no candidate."""
    known = set(considered.candidates.rows.tolist())
    lacking = [row for row in rows if row not in known]
    shown = _shown([row for row in rows if row in known], considered, showing)
    if lacking:
        shown |= _shown(lacking, consider_also(lacking), showing)
    return shown


def _shown(rows: Sequence[int], considered: Considered, showing: Showing) -> dict[int, Shown]:
    if not rows:
        return {}
    confidences = considered.confidences(showing.model).tolist()
    positions = {row: position for position, row in enumerate(considered.candidates.rows.tolist())}
    return {
        row: show_one(considered, position, confidences[position], showing.explainer, showing.stamp)
        for row in rows
        for position in [positions[row]]
    }


def _with_reason(shown: Shown, pin: Pin, explainer: Explainer) -> Shown:
    return replace(shown, fields={**shown.fields, "reasons": (explainer.pinned(pin), *shown.fields["reasons"])})


def _ranked(ordered: Sequence[Shown], stamp: Stamp) -> tuple[Shown, ...]:
    """Sign items anew for the ranks they have now."""
    ranked: list[Shown] = []
    score = float("-inf")
    for rank, shown in reversed(list(enumerate(ordered, start=1))):
        given = shown.fields
        score = max(score, given["score"])
        fields = stamp.fields(
            given["id"], rank=rank, score=score, confidence=given["confidence"], reasons=given["reasons"]
        )
        ranked.append(replace(shown, fields=fields))
    return tuple(reversed(ranked))


def _is_valid(pin: Pin, as_of: datetime) -> bool:
    begun = pin.valid_from is None or pin.valid_from <= as_of
    return begun and (pin.valid_until is None or as_of < pin.valid_until)
