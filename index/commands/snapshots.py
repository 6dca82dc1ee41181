"""``python -m index snapshots``, ``diff`` and ``rollback``: which snapshots there are, and going back."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from rich import box
from rich.markup import escape
from rich.table import Table

from corpus.differences import Changes
from corpus.models import KINDS
from index.audit_notes import note_serving
from index.cli import DONE
from index.commands.printing import change_lines
from index.commands.tables import print_table, shown_time
from index.importing import COMMAND_LINE
from index.locks import WriterLock
from index.settings import IndexSettings
from index.snapshot import NoSnapshotError, SnapshotInfo, current, list_snapshots, previous, rollback
from index.snapshot_diff import compare_snapshots


def add_diff_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``diff``."""
    parser.add_argument("--from", dest="before", default=None, metavar="ID", help="default: the one served before")
    parser.add_argument("--to", dest="after", default=None, metavar="ID", help="default: the one that serves")


def run_snapshots(settings: IndexSettings, options: argparse.Namespace) -> int:
    """List the snapshots that are kept, newest first."""
    infos = list_snapshots(settings.var)
    if options.json:
        for info in infos:
            print(json.dumps(snapshot_json(info)))
    elif not infos:
        print("no snapshot yet; build one with `make reindex`")
    else:
        print_table(_table(infos), sys.stdout)
    return DONE


def run_diff(settings: IndexSettings, options: argparse.Namespace) -> int:
    """Say which records differ between two snapshots."""
    after = options.after or current(settings.var)
    before = options.before or previous(settings.var)
    if before is None or after is None:
        raise NoSnapshotError(
            "found no two snapshots that served one after the other, expected two to compare; name them with "
            "FROM=id TO=id (`make snapshots` lists them)"
        )
    changes = compare_snapshots(settings.var, before, after)
    if options.json:
        print(json.dumps({"from": before, "to": after, "changes": changes.to_json()}, ensure_ascii=False))
    else:
        print("\n".join(_diff_lines(before, after, changes)))
    return DONE


def run_rollback(settings: IndexSettings, options: argparse.Namespace) -> int:
    """Serve the snapshot that served before."""
    with WriterLock(settings.var):
        snapshot = rollback(settings.var)
        told = note_serving(settings, "rollback", snapshot, by=COMMAND_LINE)
    if told is not None:
        print(f"warning: {told}", file=sys.stderr)
    print(json.dumps({"snapshot": snapshot}) if options.json else f"snapshot {snapshot} serves again")
    return DONE


def snapshot_json(info: SnapshotInfo) -> dict[str, object]:
    """Return what is known of a snapshot as JSON."""
    return {
        "id": info.id,
        "created_at": info.created_at.isoformat() if info.created_at else None,
        "counts": dict(info.counts),
        "bytes": info.bytes,
        "current": info.is_current,
        "problems": [str(problem) for problem in info.problems],
    }


def _diff_lines(before: str, after: str, changes: Changes) -> list[str]:
    if not changes.total:
        return [f"{before} and {after} hold the same records"]
    return [f"from {before} to {after}:", *change_lines(changes)]


def _table(infos: Sequence[SnapshotInfo]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("snapshot", "time (UTC)", *KINDS, "MB", "state"):
        number = heading in (*KINDS, "MB")
        table.add_column(heading, justify="right" if number else "left", no_wrap=heading != "state")
    for info in infos:
        counts = (f"{info.counts[kind]:,}" if kind in info.counts else "" for kind in KINDS)
        state = "; ".join(map(str, info.problems)) or ("serves" if info.is_current else "kept")
        created = shown_time(info.created_at) if info.created_at else "unknown"
        table.add_row(info.id, created, *counts, f"{info.bytes / 1e6:,.1f}", escape(state))
    return table
