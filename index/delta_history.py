"""What was used in past cases, brought up to date: changed cases tell anew, and heirs inherit what they replace.

Rows of items and cases stay where the snapshot has them, so most of history stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corpus.models import PUBLIC, Case, Use
from index.case_space import CaseSpace
from index.heads import Head
from index.history import NO_ACTION, History, Uses, history_of
from index.situations import USED_KINDS, Situation, UsedKind
from index.space import ItemSpace

Table = NDArray[np.int32]
"""Uses, one row each: situation, case, item, previous, done."""
Items = Mapping[UsedKind, ItemSpace]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heirs:
    """The space of a kind as in the snapshot and as of now, and the rows that have or inherit other ids than before."""

    base: ItemSpace
    now: ItemSpace
    rows: Sequence[int]

    @classmethod
    def of(cls, base: ItemSpace, now: ItemSpace, changed: Iterable[int]) -> Heirs:
        """Find the rows, among those ``changed``, that have or inherit other ids than in the snapshot."""
        rows = [
            row
            for row in changed
            if now.items[row].replaces != (base.items[row].replaces if row < len(base.items) else ())
        ]
        return cls(base=base, now=now, rows=rows)

    def source(self, name: str) -> int | None:
        """Return the row under which the snapshot has the uses of an id: its own, or that of an heir."""
        own = self.base.row_of.get(name)
        return own if own is not None else next(iter(self.base.heirs.get(name, ())), None)


def rows_named(space: ItemSpace, name: str) -> list[int]:
    """Return the rows of the item of an id, and of those that replace it."""
    own = space.row_of.get(name)
    return [*(() if own is None else (own,)), *(row for row in space.heirs.get(name, ()) if row != own)]


def overlaid_history(
    base: CaseSpace, heirs: Mapping[UsedKind, Heirs], lived: Sequence[Situation], changed: Sequence[int]
) -> History:
    """Return history with the uses of ``lived``, the situations of the ``changed`` cases (by row), instead of old ones.

    Uses that the snapshot left out, because the corpus lacked their items, come back with the next snapshot.
    """
    old = base.history
    told = history_of(lived, {kind: _rows_of_used(kind, lived, heirs[kind].now) for kind in USED_KINDS})
    begin = old.case_of.size
    uses: dict[UsedKind, Uses] = {}
    for kind in USED_KINDS:
        kept = _columns(old.uses[kind])
        kept = kept[~np.isin(kept[:, 1], np.array(changed, dtype=np.int32))] if changed else kept
        if heirs[kind].rows:
            inherit = _inherited_actions if kind == "actions" else _inherited
            kept = inherit(kind, heirs[kind], kept, base.cases)
        fresh = _columns(told.uses[kind]) + np.array([begin, 0, 0, 0, 0], dtype=np.int32)
        uses[kind] = (
            _uses(np.concatenate([kept, fresh])) if len(fresh) or heirs[kind].rows or changed else old.uses[kind]
        )
    return History(case_of=np.concatenate([old.case_of, told.case_of]), uses=uses)


def overlaid_head(head: Head, heirs: Heirs) -> Head:
    """Return a head that says of public new items what it says of the items that they replace."""
    known = {row: place for place, row in enumerate(head.rows.tolist())}
    pairs = [
        (row, known[source])
        for row in heirs.rows
        if row not in known and PUBLIC in heirs.now.items[row].audience
        for source in _sources(heirs, row)[:1]
        if source in known
    ]
    if not pairs:
        return head
    places = np.concatenate([np.arange(head.rows.size), [place for _, place in pairs]]).astype(np.int64)
    return replace(
        head,
        rows=np.concatenate([head.rows, [row for row, _ in pairs]]).astype(np.int64),
        weights=head.weights[places],
        bias=head.bias[places],
        effects=head.effects[:, places] if head.columns.size else head.effects,
    )


def _sources(heirs: Heirs, row: int) -> list[int]:
    found = (heirs.source(name) for name in heirs.now.items[row].replaces)
    return [source for source in found if source is not None and source != row]


def _rows_of_used(kind: UsedKind, lived: Sequence[Situation], space: ItemSpace) -> dict[str, Sequence[int]]:
    uses = [use for situation in lived for use in situation.uses]
    names = {use.id for use in uses if use.kind == kind}
    if kind == "actions":
        names |= {name for use in uses for name in use.done[-1:]}
    found = {name: rows_named(space, name) for name in sorted(names)}
    return {name: rows for name, rows in found.items() if rows}


def _columns(uses: Uses) -> Table:
    return np.stack([uses.situation, uses.case, uses.item, uses.previous, uses.done], axis=1)


def _uses(table: Table) -> Uses:
    situation, case, item, previous, done = np.ascontiguousarray(table.T)
    return Uses(situation=situation, case=case, item=item, previous=previous, done=done)


def _inherited(kind: UsedKind, heirs: Heirs, table: Table, cases: Sequence[Case]) -> Table:
    """Give heirs the uses of the ids that they have or inherit, each once."""
    found: set[tuple[int, ...]] = set()
    for row in heirs.rows:
        for name in (heirs.now.items[row].id, *heirs.now.items[row].replaces):
            source = heirs.source(name)
            if source is None:
                continue
            own = heirs.base.items[source].id == name
            for situation, case, _, previous, done in table[table[:, 2] == source].tolist():
                named = {use.id for use in _used(cases[case], kind)}
                # A case that names nothing of the kind was found to have used just this item.
                if name in named or (own and not named):
                    found.add((situation, case, row, previous, done))
    kept = table[~np.isin(table[:, 2], heirs.rows)]
    return np.concatenate([kept, np.array(sorted(found), dtype=np.int32).reshape(-1, 5)])


def _inherited_actions(kind: UsedKind, heirs: Heirs, table: Table, cases: Sequence[Case]) -> Table:
    """Tell the cases anew in which one of the actions, or one before them, is inherited otherwise than before."""
    concerned = [*heirs.rows, *(source for row in heirs.rows for source in _sources(heirs, row))]
    rows = np.isin(table[:, 2], concerned) | np.isin(table[:, 3], concerned)
    retold = np.isin(table[:, 1], table[rows, 1])
    # Which use of a case a row stands for is told by how many actions had been done before it.
    situation_of = {(case, done): situation for situation, case, _, _, done in table[retold].tolist()}
    anew = [
        (situation, case, item, previous, done)
        for (case, done), situation in sorted(situation_of.items())
        for item, previous in _steps(_used(cases[case], kind), done, heirs.now)
    ]
    return np.concatenate([table[~retold], np.array(anew, dtype=np.int32).reshape(-1, 5)])


def _steps(actions: Sequence[Use], done: int, space: ItemSpace) -> Iterator[tuple[int, int]]:
    before = (rows_named(space, actions[done - 1].id) if done else []) or [NO_ACTION]
    for item in rows_named(space, actions[done].id):
        for previous in before:
            yield item, previous


def _used(case: Case, kind: UsedKind) -> tuple[Use, ...]:
    uses: tuple[Use, ...] = getattr(case, kind)
    return uses
