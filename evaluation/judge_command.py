"""``python -m evaluation judge``: a team judges what several systems suggest for its own cases."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from evaluation.commands.opening import files_hash, open_workbench
from evaluation.judge_making import make_judging
from evaluation.judge_options import add_arguments, check_unchanged, making_of
from evaluation.judge_results import JudgingResults, agreement_json, results_of
from evaluation.judge_terminal import ReadKey, judge_in_terminal, terminal_keys
from evaluation.judging import JudgingSession
from evaluation.judging_folder import JudgingFolder
from evaluation.judging_plan import JudgingError, JudgingPlan, check_judge
from evaluation.kappa import FEWEST_GROUPS, Agreement
from evaluation.power import PER_QUESTION, power_tables
from index.cli import DONE, USAGE

__all__ = ["add_arguments", "judge", "run"]


def run(options: argparse.Namespace) -> int:
    """Make the judging if there is none, let one judge work on it, and write what has come out so far."""
    try:
        if options.power:
            print(power_tables(per_question=_per_question(options.out)))
            return DONE
        with terminal_keys() as read_key:
            return judge(options, Console(file=sys.stdout, highlight=False), read_key, lambda: datetime.now(UTC))
    except JudgingError as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE


def judge(options: argparse.Namespace, console: Console, read_key: ReadKey, clock: Callable[[], datetime]) -> int:
    """Do the same on any console, with keys and times from anywhere. Raises ``JudgingError`` as ``run`` reports it."""
    name = options.judge or _login()
    check_judge(name)
    if options.out is None:
        raise JudgingError("found no --out, expected the folder of the judging, such as --out judging")
    folder = JudgingFolder(options.out)
    plan = _continued(folder, options) if folder.exists else _made(folder, options, name)
    session = JudgingSession(plan.pairs_of(name), folder.file_of(name), clock)
    try:
        judge_in_terminal(session, folder.texts(), console, read_key)
    except KeyboardInterrupt:
        # Every word is kept already: leaving this way is as good as any.
        console.print()
    results = results_of(plan, folder.judgements())
    folder.write_results(results.qrels, agreement_json(results))
    console.print("\n".join(_summary(name, session, results, folder)), markup=False, highlight=False, soft_wrap=True)
    return DONE


def _made(folder: JudgingFolder, options: argparse.Namespace, name: str) -> JudgingPlan:
    if options.corpus is None:
        raise JudgingError(f"{folder.path} holds no judging yet and there is no --corpus; give the corpus to make one")
    with open_workbench() as workbench:
        return make_judging(folder, options.corpus, making_of(options, name), workbench)


def _continued(folder: JudgingFolder, options: argparse.Namespace) -> JudgingPlan:
    plan = folder.plan()
    check_unchanged(plan, options)
    if options.corpus is not None and files_hash(options.corpus, "*.jsonl*") != plan.fingerprint:
        print(
            f"warning: {options.corpus} has changed; judged is what it was when {folder.path} was made", file=sys.stderr
        )
    return plan


def _summary(name: str, session: JudgingSession, results: JudgingResults, folder: JudgingFolder) -> list[str]:
    lines = [
        f"{name}: {session.done} of {session.total} judged",
        f"all judges: {results.finished} of {results.questions} cases finished, "
        f"{results.unanswered} of them without anything that helps",
    ]
    for (first, second), found in results.agreements.items():
        lines.append(f"{first} and {second}: {found.observed:.0%} alike of {found.n} judged twice, {_kappa(found)}")
    return [*lines, f"judgements: {folder.path / 'qrels' / 'test.tsv'}"]


def _kappa(found: Agreement) -> str:
    if found.kappa is None:
        return "no kappa, as both said one and the same word throughout"
    if found.ci95 is None:
        return f"kappa {found.kappa:.2f} (from too few cases for an interval: {FEWEST_GROUPS} are needed)"
    return f"kappa {found.kappa:.2f} ({found.ci95.low:.2f} to {found.ci95.high:.2f})"


def _per_question(out: Path | None) -> float:
    if out is None or not (folder := JudgingFolder(out)).exists:
        return PER_QUESTION
    plan = folder.plan()
    return plan.pairs / len(plan.questions)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise JudgingError("found no name of a login, expected one or --judge; say who judges") from None
