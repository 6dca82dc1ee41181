"""``python -m assist acceptance``: how suggestions were taken, never in figures of fewer than ten agents."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from assist.settings import Settings
from corpus.acceptance import Counts, KindAcceptance, acceptance
from corpus.feedback_store import FeedbackStore
from corpus.privacy.agent_figures import LEAST_AGENTS
from corpus.times import format_time
from corpus.wilson import wilson

_MONTH = re.compile(r"([1-9]\d{3})-(0[1-9]|1[0-2])(?:-\d\d)?", re.ASCII)
_WIDTH = 140


def month(text: str) -> datetime:
    """Return the beginning of the month of a day.

    By whole months only: two answers that begin on two days would tell by their difference what one day brought.

    >>> month("2026-11-05")
    datetime.datetime(2026, 11, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    match = _MONTH.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(f"found {text[:40]!r}, expected a month such as 2026-11")
    return datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--since", type=month, default=None, help="count from the beginning of this month on, 2026-11")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print how suggestions were taken, by kind, item, channel and language."""
    with FeedbackStore.open(settings.index.database, create=False) as store:
        found = list(acceptance(store, options.since))
    if options.json:
        document = {
            "since": None if options.since is None else format_time(options.since),
            "least_agents": LEAST_AGENTS,
            "kinds": {each.kind: _as_json(each) for each in found},
        }
        print(json.dumps(document, ensure_ascii=False, allow_nan=False))
        return 0
    console = Console(file=sys.stdout, width=_WIDTH, highlight=False)
    for each in found:
        console.print(_table(each))
        for line in _reasons(each):
            console.print(line, markup=False)
        if each.hidden:
            console.print(f"{each.hidden} rows of fewer than {LEAST_AGENTS} agents are in no figure.")
    if not found:
        print("No feedback was given yet.", file=sys.stderr)
    return 0


def _as_json(found: KindAcceptance) -> dict[str, Any]:
    return {
        "total": _figures(found.total),
        "items": [{"id": each.id, **_figures(each.counts), "reasons": dict(each.reasons)} for each in found.items],
        "channels": {name: _figures(counts) for name, counts in found.channels.items()},
        "languages": {name: _figures(counts) for name, counts in found.languages.items()},
        "hidden_rows": found.hidden,
    }


def _figures(counts: Counts) -> dict[str, Any]:
    judged = counts.helpful + counts.not_helpful
    return {
        **asdict(counts),
        "used_share": _share(counts.used, counts.shown),
        "sent_share": _share(counts.sent, counts.shown),
        "dismissed_share": _share(counts.dismissed, counts.shown),
        "helpful_share": _share(counts.helpful, judged),
    }


def _share(part: int, whole: int) -> dict[str, Any] | None:
    if not whole:
        return None
    low, high = wilson(part / whole, whole)
    return {"share": round(part / whole, 4), "ci95": [round(max(0.0, low), 4), round(min(1.0, high), 4)]}


def _table(found: KindAcceptance) -> Table:
    table = Table(title=found.kind, box=box.SIMPLE_HEAD, title_justify="left")
    headings = ("", "shown", "used (95 %)", "sent or done (95 %)", "dismissed (95 %)", "helpful", "not")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number else "left", overflow="fold")
    rows: Sequence[tuple[str, Mapping[str, Counts]]] = (
        ("", {"all": found.total} if found.items else {}),
        ("", {each.id: each.counts for each in found.items}),
        ("channel ", found.channels),
        ("language ", found.languages),
    )
    for prefix, group in rows:
        for name, counts in group.items():
            table.add_row(prefix + name, f"{counts.shown:,}", *_shares(counts))
        table.add_section()
    return table


def _shares(counts: Counts) -> list[str]:
    parts = (counts.used, counts.sent, counts.dismissed)
    return [*(_told(part, counts.shown) for part in parts), f"{counts.helpful:,}", f"{counts.not_helpful:,}"]


def _told(part: int, whole: int) -> str:
    if not whole:
        return "-"
    low, high = wilson(part / whole, whole)
    return f"{part / whole:.1%} ({max(0.0, low):.1%} to {min(1.0, high):.1%})"


def _reasons(found: KindAcceptance) -> list[str]:
    lines = []
    for each in found.items:
        told = [f"{reason} {'fewer than ten agents' if n is None else n}" for reason, n in each.reasons.items()]
        if told:
            lines.append(f"  {each.id}: {', '.join(told)}")
    return ["dismissed or not helpful, why:", *lines] if lines else []
