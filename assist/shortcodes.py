"""Shortcodes of QuickText templates: what an agent types for a whole reply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assist.composing import is_valid
from corpus.models import Item, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcode:
    """A shortcode and the template that it stands for."""

    shortcode: str
    template: Template


def shortcodes(items: Iterable[Item], audiences: frozenset[str], as_of: datetime) -> tuple[Shortcode, ...]:
    """Return the shortcodes of all templates that one of the audiences may see and send at a time, by shortcode and id.

    Several templates may have the same one, in other languages or for other channels: each is there.
    """
    found = [
        Shortcode(shortcode=item.shortcode, template=item)
        for item in items
        if isinstance(item, Template)
        and item.shortcode
        and item.status == "published"
        and not audiences.isdisjoint(item.audience)
        and is_valid(item, as_of)
    ]
    return tuple(sorted(found, key=lambda each: (each.shortcode.casefold(), each.template.id)))
