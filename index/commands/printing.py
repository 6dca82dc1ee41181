"""What several commands print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.differences import Changes
from corpus.imports import ImportReport
from corpus.models import KINDS

SHOWN_IDS = 5


def some(ids: Sequence[str]) -> str:
    """Return the first ids, and a mark where there are more.

    >>> some(["a", "b", "c", "d", "e", "f"])
    'a, b, c, d, e, …'
    """
    return ", ".join(ids[:SHOWN_IDS]) + (", …" if len(ids) > SHOWN_IDS else "")


def counted(ids: Sequence[str], what: str) -> str:
    """Return a number, what it counts and the first ids, such as ``2 changed (a, b)``."""
    return f"{len(ids)} {what} ({some(ids)})" if ids else f"0 {what}"


def import_line(report: ImportReport) -> str:
    """Return what an import did, in one line."""
    return (
        f"import {report.import_id}: {report.added} new, {report.changed} changed, {report.removed} removed, "
        f"{report.unchanged} unchanged, {report.refused} refused, {report.conflicts} conflicts"
    )


def dangling_lines(dangling: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return one line for each kind of reference that leads nowhere."""
    return [
        f"  {where} name {len(ids)} ids that the corpus lacks, {sum(ids.values())} times: {some(list(ids))}"
        for where, ids in dangling.items()
        if ids
    ]


def change_lines(changes: Changes) -> list[str]:
    """Return one line for each kind of record of which any differs."""
    lines = []
    for kind in KINDS:
        parts = {"new": changes.new[kind], "changed": changes.changed[kind], "removed": changes.removed[kind]}
        if any(parts.values()):
            lines.append(f"  {kind}: " + ", ".join(counted(ids, what) for what, ids in parts.items()))
    return lines


def too_old_lines(number: int) -> list[str]:
    """Return what is told of cases that were passed over because of their age; nothing of none."""
    return [f"  {number} cases are passed over: they were closed longer ago than ASSIST_RETAIN_CASES_DAYS"] * bool(
        number
    )
