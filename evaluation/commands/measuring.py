"""Measuring one set and writing its folder of results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

from assist.models import SuggestKind
from evaluation.audit import Leak, refuse_leaks
from evaluation.commands.opening import fingerprints, wanted_of
from evaluation.evaluate import KindEvaluation, evaluate
from evaluation.metrics import qrels_of
from evaluation.metrics_file import write_metrics
from evaluation.per_query import write_per_query
from evaluation.questions import JudgedSet
from evaluation.report import write_report
from evaluation.results import EvaluationResults, KindResults
from evaluation.runs import write_qrels, write_run
from evaluation.significance import Comparison, corrected
from evaluation.workbench import Workbench

_FITTED = "The shipped confidence was fitted on the open sets, among them perhaps this one: its calibration flatters."


def measure_set(
    judged: Sequence[JudgedSet], data: Path, bench: Workbench, options: argparse.Namespace, out: Path
) -> EvaluationResults:
    """Evaluate the kinds of one set and write ``metrics.json``, ``per_query.csv``, the report, runs and qrels.

    Raises ``LeakError`` for a set whose history knows what is asked; leaks that were asked for are told.
    """
    begin = monotonic()
    bench = bench.fair_to(judged[0])
    leaks = {each.kind: refuse_leaks(each) for each in judged}
    told = tuple(f"{kind}: leaked: {leak}" for kind, found in leaks.items() for leak in found)
    for line in told:
        print(f"warning: {judged[0].name}, {line}", file=sys.stderr)
    done = [evaluate(_counted(each, leaks[each.kind]), bench, wanted_of(options)) for each in judged]
    results = EvaluationResults(
        dataset=judged[0].name,
        family=judged[0].family,
        source=judged[0].source,
        kinds=_corrected({each.judged.kind: each.results for each in done}),
        fingerprints=fingerprints(bench, data),
        stages={"whole": monotonic() - begin},
        warnings=(_FITTED, *told),
    )
    write_results(out, results, done, with_text=options.with_text)
    return results


def write_results(out: Path, results: EvaluationResults, done: Sequence[KindEvaluation], *, with_text: bool) -> None:
    """Write everything that an evaluation leaves."""
    out.mkdir(parents=True, exist_ok=True)
    for each in done:
        kind = each.judged.kind
        write_qrels(out / f"qrels.{kind}.txt", qrels_of(each.judged.questions))
        for system, run in each.runs.items():
            write_run(out / f"run.{kind}.{system}.txt", run)
    write_per_query(out / "per_query.csv", [outcome for each in done for outcome in each.outcomes])
    write_report(out / "report.html", results, with_text=with_text)
    write_metrics(out / "metrics.json", results)


def _counted(judged: JudgedSet, leaks: Sequence[Leak]) -> JudgedSet:
    return replace(judged, split={**judged.split, "leaked": sum(len(leak.ids) for leak in leaks)})


def _corrected(kinds: dict[SuggestKind, KindResults]) -> dict[SuggestKind, KindResults]:
    """Correct the p-values of all comparisons of a set by Holm's method."""
    compared: dict[str, Comparison] = {
        kind: each.vs_best_baseline for kind, each in kinds.items() if each.vs_best_baseline is not None
    }
    fair = corrected(compared)
    return {kind: replace(each, vs_best_baseline=fair.get(kind)) for kind, each in kinds.items()}
