"""``python -m index build``: import a corpus folder, index it, check the new snapshot, let it serve."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from index.builder import BuildReport, build
from index.cli import DONE
from index.commands.printing import dangling_lines, import_line, too_old_lines
from index.importing import COMMAND_LINE, ImportOptions
from index.job_faults import shortened
from index.job_running import JobLog, Tell, TellingReporter, run_as_job
from index.jobs import JobFolder
from index.own_encoder import set_encoder
from index.progress import Reporter, open_reporter
from index.release_checks import opening_check, print_warning
from index.settings import IndexSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--corpus", type=Path, default=None, help="corpus folder; without it the store is indexed")
    parser.add_argument(
        "--mode",
        choices=("full", "upsert"),
        default="full",
        help="full (default): the folder is the whole of what imports bring; upsert: only what it names changes",
    )
    parser.add_argument("--force", action="store_true", help="pass over the shrink guard and the smoke questions")
    parser.add_argument("--job", default=None, metavar="ID", help="do a job that was queued (used by the service)")
    parser.add_argument("--by", default=COMMAND_LINE, help="who the audit says wanted it (default: command line)")


def run(settings: IndexSettings, options: argparse.Namespace) -> int:
    """Build, and print what was imported and what serves now; as a job, tell it to whoever asks for the job."""
    if options.job is not None:
        return run_as_job(JobFolder(settings.var), options.job, lambda log: _run_job(settings, options, log))
    with open_reporter() as reporter:
        report = _build(settings, options, reporter, print_warning)
    _print(report, as_json=options.json)
    return DONE


def _run_job(settings: IndexSettings, options: argparse.Namespace, log: JobLog) -> int:
    report = _build(settings, options, TellingReporter(log), lambda text: log(f"warning: {text}"))
    for line in told(report):
        log(line.strip())
    log.result(shortened(_document(report)))
    return DONE


def _build(settings: IndexSettings, options: argparse.Namespace, reporter: Reporter, warn: Tell) -> BuildReport:
    wish = ImportOptions(mode=options.mode, force=options.force, by=options.by)
    with reporter.stage("open encoder"):
        encoder = set_encoder(settings, many=True)
    check = opening_check(settings, encoder, reporter, force=wish.force, warn=warn)
    return build(settings, encoder, options.corpus, reporter, wish, check=check)


def _print(report: BuildReport, *, as_json: bool) -> None:
    print(json.dumps(_document(report)) if as_json else "\n".join(told(report)))


def _document(report: BuildReport) -> dict[str, object]:
    imported = report.imported
    return {
        "snapshot": report.snapshot.snapshot_id,
        "counts": dict(report.snapshot.counts),
        "imported": imported.counts() if imported is not None else None,
        "import": imported.import_id if imported is not None else None,
        "too_old": report.too_old,
    }


def told(report: BuildReport) -> list[str]:
    """Return the lines that tell a person what a build did."""
    counts = ", ".join(f"{number} {kind}" for kind, number in report.snapshot.counts.items())
    return [
        *([import_line(report.imported)] if report.imported is not None else []),
        *too_old_lines(report.too_old),
        *dangling_lines(report.dangling),
        f"snapshot {report.snapshot.snapshot_id} serves: {counts}",
    ]
