"""``python -m index check``: what a corpus folder would change, and what about it deserves a look; reads only."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from corpus.diff import VERDICTS, CorpusDiff
from corpus.folder import read_corpus
from corpus.merge_syntax.maps import merge_maps
from corpus.models import KINDS
from corpus.privacy.agents import open_agent_keys
from corpus.quarantined import quarantined
from corpus.quicktext.lint import Remark, remarks_on
from corpus.quicktext.lint_actions import warnings_of
from corpus.recovery.shares import LabelShare, label_shares
from corpus.smoke import SMOKE_FILE, read_smoke
from corpus.times import now_utc, parse_moment
from index.cli import DONE
from index.commands.printing import counted, dangling_lines, some, too_old_lines
from index.corpus_findings import CorpusFindings, find
from index.effects import Effect
from index.progress import open_reporter
from index.release_checks import effect_of
from index.settings import IndexSettings
from index.would_be import would_be

_REASON_CHARACTERS = 100
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--corpus", type=Path, required=True, help="corpus folder")
    parser.add_argument("--mode", choices=("full", "upsert"), default="full", help="how it would be imported")
    parser.add_argument("--at", type=_moment, default=None, help="judge validity at this day or time (default: now)")
    parser.add_argument("--no-effect", action="store_true", help="leave out what it does to suggestions; quicker")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    folder: Path
    difference: CorpusDiff
    too_old: int
    quarantined: Mapping[str, int]
    questions: int
    findings: CorpusFindings
    shares: tuple[LabelShare, ...]
    effect: Effect | None
    warned: int
    action_warnings: Mapping[str, tuple[Remark, ...]]
    at: datetime


def run(settings: IndexSettings, options: argparse.Namespace) -> int:
    """Print what re-indexing the folder would change, and what it would do to suggestions."""
    report = _report(settings, options)
    if options.json:
        print(json.dumps(_document(report), ensure_ascii=False))
    else:
        print("\n".join(_lines(report, without_effect=options.no_effect)))
    return DONE


def _report(settings: IndexSettings, options: argparse.Namespace) -> _Report:
    at, maps = options.at or now_utc(), merge_maps(os.environ)
    corpus = read_corpus(options.corpus)
    questions = read_smoke(options.corpus / SMOKE_FILE)
    agents = open_agent_keys(settings.agent_keys, now_utc(), write=False)
    change = would_be(settings, corpus, agents, options.mode)
    with open_reporter() as reporter:
        effect = None if options.no_effect else effect_of(change, settings, reporter, as_of=at)
    return _Report(
        folder=options.corpus,
        difference=change.difference,
        too_old=change.too_old,
        quarantined=quarantined(options.corpus),
        questions=len(questions),
        findings=find(change.records, at, earlier=change.live),
        shares=label_shares(corpus, recover=settings.recover_labels),
        effect=effect,
        warned=sum(bool(remarks_on(template, maps)) for template in corpus.templates),
        action_warnings=warnings_of(change.records["actions"], corpus.actions, maps),
        at=at,
    )


def _document(report: _Report) -> dict[str, object]:
    return {
        "diff": report.difference.counts(),
        "too_old": report.too_old,
        "at": report.at.isoformat(),
        "quarantined": dict(report.quarantined),
        "smoke_questions": report.questions,
        "templates_with_warnings": report.warned,
        "action_warnings": {name: [str(each) for each in told] for name, told in report.action_warnings.items()},
        "dangling": {where: dict(ids) for where, ids in report.findings.broken.items()},
        "labels": {each.kind: each.to_json() for each in report.shares},
        **report.findings.to_json(),
        "effect": report.effect.to_json() if report.effect is not None else None,
    }


def _lines(report: _Report, *, without_effect: bool) -> Iterator[str]:
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


def _template_lines(report: _Report) -> Iterator[str]:
    if report.warned:
        yield f"  {report.warned} templates have warnings; `make lint-templates CORPUS={report.folder}` tells them"


def _action_lines(report: _Report) -> Iterator[str]:
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
