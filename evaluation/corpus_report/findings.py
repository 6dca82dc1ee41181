"""The words in which a corpus report speaks: sections of findings, each with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus.models import NO_ATTRIBUTES, Action, Article, Item, Kind, Template, primary_language


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRef:
    """An item as a report names it."""

    kind: Kind
    id: str
    title: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence out of an item, by its id, and what there is to say of it; never one of a case."""

    id: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look at.

    ``sort`` tells findings of a section apart, ``says`` is what was found, ``todo`` what to do, ``facts`` the same in
    plain JSON for programs.
    """

    sort: str
    says: str
    todo: str
    items: tuple[ItemRef, ...] = ()
    quotes: tuple[Quote, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=lambda: NO_ATTRIBUTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The findings of one sort of check, the weightiest first; ``notes`` say what was and could not be looked at."""

    name: str
    title: str
    about: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusReport:
    """All sections, and the plain facts of what was looked at."""

    facts: Mapping[str, Any]
    sections: tuple[Section, ...]


def ref_of(item: Item) -> ItemRef:
    """Return how a report names an item.

    >>> ref_of(Article(id="umzug", title="Umzug", body="", language="de-AT"))
    ItemRef(kind='articles', id='umzug', title='Umzug', language='de')
    """
    title = item.title if isinstance(item, Article) else item.name
    return ItemRef(kind=kind_of(item), id=item.id, title=title, language=primary_language(item.language))


def kind_of(item: Item) -> Kind:
    """Return the kind of an item."""
    if isinstance(item, Action):
        return "actions"
    return "templates" if isinstance(item, Template) else "articles"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    >>> counted(1, "case"), counted(1200, "case")
    ('1 case', '1,200 cases')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
