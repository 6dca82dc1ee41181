"""Where a text stands: in articles, templates, steps of actions, resolutions of cases, and reasons of pins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.folded import occurrences
from corpus.models import Action, Article, Case, Kind, Pin, Record, Template
from corpus.privacy.marks import mark_of
from corpus.privacy.masker import personal_data
from corpus.privacy.masking import names_in

AROUND = 40
"""So many characters are shown on each side of a hit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place; ``excerpt`` is what stands around it, of a case with marks in place of personal data."""

    kind: Kind
    id: str
    field: str
    excerpt: str
    version: str


def find_text(kind: Kind, records: Iterable[tuple[Record, str]], wanted: str, *, loose: bool = False) -> Iterator[Hit]:
    """Yield every place of ``wanted`` in records of a kind, each given with the version of it that is live."""
    for record, version in records:
        names = names_in(record.customer) if isinstance(record, Case) else None
        for field, text in _texts(record):
            for start, end in occurrences(text, wanted, loose=loose):
                excerpt = _excerpt(text, start, end) if names is None else _masked_excerpt(text, start, end, names)
                yield Hit(kind=kind, id=record.id, field=field, excerpt=excerpt, version=version)


def _texts(record: Record) -> list[tuple[str, str]]:
    if isinstance(record, Article):
        found = [("title", record.title), ("summary", record.summary), ("body", record.body)]
    elif isinstance(record, Template):
        found = [("name", record.name), ("subject", record.subject), ("body", record.body)]
    elif isinstance(record, Action):
        found = [("name", record.name), ("description", record.description)]
        found += [(f"steps/{number}", step.text) for number, step in enumerate(record.steps)]
    elif isinstance(record, Pin):
        found = [("reason", record.reason)]
    else:
        found = [("resolution", record.resolution)]
    return [(field, text) for field, text in found if text]


def _excerpt(text: str, start: int, end: int) -> str:
    low, high = max(0, start - AROUND), min(len(text), end + AROUND)
    return _framed(text[low:high], low > 0, high < len(text))


def _masked_excerpt(text: str, start: int, end: int, names: Iterable[str]) -> str:
    # What is personal is decided by the whole text: half of a name or number would not be known for one.
    low, high = max(0, start - AROUND), min(len(text), end + AROUND)
    parts, done = [], low
    for span in personal_data(text, names):
        if span.end <= low or span.start >= high:
            continue
        parts += [text[done : max(done, span.start)], mark_of(span.kind, "de")]
        done = max(done, span.end)
    return _framed("".join((*parts, text[done:high])), low > 0, high < len(text))


def _framed(text: str, before: bool, after: bool) -> str:
    return f"{'…' if before else ''}{' '.join(text.split())}{'…' if after else ''}"
