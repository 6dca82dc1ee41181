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
from index.job_faults import shortened
from index.job_running import JobLog, Tell, TellingReporter, run_as_job
from index.jobs import JobFolder
from index.own_encoder import set_encoder
from index.progress import Reporter, open_reporter
from index.release_checks import opening_check, print_warning
from index.settings import IndexSettings
from index.undoing import Undone, undo

_COUNTED = ("new", "changed", "removed", "refused", "conflicts")


def add_undo_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``undo``."""
    parser.add_argument("--import", dest="import_id", type=int, required=True, metavar="N", help="number of the import")
    parser.add_argument("--job", default=None, metavar="ID", help="do a job that was queued (used by the service)")
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
    if options.job is not None:
        return run_as_job(JobFolder(settings.var), options.job, lambda log: _run_job(settings, options, log))
    with open_reporter() as reporter:
        undone = _undo(settings, options, reporter, print_warning)
    if options.json:
        print(json.dumps(_undone_document(undone), ensure_ascii=False))
    else:
        print("\n".join(_lines(undone)))
    return DONE


def _run_job(settings: IndexSettings, options: argparse.Namespace, log: JobLog) -> int:
    undone = _undo(settings, options, TellingReporter(log), lambda text: log(f"warning: {text}"))
    for line in _lines(undone):
        log(line.strip())
    log.result(shortened(_undone_document(undone)))
    return DONE


def _undo(settings: IndexSettings, options: argparse.Namespace, reporter: Reporter, warn: Tell) -> Undone:
    with reporter.stage("open encoder"):
        encoder = set_encoder(settings)
    # Whoever undoes an import wants what was before it; smoke questions may well be those of the import.
    check = opening_check(settings, encoder, reporter, force=True, warn=warn)
    return undo(settings, encoder, options.import_id, reporter, check=check, by=options.by)


def _undone_document(undone: Undone) -> dict[str, object]:
    changes = undone.changes.to_json() if undone.changes is not None else None
    return {"import": undone.entry.id, "changes": changes, "snapshot": undone.snapshot.snapshot_id}


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
