"""``python -m index imports`` and ``undo``: what was imported when, and taking one import back."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping

from rich import box
from rich.markup import escape
from rich.table import Table

from corpus.store import Store
from corpus.stored import ImportEntry
from corpus.times import format_time
from index.cli import DONE
from index.commands.printing import change_lines
from index.commands.tables import print_table, shown_time
from index.importing import COMMAND_LINE
from index.own_encoder import set_encoder
from index.progress import open_reporter
from index.release_checks import opening_check
from index.settings import IndexSettings
from index.undoing import Undone, undo

_COUNTED = ("new", "changed", "removed", "refused", "conflicts")


def add_undo_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``undo``."""
    parser.add_argument("--import", dest="import_id", type=int, required=True, metavar="N", help="number of the import")
    parser.add_argument("--by", default=COMMAND_LINE, help="who the audit says wanted it (default: command line)")


def run_imports(settings: IndexSettings, options: argparse.Namespace) -> int:
    """List all imports, oldest first."""
    with Store.open(settings.database, create=False) as store:
        entries = store.imports()
    if options.json:
        for entry in entries:
            print(json.dumps(_document(entry), ensure_ascii=False))
    elif not entries:
        print("nothing was imported yet")
    else:
        print_table(_table(entries), sys.stdout)
    return DONE


def run_undo(settings: IndexSettings, options: argparse.Namespace) -> int:
    """Undo an import, build what is live then and let it serve; say what changed."""
    with open_reporter() as reporter:
        with reporter.stage("open encoder"):
            encoder = set_encoder(settings)
        # Whoever undoes an import wants what was before it; smoke questions may well be those of the import.
        check = opening_check(settings, encoder, reporter, force=True)
        undone = undo(settings, encoder, options.import_id, reporter, check=check, by=options.by)
    if options.json:
        changes = undone.changes.to_json() if undone.changes is not None else None
        document = {"import": undone.entry.id, "changes": changes, "snapshot": undone.snapshot.snapshot_id}
        print(json.dumps(document, ensure_ascii=False))
    else:
        print("\n".join(_lines(undone)))
    return DONE


def _lines(undone: Undone) -> list[str]:
    entry = undone.entry
    if undone.changes is None:
        told = [f"import {entry.id} was undone before; the snapshot without it was missing and is built now"]
    elif undone.changes.total:
        told = [f"import {entry.id} of {shown_time(entry.finished_at)} is undone:", *change_lines(undone.changes)]
    else:
        told = [f"import {entry.id} is undone; later imports and edits decide about all it brought: nothing changes"]
    return [*told, f"snapshot {undone.snapshot.snapshot_id} serves"]


def _table(entries: tuple[ImportEntry, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("import", "time (UTC)", "mode", *_COUNTED, "undone", "source"):
        table.add_column(heading, justify="right" if heading in ("import", *_COUNTED) else "left", no_wrap=True)
    for entry in entries:
        totals = _totals(entry.counts)
        undone = shown_time(entry.undone_at) if entry.undone_at else ""
        numbers = (f"{totals[each]:,}" for each in _COUNTED)
        table.add_row(str(entry.id), shown_time(entry.finished_at), entry.mode, *numbers, undone, escape(entry.source))
    return table


def _totals(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {each: sum(of_kind.get(each, 0) for of_kind in counts.values()) for each in _COUNTED}


def _document(entry: ImportEntry) -> dict[str, object]:
    return {
        "import": entry.id,
        "at": format_time(entry.finished_at),
        "mode": entry.mode,
        "source": entry.source,
        "counts": {kind: dict(counts) for kind, counts in entry.counts.items()},
        "undone_at": format_time(entry.undone_at) if entry.undone_at else None,
    }
