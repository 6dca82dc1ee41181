"""Which item of today an id of the past means: itself, or the item that replaces it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.models import Action, Article, Record, Template


def current_ids(records: Sequence[Record]) -> Mapping[str, str]:
    """Return the id of an item by every id it has or inherits; an id that is still there means itself.

    Of two items that replace the same id the later one stands for it here, as a question has one right answer for each
    use; the index gives each of them the history (``index.history``).
    """
    items = [record for record in records if isinstance(record, Article | Template | Action)]
    inherited = {old: item.id for item in items for old in item.replaces}
    return {**inherited, **{item.id: item.id for item in items}}
