"""Making a judging: cases are picked, several systems answer them, and what they found is pooled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from corpus.folder import read_corpus
from corpus.models import Article, Case, Template
from evaluation.bench import Bench, open_bench
from evaluation.commands.opening import files_hash
from evaluation.judge_questions import questions_to_judge
from evaluation.judged import asked_text
from evaluation.judging_folder import JudgingFolder
from evaluation.judging_plan import JudgedKind, JudgingError, JudgingPlan, check_team
from evaluation.pooling import pool
from evaluation.questions import JudgedSet, Run
from evaluation.system import System
from evaluation.systems import Systems, has_history, run_systems
from evaluation.trec_system import TrecSystem
from evaluation.workbench import Workbench
from index.itemtext import item_text

SYSTEMS = ("stichwort", "bm25", "dense", "knn-cases")
_NEEDS_HISTORY = frozenset({"knn-cases"})
_POOLED = "-pooled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How a judging is to be made; see ``evaluation.judging_plan.JudgingPlan``.

    ``systems`` are names of ``evaluation.systems``, ``None`` the usual ones as far as they apply; ``run_files`` are
    TREC runs of other systems, with ids of cases as questions.
    """

    kind: JudgedKind
    questions: int
    depth: int
    seed: int
    share: float
    team: tuple[str, ...]
    systems: tuple[str, ...] | None
    run_files: tuple[Path, ...]


def make_judging(folder: JudgingFolder, corpus: Path, making: Making, workbench: Workbench) -> JudgingPlan:
    """Pool a corpus's own cases and write the folder; returns its plan.

    Raises ``JudgingError`` for what cannot be judged or answered, ``corpus.findings.CorpusErrors`` for a corpus that is
    not well-formed.
    """
    check_team(making.team)
    judged = questions_to_judge(corpus.resolve().name, read_corpus(corpus), making.kind, making.questions)
    bench = open_bench(judged, workbench)
    runs = _runs(bench, making)
    asked = [question.id for question in judged.questions]
    pooled = pool(runs, asked, depth=making.depth, seed=making.seed)
    if not pooled:
        raise JudgingError(
            f"{judged.name}: no system found anything for {len(asked)} cases; give {making.kind} that fit"
        )
    plan = JudgingPlan(
        kind=making.kind,
        corpus=judged.name,
        fingerprint=files_hash(corpus, "*.jsonl*"),
        seed=making.seed,
        wanted=making.questions,
        depth=making.depth,
        share=making.share,
        team=making.team,
        systems=tuple(run.system for run in runs),
        dropped={**judged.dropped, "cases without a candidate": len(asked) - len(pooled)},
        questions=pooled,
    )
    cases = {question.id: question.case for question in judged.questions}
    folder.create(
        plan,
        items=_item_rows(bench),
        questions=[_question_row(cases[question.id]) for question in pooled],
        # Named apart from the systems that a later evaluation of this folder runs itself.
        runs=[replace(run, system=f"{run.system}{_POOLED}") for run in runs],
    )
    return plan


def _runs(bench: Bench, making: Making) -> Sequence[Run]:
    try:
        return list(run_systems(bench, list(_systems(bench, making))).values())
    except ValueError as error:
        raise JudgingError(str(error)) from error


def _systems(bench: Bench, making: Making) -> Iterator[System]:
    systems = Systems(bench)
    for name in making.systems or usual_systems(bench.judged):
        yield systems.make(name)
    for path in making.run_files:
        yield TrecSystem(path)


def usual_systems(judged: JudgedSet) -> tuple[str, ...]:
    """Return the systems that are pooled unless others are named: those that need history only where there is some."""
    return tuple(name for name in SYSTEMS if has_history(judged) or name not in _NEEDS_HISTORY)


def _item_rows(bench: Bench) -> Iterator[Mapping[str, str]]:
    """Yield every item that might have been suggested for any question, as a BEIR folder keeps it."""
    allowed = np.any([bench.allowed(asked) for asked in bench.asked.values()], axis=0)
    reachable = {bench.shelf.ids[row] for row in np.flatnonzero(allowed).tolist()}
    for item in bench.judged.records[bench.used_kind]:
        if item.id in reachable and isinstance(item, Article | Template):
            text = item_text(item)
            yield {"_id": item.id, "title": text.title, "text": text.body, "language": item.language}


def _question_row(case: Case) -> Mapping[str, str]:
    said = asked_text(replace(case, subject=None))
    row = {
        "_id": case.id,
        # A question must have a text: a subject may be all there is.
        "subject": case.subject if said.strip() else None,
        "text": said if said.strip() else case.subject,
        "language": case.language,
        "channel": case.channel,
        "product": case.product,
    }
    return {key: value for key, value in row.items() if value}
