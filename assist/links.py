"""The ids of items that a record names, as far as a caller may know them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from corpus.models import Action, Article, Case, Record, Template, Use
from index.situations import USED_KINDS, UsedKind

Link = str | Use
Names = Callable[[UsedKind, str], Sequence[str]]
"""Returns what a caller reads in the place of an id: the id itself, those of its heirs, or nothing."""
RecordT = TypeVar("RecordT", bound=Record)


def linked_kinds(record: Record) -> tuple[UsedKind, ...]:
    """Return the kinds of items of which a record has a list."""
    if isinstance(record, Case):
        return USED_KINDS
    if isinstance(record, Action):
        return ("articles", "templates")
    return ("articles",) if isinstance(record, Template) else ()


def links(record: Record, kind: UsedKind) -> tuple[Link, ...]:
    """Return the list of a record that names items of a kind, one of ``linked_kinds``."""
    return cast(tuple[Link, ...], getattr(record, kind))


def id_of(link: Link) -> str:
    """Return the id that an entry of such a list names."""
    return link.id if isinstance(link, Use) else link


def seen_links(listed: Sequence[Link], kind: UsedKind, names: Names) -> tuple[Link, ...]:
    """Return a list as a caller reads it."""
    return tuple(_renamed(link, name) for link in listed for name in names(kind, id_of(link)))


def seen_record(record: RecordT, names: Names) -> RecordT:
    """Return a record as a caller reads it: without any id that ``names`` keeps from him."""
    seen: dict[str, Any] = {kind: seen_links(links(record, kind), kind, names) for kind in linked_kinds(record)}
    if isinstance(record, Article) and record.translation_of is not None:
        seen["translation_of"] = next(iter(names("articles", record.translation_of)), None)
    return replace(record, **seen)


def _renamed(link: Link, name: str) -> Link:
    return replace(link, id=name) if isinstance(link, Use) else name
