"""What solved a past case, and what any record names, as far as the caller may see it."""

from __future__ import annotations

from collections.abc import Mapping

from assist.links import RecordT, seen_record
from corpus.models import Case, Use
from index.situations import USED_KINDS, UsedKind
from index.space import ItemSpace

Items = Mapping[UsedKind, ItemSpace]


def as_seen(record: RecordT, items: Items, audiences: frozenset[str]) -> RecordT:
    """Return a record that names those items only which the caller may see.

    In the place of an item that is gone, or that the caller may not see, stand the items that replace it, so far as
    the caller may see those. Else it is left out: a hidden item must not be told from one that never was.
    """
    return seen_record(record, lambda kind, used: names_seen(used, items[kind], audiences))


def used_in(case: Case, items: Items, audiences: frozenset[str]) -> frozenset[tuple[UsedKind, str]]:
    """Return kind and id of what was used in a case, as ``as_seen`` names it."""
    return frozenset(
        (kind, name)
        for kind in USED_KINDS
        for use in _uses(case, kind)
        for name in names_seen(use.id, items[kind], audiences)
    )


def _uses(case: Case, kind: UsedKind) -> tuple[Use, ...]:
    uses: tuple[Use, ...] = getattr(case, kind)
    return uses


def names_seen(used: str, space: ItemSpace, audiences: frozenset[str]) -> tuple[str, ...]:
    """Return what a caller reads in the place of an id: it, or its heirs, if he may see them."""
    own = space.row_of.get(used)
    if own is not None and not audiences.isdisjoint(space.items[own].audience):
        return (used,)
    heirs = (space.items[row] for row in space.heirs.get(used, ()))
    return tuple(heir.id for heir in heirs if not audiences.isdisjoint(heir.audience))
