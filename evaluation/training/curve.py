"""The learning curve: how often the first item is right when only the newest so many cases are history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assist.scorer import Scorer
from evaluation.bench import open_bench
from evaluation.hiding import with_newest
from evaluation.metrics import measure, qrels_of
from evaluation.questions import JudgedSet
from evaluation.systems import run_systems
from evaluation.training.judge import Share, drawn, ranked_by, share
from evaluation.workbench import Workbench

HISTORIES = (10, 100, 1_000)
METRIC = "P@1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """P@1 with a history of so many ``cases``, by the name of the ranker."""

    cases: int
    rankers: Mapping[str, Share]


def learning_curve(
    judged: JudgedSet,
    workbench: Workbench,
    rankers: Mapping[str, Scorer],
    *,
    content: Share,
    whole: Mapping[str, Share],
) -> tuple[CurvePoint, ...]:
    """Ask the questions of a set with the newest 10, 100 and 1,000 cases of its history.

    ``content`` is what content alone reached, with which every ranker begins: without history the order is that of the
    content. ``whole`` is what each reached with all cases, which ends the curve.
    """
    cases = len(judged.records["cases"])
    return (
        CurvePoint(cases=0, rankers=dict.fromkeys(rankers, content)),
        *(_point(with_newest(judged, size), workbench, rankers, size) for size in HISTORIES if size < cases),
        CurvePoint(cases=cases, rankers={name: whole[name] for name in rankers}),
    )


def _point(judged: JudgedSet, workbench: Workbench, rankers: Mapping[str, Scorer], cases: int) -> CurvePoint:
    bench = open_bench(judged, workbench)
    runs = run_systems(bench, [ranked_by(bench, name, scorer) for name, scorer in rankers.items()])
    draw = drawn(judged.questions)
    measured = {name: measure(qrels_of(judged.questions), run, (METRIC,)) for name, run in runs.items()}
    return CurvePoint(
        cases=cases, rankers={name: share(each, METRIC, judged.questions, draw) for name, each in measured.items()}
    )
