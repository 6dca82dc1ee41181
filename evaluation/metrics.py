"""How good a run is, question by question, as ir-measures counts it.

Scores handed over are minus the rank: ir-measures breaks ties differently in each measure, so there are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import ir_measures

from evaluation.questions import Question, Run

METRICS = ("P@1", "P@3", "Success@3", "R@5", "nDCG@10", "RR@10")
RECALL_CUTOFFS = (1, 3, 5, 10, 20, 50)

# The ids that are right for each question, by question id.
Qrels = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerQuestion:
    """Values from 0 to 1 by metric and question id; every metric holds the same questions, in the same order."""

    values: Mapping[str, Mapping[str, float]]

    @property
    def n(self) -> int:
        """How many questions were judged."""
        return len(next(iter(self.values.values())))

    @property
    def means(self) -> dict[str, float]:
        """The mean of each metric over all judged questions."""
        return {metric: mean(values) for metric, values in self.values.items()}


def qrels_of(questions: Sequence[Question]) -> dict[str, frozenset[str]]:
    """Return what is right for each question."""
    return {question.id: question.relevant for question in questions}


def measure(qrels: Qrels, run: Run, metrics: Sequence[str] = METRICS) -> PerQuestion:
    """Score a run against the judgements; every judged question counts, and one without results counts zero.

    ``metrics`` are names as ir-measures writes them, such as ``nDCG@10``. Relevance is binary: for nDCG each relevant
    item gains 1 / log2(rank + 1), and the sum is divided by that of the best possible ranking (Järvelin and Kekäläinen,
    ACM TOIS 20(4), 2002). Answers to questions that nobody judged are left out.

    Raises ``ValueError`` where there is nothing to measure by: no judged question, one without a relevant item, no
    metric, an item named twice in one ranking, or a run that answers none of the judged questions but others.
    """
    _check(qrels, run, metrics)
    measures = {name: ir_measures.parse_measure(name) for name in metrics}
    depth = _depth(measures.values())
    judged = {question: dict.fromkeys(sorted(relevant), 1) for question, relevant in qrels.items()}
    answered = {
        question: {item: -float(rank) for rank, item in enumerate(ranking.ids[:depth], start=1)}
        for question, ranking in run.rankings.items()
        if question in judged and ranking.ids
    }
    found = {
        (each.measure, each.query_id): float(each.value)
        for each in ir_measures.evaluator(list(measures.values()), judged).iter_calc(answered)
    }
    return PerQuestion(
        values={name: {question: found[known, question] for question in judged} for name, known in measures.items()}
    )


def recall_by_k(qrels: Qrels, run: Run, cutoffs: Sequence[int] = RECALL_CUTOFFS) -> dict[int, float]:
    """Return the mean share of the relevant items that stand among the first k, for each k."""
    means = measure(qrels, run, [f"R@{k}" for k in cutoffs]).means
    return {k: means[f"R@{k}"] for k in cutoffs}


def mean(values: Mapping[str, float]) -> float:
    """Return the mean of values by question; exact summation makes it the same in every order."""
    return fsum(values.values()) / len(values)


def _depth(measures: Iterable[ir_measures.Measure]) -> int | None:
    """Return how deep the measures look: handing over whole rankings of thousands takes many seconds."""
    cutoffs: list[int | None] = [measure.params.get("cutoff") for measure in measures]
    known = [cutoff for cutoff in cutoffs if cutoff is not None]
    return max(known) if len(known) == len(cutoffs) else None


def _check(qrels: Qrels, run: Run, metrics: Sequence[str]) -> None:
    if not qrels or not metrics:
        raise ValueError(f"found {len(qrels)} judged questions and {len(metrics)} metrics, expected at least one each")
    for question, relevant in qrels.items():
        if not relevant:
            raise ValueError(f"question {question}: found no relevant item, expected one; leave the question out")
    for question, ranking in run.rankings.items():
        if len(set(ranking.ids)) < len(ranking.ids):
            raise ValueError(f"run {run.system}, question {question}: found an item twice; rank each item once")
    if run.rankings and not run.rankings.keys() & qrels.keys():
        raise ValueError(
            f"run {run.system}: found answers to none of the {len(qrels)} judged questions, but to others such as "
            f"{min(run.rankings)}; is it a run over another set?"
        )
