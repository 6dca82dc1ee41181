"""What solved a past case, as far as the caller may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from corpus.models import Case, Use
from index.situations import USED_KINDS, UsedKind
from index.space import ItemSpace

Items = Mapping[UsedKind, ItemSpace]


def as_seen(case: Case, items: Items, audiences: frozenset[str]) -> Case:
    """Return a case with those uses only whose items the caller may see.

    A use of an item that is gone, or that the caller may not see, is one of the items that replace it, so far as the
    caller may see those. Else it is left out: a hidden item must not be told from one that never was.
    """
    seen = {
        kind: tuple(
            replace(use, id=name) for use in _uses(case, kind) for name in _names(use.id, items[kind], audiences)
        )
        for kind in USED_KINDS
    }
    return replace(case, articles=seen["articles"], templates=seen["templates"], actions=seen["actions"])


def used_in(case: Case, items: Items, audiences: frozenset[str]) -> frozenset[tuple[UsedKind, str]]:
    """Return kind and id of what was used in a case, as ``as_seen`` names it."""
    return frozenset(
        (kind, name)
        for kind in USED_KINDS
        for use in _uses(case, kind)
        for name in _names(use.id, items[kind], audiences)
    )


def _uses(case: Case, kind: UsedKind) -> tuple[Use, ...]:
    uses: tuple[Use, ...] = getattr(case, kind)
    return uses


def _names(used: str, space: ItemSpace, audiences: frozenset[str]) -> tuple[str, ...]:
    own = space.row_of.get(used)
    if own is not None and not audiences.isdisjoint(space.items[own].audience):
        return (used,)
    heirs = (space.items[row] for row in space.heirs.get(used, ()))
    return tuple(heir.id for heir in heirs if not audiences.isdisjoint(heir.audience))
