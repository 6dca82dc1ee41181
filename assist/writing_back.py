"""What was read and is written back: of what its editor was not shown, nothing is lost.

Whoever reads a record sees cases masked, and no ids of items that are hidden from him or gone. If he writes it back
with one word changed, everything else has to stay as it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from assist.links import Link, Names, id_of, linked_kinds, links, seen_links
from corpus.models import Article, Case, Message, Record
from index.situations import UsedKind

ValueT = TypeVar("ValueT")


def written_back(record: Record, *, before: Record, seen: Record, names: Names) -> Record:
    """Return what is to be kept when a record is written in the place of ``before``.

    ``seen`` is how its editor could read ``before``, and ``names`` what he reads in the place of an id. A value that
    is still as he read it keeps what it stood for; ids that he could not read stay where they were.
    """
    kept: dict[str, Any] = {
        kind: _kept_links(links(record, kind), links(before, kind), kind, names) for kind in linked_kinds(record)
    }
    if isinstance(record, Article) and isinstance(before, Article) and isinstance(seen, Article):
        kept["translation_of"] = _kept(record.translation_of, before.translation_of, seen.translation_of)
    if isinstance(record, Case) and isinstance(before, Case) and isinstance(seen, Case):
        kept |= _kept_texts(record, before, seen)
    return replace(record, **kept)


def _kept(value: ValueT, before: ValueT, seen: ValueT) -> ValueT:
    return before if value == seen else value


def _kept_texts(case: Case, before: Case, seen: Case) -> dict[str, Any]:
    return {
        "subject": _kept(case.subject, before.subject, seen.subject),
        "description": _kept(case.description, before.description, seen.description),
        "resolution": _kept(case.resolution, before.resolution, seen.resolution),
        "messages": _kept_messages(case.messages, before.messages, seen.messages),
        "customer": _kept_attributes(case.customer, before.customer, seen.customer),
    }


def _kept_messages(
    messages: Sequence[Message], before: Sequence[Message], seen: Sequence[Message]
) -> tuple[Message, ...]:
    known = zip(messages, before, seen, strict=False)
    kept = [replace(message, text=_kept(message.text, old.text, shown.text)) for message, old, shown in known]
    return (*kept, *messages[len(kept) :])


def _kept_attributes(
    customer: Mapping[str, Any], before: Mapping[str, Any], seen: Mapping[str, Any]
) -> Mapping[str, Any]:
    return MappingProxyType(
        {key: _kept(value, before[key], seen[key]) if key in seen else value for key, value in customer.items()}
    )


def _kept_links(listed: Sequence[Link], before: Sequence[Link], kind: UsedKind, names: Names) -> tuple[Link, ...]:
    if tuple(listed) == seen_links(before, kind, names):
        return tuple(before)
    kept, place = list(listed), 0
    named = {id_of(link) for link in listed}
    for link in before:
        shown = names(kind, id_of(link))
        if not shown and id_of(link) not in named:
            kept.insert(place, link)
            place += 1
        place = max(place, _behind(kept, shown, place))
    return tuple(kept)


def _behind(listed: Sequence[Link], names: Sequence[str], start: int) -> int:
    """Return the place behind the first entry from ``start`` on that names one of some ids; 0 where none does."""
    return next((place + 1 for place in range(start, len(listed)) if id_of(listed[place]) in names), 0)
