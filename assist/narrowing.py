"""Narrowing rows to what the caller's filters ask for."""

from __future__ import annotations

from assist.models import Filters
from corpus.models import primary_language
from index.filters import CaseMasks, ItemMasks, Mask


def narrowed(masks: ItemMasks | CaseMasks, filters: Filters) -> Mask:
    """Return the rows that hold a wanted value of each filtered field, or no value in it at all."""
    languages = tuple(primary_language(code) or code for code in filters.language)
    mask = ~masks.audience.empty
    for wanted, field in (
        (languages, masks.language),
        (filters.product, masks.product),
        (filters.category, masks.category),
        (filters.channel, masks.channel),
    ):
        if wanted:
            mask = mask & (field.empty | field.any_of(wanted))
    return mask
