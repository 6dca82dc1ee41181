"""What importing a folder would change, and what about it deserves a look: found out once, told by who asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

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
from corpus.stored import Mode
from corpus.times import now_utc
from index.corpus_findings import CorpusFindings, find
from index.effects import Effect
from index.progress import Reporter
from index.release_checks import effect_of
from index.settings import IndexSettings
from index.would_be import would_be

_TOLD = tuple(verdict for verdict in VERDICTS if verdict != "unchanged")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What importing a folder would change, and what deserves a look then; judged ``at`` a time."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckWish:
    """What to check: as which sort of import, at which time (``None``: now), with its effect on suggestions or not."""

    folder: Path
    mode: Mode = "full"
    at: datetime | None = None
    effect: bool = True


def check_folder(settings: IndexSettings, wish: CheckWish, reporter: Reporter) -> CheckReport:
    """Read a folder and compare it with what is live; reads only. Raises ``CorpusErrors``."""
    at, maps = wish.at or now_utc(), merge_maps(os.environ)
    with reporter.stage("read corpus"):
        corpus = read_corpus(wish.folder)
        questions = read_smoke(wish.folder / SMOKE_FILE)
    agents = open_agent_keys(settings.agent_keys, now_utc(), write=False)
    with reporter.stage("compare with what is live"):
        change = would_be(settings, corpus, agents, wish.mode)
    effect = effect_of(change, settings, reporter, as_of=at) if wish.effect else None
    with reporter.stage("look at what would be live"):
        findings = find(change.records, at, earlier=change.live)
    return CheckReport(
        folder=wish.folder,
        difference=change.difference,
        too_old=change.too_old,
        quarantined=quarantined(wish.folder),
        questions=len(questions),
        findings=findings,
        shares=label_shares(corpus, recover=settings.recover_labels),
        effect=effect,
        warned=sum(bool(remarks_on(template, maps)) for template in corpus.templates),
        action_warnings=warnings_of(change.records["actions"], corpus.actions, maps),
        at=at,
    )


def document(report: CheckReport) -> dict[str, Any]:
    """Return everything as JSON values."""
    return {
        "diff": report.difference.counts(),
        "ids": {kind: {verdict: list(report.difference.ids(verdict)[kind]) for verdict in _TOLD} for kind in KINDS},
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
