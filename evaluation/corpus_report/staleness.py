"""Items whose time is over or soon will be, that nobody looked at for long, or that are used though archived."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from corpus.models import KINDS, Article, Item, Template
from evaluation.corpus_report.findings import Finding, Section, counted, kind_of, ref_of
from evaluation.corpus_report.material import Material

_ORDER = ("archived but used", "expired", "ends soon", "stale")


def stale_section(material: Material) -> Section:
    """Look at dates and status of every article, template and action; the most used come first."""
    found = [finding for item in material.items.values() for finding in _findings(item, material)]
    found.sort(
        key=lambda each: (
            _ORDER.index(each.sort),
            -each.facts["used_in_period"],
            KINDS.index(each.items[0].kind),
            each.items[0].id,
        )
    )
    undated = sum(item.updated_at is None for item in material.items.values())
    notes = [
        f"Stale is what is published and was last changed more than {material.limits.stale_days} days before "
        f"{material.at:%Y-%m-%d}; soon is within {material.limits.soon_days} days."
    ]
    if undated:
        notes.append(f"{counted(undated, 'item')} say nothing of when they were last changed: not looked at for that.")
    return Section(
        name="stale",
        title="Stale and expired",
        about="Items whose validity is over or soon will be, that were long not looked at, or that are still used "
        "though they were archived.",
        findings=tuple(found),
        notes=tuple(notes),
    )


def _findings(item: Item, material: Material) -> Iterator[Finding]:
    recent = material.used(item, kind_of(item), "period")
    if item.status == "archived":
        if recent:
            yield _archived(item, recent)
    elif item.status == "published":
        yield from _dated(item, recent, material)


def _dated(item: Item, recent: int, material: Material) -> Iterator[Finding]:
    limits = material.limits
    until = item.valid_until
    if until is not None and until <= material.at:
        yield _expired(item, until, recent, material)
        return
    if until is not None and until <= material.at + timedelta(days=limits.soon_days):
        yield Finding(
            sort="ends soon",
            items=(ref_of(item),),
            says=f"Valid until {until:%Y-%m-%d}; used in {counted(recent, 'case')} of the period.",
            todo="Extend valid_until, or see to it that its successor is published by then.",
            facts={"valid_until": until.isoformat(), "used_in_period": recent},
        )
    changed = item.updated_at
    if changed is not None and changed < material.at - timedelta(days=limits.stale_days):
        yield Finding(
            sort="stale",
            items=(ref_of(item),),
            says=f"Last changed on {changed:%Y-%m-%d}, {(material.at - changed).days:,} days ago; used in "
            f"{counted(recent, 'case')} of the period.",
            todo="Have whoever knows the subject read it, and set updated_at even if nothing changes."
            if recent
            else "Nobody uses it: archive it, or have it read again.",
            facts={"updated_at": changed.isoformat(), "used_in_period": recent},
        )


def _archived(item: Item, recent: int) -> Finding:
    return Finding(
        sort="archived but used",
        items=(ref_of(item),),
        says=f"Archived, and used in {counted(recent, 'case')} of the period.",
        todo="If agents still need it, publish it again; else name it in replaces of the item that took its place.",
        facts={"used_in_period": recent},
    )


def _expired(item: Item, until: datetime, recent: int, material: Material) -> Finding:
    since = _used_since(item, until, material)
    used = f"; used in {counted(since, 'case')} that opened since" if since else ""
    return Finding(
        sort="expired",
        items=(ref_of(item),),
        says=f"Valid until {until:%Y-%m-%d}: it is suggested no longer{used}.",
        todo="Agents still use it: extend valid_until, or publish what holds now."
        if since
        else "Archive it, or extend valid_until if it still holds.",
        facts={"valid_until": until.isoformat(), "used_since": since, "used_in_period": recent},
    )


def _used_since(item: Item, until: datetime, material: Material) -> int:
    names = {item.id, *item.replaces}
    kind = kind_of(item)
    return sum(
        any(use.id in names for use in getattr(case, kind))
        for case in material.solved
        if case.opened_at is not None and case.opened_at >= until
    )


def is_current(item: Article | Template, at: datetime) -> bool:
    """Whether an item is published and valid at a moment."""
    begun = item.valid_from is None or item.valid_from <= at
    return item.status == "published" and begun and (item.valid_until is None or at < item.valid_until)
