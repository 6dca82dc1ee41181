"""``python -m evaluation corpus-report``: what is wrong with a knowledge base, and what to do about it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from rich import box
from rich.table import Table

from assist.settings import read_settings
from corpus.times import now_utc
from evaluation.commands.opening import open_workbench
from evaluation.corpus_report.build import build_report
from evaluation.corpus_report.findings import CorpusReport
from evaluation.corpus_report.material import Limits, Material
from evaluation.corpus_report.opening import folder_material, store_material
from evaluation.corpus_report.page import report_json, write_corpus_report
from evaluation.table import print_table
from index.job_running import JobLog, TellingReporter, run_as_job
from index.jobs import JobFolder
from index.progress import Reporter, open_reporter

MOST_ASKED = 5_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--job", default=None, metavar="ID", help="do a job that was queued (used by the service)")
    shipped = Limits()
    parser.add_argument("--corpus", type=Path, help="canonical corpus folder (default: the store and its snapshot)")
    parser.add_argument("--var", type=Path, default=None, help="state folder of the service (default ASSIST_VAR)")
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for page and JSON (default out)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--with-text", action="store_true", help="show masked texts of example cases")
    parser.add_argument("--at", type=_moment, default=None, help="judge dates at this day, YYYY-MM-DD (default now)")
    for name, most, text in (
        ("stale_days", 36_500, "days after which what was not changed is stale"),
        ("soon_days", 3_650, "days before its end at which validity ends soon"),
        ("period_days", 36_500, "days of the period whose cases are asked again"),
        ("sample", MOST_ASKED, f"cases asked again, at most {MOST_ASKED}"),
        ("seed", 2**31, "which cases are drawn"),
    ):
        default = getattr(shipped, name)
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=_whole(most), default=default, help=f"{text} (default {default})")


def run(options: argparse.Namespace) -> int:
    """Make the report, write page and JSON, print the numbers of findings."""
    if options.job is not None:
        var = read_settings(os.environ, var=options.var).index.var
        return run_as_job(JobFolder(var), options.job, lambda log: _run_job(options, log))
    with open_reporter() as reporter, _material(options, reporter) as material:
        report = build_report(material, with_text=options.with_text)
    page, data = write_corpus_report(options.out, report)
    if options.json:
        json.dump(report_json(report), sys.stdout, ensure_ascii=False)
        print()
    else:
        print_table(_table(report), sys.stdout)
        print(f"report: {page}\ndata: {data}")
    return 0


def _run_job(options: argparse.Namespace, log: JobLog) -> int:
    reporter = TellingReporter(log)
    with _material(options, reporter) as material, reporter.stage("look for what is wrong"):
        report = build_report(material, with_text=options.with_text)
    write_corpus_report(options.out, report)
    log.result({"report": options.out.name, "findings": {each.name: len(each.findings) for each in report.sections}})
    return 0


@contextmanager
def _material(options: argparse.Namespace, reporter: Reporter) -> Iterator[Material]:
    limits = Limits(**{each.name: getattr(options, each.name) for each in fields(Limits)})
    settings = read_settings(os.environ, var=options.var)
    at = options.at or now_utc()
    if options.corpus is not None:
        with open_workbench() as bench:
            yield folder_material(options.corpus, bench, at=at, limits=limits, audiences=settings.audiences)
        return
    with store_material(settings, reporter, at=at, limits=limits) as material:
        yield material


def _table(report: CorpusReport) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("section")
    table.add_column("findings", justify="right")
    for section in report.sections:
        table.add_row(section.title, f"{len(section.findings):,}")
    return table


def _moment(raw: str) -> datetime:
    try:
        return datetime.strptime(raw, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"found {raw!r}, expected a day such as 2026-11-30") from None


class _whole:  # noqa: N801 - argparse shows its name
    """Reads a whole number from 0 to the most."""

    def __init__(self, most: int) -> None:
        self._most = most

    def __call__(self, raw: str) -> int:
        if not raw.isdecimal() or int(raw) > self._most:
            raise argparse.ArgumentTypeError(f"found {raw!r}, expected a whole number from 0 to {self._most:,}")
        return int(raw)
