"""What agents did with the suggestions of each item, in the very figures of ``corpus.acceptance``."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.acceptance import acceptance
from corpus.feedback import FeedbackKind
from corpus.feedback_store import FeedbackStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFeedback:
    """How many suggestions of an item there were, and in how many of them it was taken and refused.

    All three are ``None`` where no figure of ten agents or more is about the item alone.
    """

    kind: FeedbackKind
    item_id: str
    shown: int | None
    taken: int | None
    refused: int | None


def item_feedback(store: FeedbackStore) -> tuple[ItemFeedback, ...]:
    """Return the figures of every item that feedback names, by kind and id."""
    figures = {(each.kind, item.id): item for each in acceptance(store) for item in each.items}
    found = []
    for kind, item_id in store.items():
        item = figures.get((kind, item_id))
        found.append(
            ItemFeedback(
                kind=kind,
                item_id=item_id,
                shown=None if item is None else item.counts.shown,
                taken=None if item is None else item.taken,
                refused=None if item is None else item.refused,
            )
        )
    return tuple(found)
