"""``python -m index check``: what a corpus folder would change, and what about it deserves a look; reads only."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from corpus.diff import VERDICTS
from corpus.models import KINDS
from corpus.times import parse_moment
from index.checking import CheckReport, CheckWish, check_folder, document
from index.cli import DONE
from index.commands.printing import counted, dangling_lines, some, too_old_lines
from index.corpus_findings import CorpusFindings
from index.effects import Effect
from index.job_faults import shortened
from index.job_running import JobLog, TellingReporter, run_as_job
from index.jobs import JobFolder
from index.progress import open_reporter
from index.settings import IndexSettings

_REASON_CHARACTERS = 100
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--corpus", type=Path, required=True, help="corpus folder")
    parser.add_argument("--mode", choices=("full", "upsert"), default="full", help="how it would be imported")
    parser.add_argument("--at", type=_moment, default=None, help="judge validity at this day or time (default: now)")
    parser.add_argument("--no-effect", action="store_true", help="leave out what it does to suggestions; quicker")
    parser.add_argument("--job", default=None, metavar="ID", help="do a job that was queued (used by the service)")


def run(settings: IndexSettings, options: argparse.Namespace) -> int:
    """Print what re-indexing the folder would change, and what it would do to suggestions."""
    wish = CheckWish(folder=options.corpus, mode=options.mode, at=options.at, effect=not options.no_effect)
    if options.job is not None:
        return run_as_job(JobFolder(settings.var), options.job, lambda log: _run_job(settings, wish, log))
    with open_reporter() as reporter:
        report = check_folder(settings, wish, reporter)
    if options.json:
        print(json.dumps(document(report), ensure_ascii=False))
    else:
        print("\n".join(_lines(report, without_effect=options.no_effect)))
    return DONE


def _run_job(settings: IndexSettings, wish: CheckWish, log: JobLog) -> int:
    log.result(shortened(document(check_folder(settings, wish, TellingReporter(log)))))
    return DONE


def _lines(report: CheckReport, *, without_effect: bool) -> Iterator[str]:
    yield f"{report.folder} is well-formed. Re-indexing it would change:"
    for kind in KINDS:
        verdicts = [(verdict, report.difference.ids(verdict)[kind]) for verdict in VERDICTS]
        yield f"  {kind}: " + ", ".join(
            f"{len(ids)} {verdict}" if verdict == "unchanged" else counted(ids, verdict) for verdict, ids in verdicts
        )
    yield from too_old_lines(report.too_old)
    yield from _quarantine_lines(report.quarantined)
    yield "After that, of what is live then:"
    yield from _finding_lines(report.findings, report.at)
    yield from _template_lines(report)
    yield from _action_lines(report)
    yield "Cases that say what was used in them, and others that show it by what was sent:"
    yield from (f"  {share}" for share in report.shares)
    if not without_effect:
        yield from _effect_lines(report.effect)


def _template_lines(report: CheckReport) -> Iterator[str]:
    if report.warned:
        yield f"  {report.warned} templates have warnings; `make lint-templates CORPUS={report.folder}` tells them"


def _action_lines(report: CheckReport) -> Iterator[str]:
    told = [f"{name}: {each}" for name, warnings in report.action_warnings.items() for each in warnings]
    if told:
        yield f"  {len(report.action_warnings)} actions have warnings in their steps or rules:"
        yield from (f"    {line}" for line in told[:SHOWN])
    if len(told) > SHOWN:
        yield f"    … and {len(told) - SHOWN} more; `make lint-templates CORPUS={report.folder}` tells them"


def _quarantine_lines(reasons: Mapping[str, int]) -> Iterator[str]:
    if reasons:
        yield f"{sum(reasons.values())} rows were set aside when the folder was made (quarantine.jsonl):"
    for reason, number in reasons.items():
        yield f"  {number} x {reason[:_REASON_CHARACTERS]}"


def _finding_lines(findings: CorpusFindings, at: datetime) -> Iterator[str]:
    for kind, counts in findings.languages.items():
        if counts:
            yield f"  languages of {kind}: " + ", ".join(f"{number} {code}" for code, number in counts.items())
    for kind, pairs in findings.duplicates.items():
        if pairs:
            yield f"  {kind} with nearly the same words: {_pairs(pairs)}"
    yield from dangling_lines(findings.broken)
    for what, by_kind in (("expired", findings.expired), ("not yet valid", findings.not_yet)):
        for kind, ids in by_kind.items():
            if ids:
                yield f"  {kind} {what} at {at:%Y-%m-%d %H:%M} UTC: {len(ids)} ({some(ids)})"
    yield from _pin_lines(findings)
    for kind, found in findings.personal.items():
        for data, ids in found.items():
            yield f"  {kind} that seem to hold personal data ({data}): {len(ids)} ({some(ids)})"


def _pin_lines(findings: CorpusFindings) -> Iterator[str]:
    if findings.endless:
        yield f"  pins without an end: {len(findings.endless)} ({some(findings.endless)}); give them a valid_until"
    if findings.crossed:
        yield f"  items both pinned and forbidden: {len(findings.crossed)} ({some(findings.crossed)}); a forbid wins"


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    return f"{len(pairs)} pairs ({some([f'{one} ~ {other}' for one, other in pairs])})"


def _effect_lines(effect: Effect | None) -> Iterator[str]:
    if effect is None:
        yield "Nothing serves yet, so there is nothing to compare suggestions with."
        return
    if not effect.cases:
        yield "There are no solved cases yet whose suggestions could be compared."
        return
    yield (
        f"Of the last {effect.cases} solved cases, {effect.changed_cases} would get another first suggestion: "
        + ", ".join(f"{number} {kind}" for kind, number in effect.changes.items())
    )
    for each in effect.examples:
        yield f"  {each.case}  {each.kind}: {each.was or 'nothing'} -> {each.would_be or 'nothing'}"


def _moment(text: str) -> datetime:
    try:
        return parse_moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
