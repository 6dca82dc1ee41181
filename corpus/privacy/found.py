"""Personal data in what a company publishes to its agents: articles, templates, reasons of pins; told by id only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from corpus.models import Article, Pin, Template
from corpus.privacy.masker import personal_data
from corpus.privacy.spans import PERSONAL_KINDS, PersonalKind
from corpus.text import normalise, plain_text


def personal_data_by_kind(items: Iterable[Article | Template | Pin]) -> Mapping[PersonalKind, tuple[str, ...]]:
    """Return the ids of the items that hold each kind of personal data, ids as they come; kinds of which none does not.

    A hotline or the company's own address counts too: whether it may stand there, a person must say.
    """
    found: dict[PersonalKind, dict[str, None]] = {}
    for item in items:
        for span in personal_data(_text(item)):
            found.setdefault(span.kind, {})[item.id] = None
    return {kind: tuple(found[kind]) for kind in PERSONAL_KINDS if kind in found}


def _text(item: Article | Template | Pin) -> str:
    if isinstance(item, Pin):
        return normalise(item.reason)
    parts = (item.title, item.summary) if isinstance(item, Article) else (item.name, item.subject)
    return "\n".join((*(normalise(part) for part in parts if part), plain_text(item.body, item.format)))
