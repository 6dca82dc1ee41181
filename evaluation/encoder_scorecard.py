"""Whether a newly fitted encoder may take the place of the one in use: both asked the same, on cases neither learned.

The guards: no kind of item of the corpus may be found worse, at least one must be found better, and short plain
questions about many industries must be found as well as before (forgetting is how an adapter fails).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.models import Article
from corpus.training_problems import TrainingProblem
from evaluation.bench import open_bench
from evaluation.bootstrap import GroupBootstrap, Interval
from evaluation.metrics import mean, measure, qrels_of
from evaluation.problems import asked_question
from evaluation.questions import JudgedSet
from evaluation.systems import OURS, Systems, run_systems
from evaluation.workbench import Workbench
from index.encoder import Encoder

METRIC = "nDCG@10"
# Plain questions may lose so little that nobody would notice.
FORGETTING = 0.01
PLAIN = "plain_questions"
_SYSTEMS = (OURS, "dense")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One system on one set: the means of both encoders, and their paired difference (new less old)."""

    dataset: str
    kind: str
    system: str
    questions: int
    old: float
    new: float
    diff: float
    ci95: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """All lines, and why the new encoder must not be used; no reason means that it may."""

    lines: tuple[Line, ...]
    reasons: tuple[str, ...]


def score(sets: Sequence[JudgedSet], workbench: Workbench, *, old: Encoder, new: Encoder) -> Scorecard:
    """Ask all sets of both encoders; one of the sets should be ``plain_questions``."""
    lines = tuple(line for judged in sets for line in _lines(judged, workbench, old, new))
    return Scorecard(lines=lines, reasons=reasons_against(lines))


def reasons_against(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return why the new encoder of these lines must not be used; see the module for the guards."""
    own = [line for line in lines if line.dataset != PLAIN]
    reasons = [
        f"{line.kind}, {line.system}: {METRIC} fell from {line.old:.3f} to {line.new:.3f}"
        for line in own
        if line.diff < 0
    ]
    if own and not any(line.diff > 0 for line in own):
        reasons.append("nothing of the corpus is found better")
    reasons += [
        f"plain questions, {line.system}: {METRIC} fell from {line.old:.3f} to {line.new:.3f}, more than {FORGETTING}"
        for line in lines
        if line.dataset == PLAIN and line.diff < -FORGETTING
    ]
    return tuple(reasons)


def plain_questions(problems: Sequence[TrainingProblem]) -> JudgedSet:
    """Return the short questions of the training data as a set: each asks for its article among all of them."""
    asked = [each for each in problems if each.question]
    articles = [
        Article(id=each.id, title=each.title, body=each.article, language=each.language, format="text")
        for each in problems
    ]
    return JudgedSet(
        name=PLAIN,
        family="plain",
        source="beir",
        kind="articles",
        records={"articles": sorted(articles, key=lambda article: article.id)},
        questions=tuple(asked_question(each.id, each.question or "", each.language) for each in asked),
        split={"by": "problem"},
        dropped={},
    )


def _lines(judged: JudgedSet, workbench: Workbench, old: Encoder, new: Encoder) -> list[Line]:
    before, after = (_values(judged, replace(workbench, encoder=encoder)) for encoder in (old, new))
    groups = {question.id: question.group for question in judged.questions}
    ids = sorted(groups)
    draw = GroupBootstrap([groups[each] for each in ids])
    return [
        Line(
            dataset=judged.name,
            kind=judged.kind,
            system=system,
            questions=len(ids),
            old=mean(before[system]),
            new=mean(after[system]),
            diff=mean(after[system]) - mean(before[system]),
            ci95=draw.difference([after[system][each] for each in ids], [before[system][each] for each in ids]),
        )
        for system in _SYSTEMS
    ]


def _values(judged: JudgedSet, workbench: Workbench) -> Mapping[str, Mapping[str, float]]:
    bench = open_bench(judged, workbench)
    systems = Systems(bench)
    runs = run_systems(bench, [systems.make(name) for name in _SYSTEMS])
    return {name: measure(qrels_of(judged.questions), run, (METRIC,)).values[METRIC] for name, run in runs.items()}
