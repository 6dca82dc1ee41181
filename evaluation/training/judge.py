"""Whether what was learned of a kind may serve: asked on later cases, beside the shipped ranker and baselines.

The guards: the first item must not be right less often, and confidence must not be believed less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assist.scorer import Scorer
from assist.suggest import Suggester
from evaluation.bench import Bench
from evaluation.bootstrap import GroupBootstrap, Interval
from evaluation.calibration import Calibration, brier_score, calibrate, claims_of
from evaluation.metrics import PerQuestion, measure, qrels_of
from evaluation.paired import Difference, Paired
from evaluation.questions import Question, Run
from evaluation.shipped import ShippedSystem
from evaluation.system import System
from evaluation.systems import Systems, applicable, run_systems

METRICS = ("P@1", "Success@3", "nDCG@10")
SHIPPED, LEARNED, CONTENT = "shipped", "learned", "content alone"
BASELINES = ("popularity", "cc", "knn-cases", "linear-probe", "previous-action")
PRECISION_LOST = 0.002
"""So much less often right on average is chance; more is not."""
SKILL_LOST = 0.01

_NO_HISTORY = "stichwort-no-history"


@dataclass(frozen=True, slots=True)
class Share:
    """A mean with its 95 % interval."""

    mean: float
    ci95: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """Whether the confidence of first items can be believed: ``brier`` is its mean squared error."""

    brier: float
    calibration: Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What systems reached on the later questions: shares by system and metric, and learned less shipped by metric.

    ``beliefs`` are those of the shipped and the learned ranker; ``reasons`` say why the learned one must not serve.
    """

    questions: int
    systems: Mapping[str, Mapping[str, Share]]
    differences: Mapping[str, Difference]
    beliefs: Mapping[str, Belief]
    reasons: tuple[str, ...]


def judge(bench: Bench, shipped: Scorer, learned: Scorer) -> Judgement:
    """Ask all questions of a bench of both scorers and of the baselines that apply."""
    made = Systems(bench)
    names = [name for name in BASELINES if name in applicable(bench.judged)]
    systems: list[System] = [ranked_by(bench, SHIPPED, shipped), ranked_by(bench, LEARNED, learned)]
    runs = run_systems(bench, [*systems, made.make(_NO_HISTORY), *(made.make(name) for name in names)])
    runs[CONTENT] = runs.pop(_NO_HISTORY)
    questions = bench.judged.questions
    draw = drawn(questions)
    measured = {name: measure(qrels_of(questions), run, METRICS) for name, run in runs.items()}
    differences = {metric: _difference(measured, metric, questions, draw) for metric in METRICS}
    beliefs = {name: belief_in(questions, runs[name]) for name in (SHIPPED, LEARNED)}
    return Judgement(
        questions=len(questions),
        systems={
            name: {metric: share(each, metric, questions, draw) for metric in METRICS}
            for name, each in measured.items()
        },
        differences=differences,
        beliefs=beliefs,
        reasons=reasons_against(differences["P@1"], beliefs[SHIPPED], beliefs[LEARNED]),
    )


def reasons_against(precision: Difference, shipped: Belief, learned: Belief) -> tuple[str, ...]:
    """Return why a ranker must not serve whose P@1 differs so from the shipped one's; none means that it may."""
    reasons = []
    low, high = precision.ci95
    if high < 0 or precision.mean < -PRECISION_LOST:
        reasons.append(
            f"the first item is right less often: P@1 {precision.mean:+.3f} ({low:+.3f} to {high:+.3f}), expected not "
            f"wholly below 0 and at least {-PRECISION_LOST}"
        )
    before, after = shipped.calibration.brier_skill, learned.calibration.brier_skill
    # Where first items are all right or all wrong there is no skill; the error itself still tells.
    lost = shipped.brier - learned.brier if before is None or after is None else after - before
    if lost < -SKILL_LOST:
        reasons.append(
            f"its confidence is less to be believed: Brier skill {_told(before)} to {_told(after)}, error "
            f"{shipped.brier:.3f} to {learned.brier:.3f}, expected at most {SKILL_LOST} worse"
        )
    return tuple(reasons)


def ranked_by(bench: Bench, name: str, scorer: Scorer) -> ShippedSystem:
    """Return the suggester of a bench with another scorer, as a system."""
    engine = Suggester(bench.snapshot, bench.parts).with_scorer(scorer)
    return ShippedSystem(name=name, bench=bench, suggester=engine)


def drawn(questions: Sequence[Question]) -> GroupBootstrap:
    """Return resamples of the groups of questions."""
    return GroupBootstrap([question.group for question in questions])


def share(measured: PerQuestion, metric: str, questions: Sequence[Question], draw: GroupBootstrap) -> Share:
    """Return the mean of a metric over questions, with its interval."""
    values = [measured.values[metric][question.id] for question in questions]
    return Share(measured.means[metric], draw.interval(values))


def belief_in(questions: Sequence[Question], run: Run) -> Belief:
    """Judge the confidences of the first items of a run; raises ``ValueError`` where there are none."""
    claims = claims_of(questions, run)
    return Belief(calibration=calibrate(claims), brier=brier_score(claims.confidences, claims.right))


def _difference(
    measured: Mapping[str, PerQuestion], metric: str, questions: Sequence[Question], draw: GroupBootstrap
) -> Difference:
    learned, shipped = (
        np.array([measured[name].values[metric][question.id] for question in questions]) for name in (LEARNED, SHIPPED)
    )
    paired = Paired.of((learned - shipped).tolist(), draw)
    return Difference(mean=paired.mean, ci95=paired.ci95)


def _told(skill: float | None) -> str:
    return "unknown" if skill is None else f"{skill:.3f}"
