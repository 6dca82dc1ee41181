"""What keeps items from being suggested in a case: one barrier after the other, and what passes all may be ranked.

Suggesting and explaining ask the same barriers, so that what is told is what decided.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assist.eligibility import Obstacle, Situation
from assist.narrowing import narrowed
from assist.understanding import Understanding
from corpus.models import Action
from index.filters import Mask
from index.space import ItemSpace

ItemBarrier = Literal["audience", "status", "validity", "product", "channel", "filters"]
BarrierName = ItemBarrier | Obstacle | Literal["forbidden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """One reason to hold items back; ``passes`` (n,) marks those that it lets through."""

    name: ItemBarrier
    passes: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """An item, by row, that may not be suggested, and every barrier that it meets, the first one first."""

    row: int
    why: tuple[BarrierName, ...]


def item_barriers(space: ItemSpace, case: Understanding) -> tuple[Barrier, ...]:
    """Return the barriers that items of every kind meet, in the order in which they are told."""
    request, masks = case.request, space.masks
    return (
        Barrier(name="audience", passes=masks.audience.any_of(request.audiences)),
        Barrier(name="status", passes=masks.offered),
        Barrier(name="validity", passes=masks.valid(case.as_of)),
        Barrier(name="product", passes=masks.product.fits(request.case.product)),
        Barrier(name="channel", passes=masks.channel.fits(request.case.channel)),
        Barrier(name="filters", passes=narrowed(masks, request.filters)),
    )


def passing(barriers: Sequence[Barrier]) -> Mask:
    """Return the rows (n,) that every barrier lets through."""
    through: Mask = np.logical_and.reduce([barrier.passes for barrier in barriers])
    return through


def eligible(space: ItemSpace, allowed: Mask, situation: Situation) -> Mask:
    """Return which of the allowed rows of the space of actions no obstacle keeps back."""
    through = allowed.copy()
    for row in np.flatnonzero(allowed).tolist():
        action = space.items[row]
        through[row] = isinstance(action, Action) and not situation.obstacles(action)
    return through


def held_back(
    space: ItemSpace, case: Understanding, situation: Situation | None, forbidden: Collection[int], seen: Mask
) -> tuple[HeldBack, ...]:
    """Return the rows among ``seen`` that may not be suggested, ascending, with all that keeps them back.

    ``situation`` is that of actions; ``None`` for other kinds, and where rules do not count. ``forbidden`` are the rows
    that a manager's pins keep out.
    """
    barriers = item_barriers(space, case)
    found = []
    for row in np.flatnonzero(seen).tolist():
        why: list[BarrierName] = [barrier.name for barrier in barriers if not barrier.passes[row]]
        action = space.items[row]
        if situation is not None and isinstance(action, Action):
            why.extend(situation.obstacles(action))
        if row in forbidden:
            why.append("forbidden")
        if why:
            found.append(HeldBack(row=row, why=tuple(why)))
    return tuple(found)
