"""Ids that records name and the corpus lacks: counted and reported, never fatal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from types import MappingProxyType

from corpus.models import Action, Article, Case, Pin, Template

Dangling = Mapping[str, Mapping[str, int]]
"""For each reference such as ``cases.articles``: how often each id the corpus lacks is named; no empty entries."""

NOTHING_EARLIER: Mapping[str, Container[str]] = MappingProxyType({})


def find_dangling(
    articles: Iterable[Article],
    templates: Iterable[Template],
    actions: Iterable[Action],
    cases: Iterable[Case],
    pins: Iterable[Pin] = (),
) -> Dangling:
    """Return the ids that templates, actions, cases and pins name and the corpus lacks.

    What a case used may have been replaced since: its history goes on with the heir, and nothing is lacking. A pin does
    not go over to an heir: it would speak for an item that nobody decided about.
    """
    templates, actions = tuple(templates), tuple(actions)
    items: dict[str, tuple[Article | Template | Action, ...]] = {
        "articles": tuple(articles),
        "templates": templates,
        "actions": actions,
    }
    known = {kind: {item.id for item in records} for kind, records in items.items()}
    replaced = {kind: {name for item in records for name in item.replaces} for kind, records in items.items()}
    missing: dict[str, Counter[str]] = {}
    for reference, target, ids in _references(templates, actions, cases, pins):
        by_case = reference.startswith("cases.")
        for item_id in ids:
            if item_id not in known[target] and not (by_case and item_id in replaced[target]):
                missing.setdefault(reference, Counter())[item_id] += 1
    return missing


def find_unknown_links(
    articles: Iterable[Article],
    templates: Iterable[Template],
    actions: Iterable[Action],
    cases: Iterable[Case],
    *,
    earlier: Mapping[str, Container[str]] = NOTHING_EARLIER,
) -> Dangling:
    """Return the ids of their own kind that items name and nobody knows: originals of translations, and predecessors.

    What an item replaces is gone in the course of things: it is known where ``earlier`` (ids by kind) has it, or where
    a case used it.
    """
    items: dict[str, tuple[Article | Template | Action, ...]] = {
        "articles": tuple(articles),
        "templates": tuple(templates),
        "actions": tuple(actions),
    }
    used = _used(cases)
    missing: dict[str, Counter[str]] = {}
    for kind, records in items.items():
        known = {record.id for record in records}
        once = known | used[kind]
        for record in records:
            for item_id in record.replaces:
                if item_id not in once and item_id not in earlier.get(kind, ()):
                    missing.setdefault(f"{kind}.replaces", Counter())[item_id] += 1
            original = getattr(record, "translation_of", None)
            if original is not None and original not in known:
                missing.setdefault(f"{kind}.translation_of", Counter())[original] += 1
    return missing


def _used(cases: Iterable[Case]) -> dict[str, set[str]]:
    used: dict[str, set[str]] = {"articles": set(), "templates": set(), "actions": set()}
    for case in cases:
        for kind, ids in used.items():
            ids.update(use.id for use in getattr(case, kind))
    return used


def _references(
    templates: Iterable[Template], actions: Iterable[Action], cases: Iterable[Case], pins: Iterable[Pin]
) -> Iterator[tuple[str, str, Iterable[str]]]:
    for template in templates:
        yield "templates.articles", "articles", template.articles
    for action in actions:
        yield "actions.articles", "articles", action.articles
        yield "actions.templates", "templates", action.templates
    for case in cases:
        yield "cases.articles", "articles", (use.id for use in case.articles)
        yield "cases.templates", "templates", (use.id for use in case.templates)
        yield "cases.actions", "actions", (use.id for use in case.actions)
    for pin in pins:
        yield f"pins.{pin.kind}", pin.kind, (pin.item,)
