"""Items that nobody is ever shown and nobody ever used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.models import Article, Template
from evaluation.corpus_report.asking import FIRST, AskedCase
from evaluation.corpus_report.findings import Finding, Section, counted, ref_of
from evaluation.corpus_report.material import TEXT_KINDS, Material
from index.situations import UsedKind

ENOUGH = 5
"""So many cases an item should have been asked for before its absence tells anything."""


def unused_section(material: Material, asked: Sequence[AskedCase]) -> Section:
    """Find published items that were never among the first three, not even without abstaining, and never used."""
    notes = [
        f"{counted(len(asked), 'solved case')} of the last {material.limits.period_days} days before "
        f"{material.last_closed:%Y-%m-%d} were asked again, each at its own time. Never suggested means never among "
        f"the first {FIRST}, however unsure. Items for other audiences, drafts, headers and footers cannot be "
        "suggested and are not listed."
    ]
    findings: list[Finding] = []
    for kind in TEXT_KINDS:
        items = _suggestible(kind, material)
        if len(asked) < ENOUGH * len(items):
            notes.append(
                f"For {counted(len(items), kind.removesuffix('s'))} {len(asked):,} cases say little: ask more "
                f"(--period-days, --sample), at least {ENOUGH * len(items):,}."
            )
        findings += _never(kind, items, material, asked)
    return Section(
        name="never_suggested",
        title="Never suggested, never used",
        about="Published items that no case of the period brought up and that no solved case ever used.",
        findings=tuple(findings),
        notes=tuple(notes),
    )


def _suggestible(kind: UsedKind, material: Material) -> list[Article | Template]:
    space = material.snapshot.items[kind]
    visible = space.masks.visible(material.audiences)
    return [item for item in material.offered(kind) if bool(visible[space.row_of[item.id]])]


def _never(
    kind: UsedKind, items: Sequence[Article | Template], material: Material, asked: Sequence[AskedCase]
) -> Iterator[Finding]:
    shown = {each for case in asked if kind in case.answers for each in case.answers[kind].ids}
    for item in items:
        if item.id in shown or material.used(item, kind):
            continue
        yield Finding(
            sort=kind,
            items=(ref_of(item),),
            says="Never among the first three of any case asked again, and used in no solved case.",
            todo="If customers ask for it in other words, put these into title, keywords or summary; if nobody asks, "
            "archive it.",
            facts={"asked": len(asked)},
        )
