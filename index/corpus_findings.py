"""What a knowledge manager should look at before a corpus serves; nothing of it keeps it from serving."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from corpus.models import Action, Article, Case, Item, Kind, Pin, Record, Template, primary_language
from corpus.nearness import NEAR
from corpus.privacy.found import personal_data_by_kind
from corpus.privacy.spans import PersonalKind
from corpus.references import Dangling, find_dangling, find_unknown_links
from corpus.text import plain_text
from corpus.training_near import near_pairs
from index.situations import USED_KINDS

UNKNOWN_LANGUAGE = "unknown"
Ids = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusFindings:
    """Findings by kind of record; ids ascending. ``personal`` gives ids by kind of item and of personal data.

    ``duplicates`` are pairs of ids whose words are nearly the same, ``languages`` counts records by primary subtag,
    ``broken`` are references that lead nowhere, ``expired`` and ``not_yet`` published items and pins outside their
    validity. ``endless`` are published pins without an end, ``crossed`` items that are both pinned and forbidden.
    """

    duplicates: Mapping[Kind, tuple[tuple[str, str], ...]]
    languages: Mapping[Kind, Mapping[str, int]]
    broken: Dangling
    expired: Mapping[Kind, Ids]
    not_yet: Mapping[Kind, Ids]
    personal: Mapping[Kind, Mapping[PersonalKind, Ids]]
    endless: Ids = ()
    crossed: Ids = ()

    def to_json(self) -> dict[str, object]:
        """Return everything as plain JSON."""
        return {
            "duplicates": {kind: [list(pair) for pair in pairs] for kind, pairs in self.duplicates.items()},
            "languages": {kind: dict(counts) for kind, counts in self.languages.items()},
            "broken": {where: dict(ids) for where, ids in self.broken.items()},
            "expired": {kind: list(ids) for kind, ids in self.expired.items()},
            "not_yet_valid": {kind: list(ids) for kind, ids in self.not_yet.items()},
            "personal_data": {
                kind: {what: list(ids) for what, ids in found.items()} for kind, found in self.personal.items()
            },
            "pins_without_end": list(self.endless),
            "pinned_and_forbidden": list(self.crossed),
        }


def find(
    records: Mapping[Kind, Sequence[Record]], at: datetime, *, earlier: Mapping[Kind, Sequence[Record]]
) -> CorpusFindings:
    """Look through the records that would be live, as they are valid ``at`` a time; ``earlier`` are those live now."""
    articles = [record for record in records["articles"] if isinstance(record, Article)]
    templates = [record for record in records["templates"] if isinstance(record, Template)]
    actions = [record for record in records["actions"] if isinstance(record, Action)]
    cases = [record for record in records["cases"] if isinstance(record, Case)]
    pins = [record for record in records["pins"] if isinstance(record, Pin)]
    current = [pin for pin in pins if pin.status == "published" and not _is_expired(pin, at)]
    timed: dict[Kind, Sequence[Item | Pin]] = {
        "articles": articles,
        "templates": templates,
        "actions": actions,
        "pins": pins,
    }
    known: dict[str, set[str]] = {kind: {record.id for record in earlier[kind]} for kind in USED_KINDS}
    return CorpusFindings(
        duplicates={
            "articles": _near([(each.id, f"{each.title}\n{_body(each)}") for each in articles]),
            "templates": _near([(each.id, _body(each)) for each in templates]),
        },
        languages={kind: _languages(records[kind]) for kind in records if kind != "pins"},
        broken={
            **find_dangling(articles, templates, actions, cases, pins),
            **find_unknown_links(articles, templates, actions, cases, earlier=known),
        },
        expired={kind: _ids(each for each in timed[kind] if _is_expired(each, at)) for kind in timed},
        not_yet={kind: _ids(each for each in timed[kind] if _is_not_yet_valid(each, at)) for kind in timed},
        personal={
            "articles": personal_data_by_kind(articles),
            "templates": personal_data_by_kind(templates),
            "pins": personal_data_by_kind(pins),
        },
        endless=_ids(pin for pin in current if pin.valid_until is None),
        crossed=_crossed(current),
    )


def _crossed(pins: Iterable[Pin]) -> Ids:
    named: dict[str, set[tuple[str, str]]] = {"pin": set(), "forbid": set()}
    for pin in pins:
        named[pin.effect].add((pin.kind, pin.item))
    return tuple(f"{kind}/{item}" for kind, item in sorted(named["pin"] & named["forbid"]))


def _near(texts: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    pairs = near_pairs([text for _, text in texts], NEAR)
    return tuple(sorted((texts[one][0], texts[other][0]) for one, other in pairs))


def _body(item: Article | Template) -> str:
    return plain_text(item.body, item.format)


def _languages(records: Sequence[Record]) -> Mapping[str, int]:
    counts = Counter(primary_language(record.language) or UNKNOWN_LANGUAGE for record in records)
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _is_expired(item: Item | Pin, at: datetime) -> bool:
    return item.status == "published" and item.valid_until is not None and item.valid_until <= at


def _is_not_yet_valid(item: Item | Pin, at: datetime) -> bool:
    return item.status == "published" and item.valid_from is not None and item.valid_from > at


def _ids(items: Iterable[Item | Pin]) -> Ids:
    return tuple(sorted(item.id for item in items))
