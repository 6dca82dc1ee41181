"""Evaluating one kind of one set: every system asked, measured, compared, and ours looked into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evaluation.abstention import abstention_of, difference, measure_abstention
from evaluation.bench import Bench, open_bench
from evaluation.bootstrap import intervals
from evaluation.calibration import calibrate, claims_of
from evaluation.contrasts import contrasts
from evaluation.coverage import CoveragePoint, coverage_curve
from evaluation.latency import measure_latency
from evaluation.metrics import RECALL_CUTOFFS, PerQuestion, measure, qrels_of, recall_by_k
from evaluation.per_query import Outcome
from evaluation.questions import JudgedSet, Question, Ranking, Run
from evaluation.reliability import reliability_bins
from evaluation.results import OURS, Abstention, KindResults, Slice, SystemScores
from evaluation.significance import Comparison, against_best
from evaluation.slices import SliceMeans, slice_means
from evaluation.systems import Systems, ablations, applicable, run_systems
from evaluation.trec_system import TrecSystem
from evaluation.workbench import Workbench

# Systems that answer twenty items say nothing about deeper ranks.
_CUTOFFS = tuple(k for k in RECALL_CUTOFFS if k <= 20)
# What was used is one right answer among few where history decides; a question may have several articles.
_METRIC = {"beir": "nDCG@10", "history": "P@1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to measure beside the headline: ``runs`` are TREC files of other systems."""

    with_ablations: bool = False
    with_abstention: bool = True
    with_latency: bool = True
    runs: tuple[Path, ...] = ()
    ranker: str = OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class KindEvaluation:
    """The results of one kind, with the runs, and the judgements they were measured by."""

    judged: JudgedSet
    results: KindResults
    runs: Mapping[str, Run]
    outcomes: tuple[Outcome, ...]


def evaluate(judged: JudgedSet, workbench: Workbench, wanted: Wanted) -> KindEvaluation:
    """Ask every applicable system all questions of a set and measure what they answered."""
    bench = open_bench(judged, workbench)
    runs = _runs(bench, wanted)
    with workbench.reporter.stage("measure"):
        measured = {name: measure(qrels_of(judged.questions), run) for name, run in runs.items()}
        results = _headline(bench, runs, measured)
    if wanted.with_abstention:
        results = replace(results, abstention=_abstention(bench))
    if wanted.with_latency:
        with workbench.reporter.stage("time answers") as update:
            results = replace(results, latency={OURS: measure_latency(bench, update=update)})
    return KindEvaluation(judged=judged, results=results, runs=runs, outcomes=_outcomes(judged, runs, measured))


def _runs(bench: Bench, wanted: Wanted) -> dict[str, Run]:
    systems = Systems(bench)
    names = [*applicable(bench.judged), *(ablations(bench.judged) if wanted.with_ablations else ())]
    made = [systems.make(wanted.ranker if name == OURS else name) for name in dict.fromkeys(names)]
    runs = run_systems(bench, [*made, *(TrecSystem(path) for path in wanted.runs)])
    if wanted.ranker != OURS:  # a variant that stands in for ours, to see whether a gate would stop it
        runs[OURS] = replace(runs.pop(wanted.ranker), system=OURS)
    return runs


def _headline(bench: Bench, runs: Mapping[str, Run], measured: Mapping[str, PerQuestion]) -> KindResults:
    judged = bench.judged
    metric = _METRIC[judged.source]
    groups = {question.id: question.group for question in judged.questions}
    comparison = _against(measured, groups, metric)
    losses, wins = contrasts(bench, measured[OURS], measured[comparison.baseline], runs[comparison.baseline], metric)
    claims = claims_of(judged.questions, runs[OURS])
    return KindResults(
        items=len(bench.shelf.ids),
        systems={name: _scores(each, groups) for name, each in measured.items()},
        split=judged.split,
        dropped=judged.dropped,
        metric=metric,
        vs_best_baseline=comparison,
        calibration=calibrate(claims) if claims.groups else None,
        reliability=reliability_bins(claims.confidences, claims.right) if claims.groups else (),
        precision_coverage={name: _coverage(judged.questions, run) for name, run in runs.items() if _is_sure(run)},
        slices=_slices(judged.questions, measured, groups, metric),
        recall_by_k={name: recall_by_k(qrels_of(judged.questions), run, _CUTOFFS) for name, run in runs.items()},
        losses=losses,
        wins=wins,
    )


def _against(measured: Mapping[str, PerQuestion], groups: Mapping[str, str], metric: str) -> Comparison:
    baselines = {name: each.values[metric] for name, each in measured.items() if not name.startswith(OURS)}
    return against_best(measured[OURS].values[metric], baselines, groups)


def _scores(measured: PerQuestion, groups: Mapping[str, str]) -> SystemScores:
    return SystemScores(n=measured.n, means=measured.means, ci95=intervals(measured.values, groups))


def _is_sure(run: Run) -> bool:
    return all(ranking.confidences for ranking in run.rankings.values() if ranking.ids)


def _coverage(questions: Sequence[Question], run: Run) -> tuple[CoveragePoint, ...]:
    claims = claims_of(questions, run)
    return coverage_curve(claims.confidences, claims.right, claims.asked) if claims.groups else ()


def _slices(
    questions: Sequence[Question], measured: Mapping[str, PerQuestion], groups: Mapping[str, str], metric: str
) -> tuple[Slice, ...]:
    by_system = {name: slice_means(questions, each) for name, each in measured.items()}
    found = []
    for dimension, values in by_system[OURS].items():
        for value, ours in values.items():
            members = frozenset(each.id for each in questions if each.slices.get(dimension) == value)
            found.append(
                Slice(
                    dimension=dimension,
                    value=value,
                    n=ours.n,
                    systems={name: means[dimension][value] for name, means in by_system.items()},
                    against=_sliced_against(ours, members, measured, groups, metric),
                )
            )
    return tuple(found)


def _sliced_against(
    ours: SliceMeans,
    members: frozenset[str],
    measured: Mapping[str, PerQuestion],
    groups: Mapping[str, str],
    metric: str,
) -> Comparison | None:
    if not ours.means:
        return None
    parted = {
        name: PerQuestion(values={metric: {key: each.values[metric][key] for key in sorted(members)}})
        for name, each in measured.items()
    }
    return _against(parted, {key: groups[key] for key in members}, metric)


def _abstention(bench: Bench) -> dict[str, Abstention]:
    first = measure_abstention(bench, Systems(bench))
    threshold = bench.parts.threshold(bench.judged.kind)
    found = {OURS: abstention_of(first[OURS], shipped_threshold=threshold)}
    for name, each in first.items():
        if name != OURS:
            apart = difference(first[OURS], each)
            found[name] = replace(abstention_of(each), ours_minus_this=apart.diff, ours_minus_this_ci95=apart.ci95)
    return found


def _outcomes(judged: JudgedSet, runs: Mapping[str, Run], measured: Mapping[str, PerQuestion]) -> tuple[Outcome, ...]:
    return tuple(
        _outcome(judged, question, name, runs[name].rankings.get(question.id), each)
        for name, each in measured.items()
        for question in judged.questions
    )


def _outcome(
    judged: JudgedSet, question: Question, system: str, ranking: Ranking | None, measured: PerQuestion
) -> Outcome:
    ids = ranking.ids if ranking is not None else ()
    confidences = ranking.confidences if ranking is not None else ()
    return Outcome(
        kind=judged.kind,
        question=question.id,
        group=question.group,
        system=system,
        metrics={metric: values[question.id] for metric, values in measured.values.items()},
        first_item=ids[0] if ids else None,
        confidence=confidences[0] if confidences else None,
        first_relevant_rank=next((rank for rank, each in enumerate(ids, start=1) if each in question.relevant), None),
        slices=question.slices,
    )
