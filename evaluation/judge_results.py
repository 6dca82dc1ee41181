"""What the judges' words come to: judgements for the metrics, and how far the judges agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from evaluation.judging import NOT, Grade, Judgement
from evaluation.judging_plan import JudgingPlan, Pair
from evaluation.kappa import Agreement, agreement

Words = Mapping[str, Sequence[Judgement]]
LABELS = ("not relevant", "relevant")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingResults:
    """Where a judging stands.

    ``qrels`` hold (question, item, grade) of the ``finished`` questions, on each of whose items somebody has said a
    word; of the others too much is unknown. ``unanswered`` of the finished have nothing relevant in the pool.
    ``agreements`` go by the two judges' names, ``disputed`` are the pairs on which they differ in being relevant.
    """

    questions: int
    finished: int
    unanswered: int
    judgements: Mapping[str, int]
    skipped: int
    qrels: tuple[tuple[str, str, Grade], ...]
    agreements: Mapping[tuple[str, str], Agreement]
    disputed: Mapping[Pair, Mapping[str, Grade]]


def results_of(plan: JudgingPlan, words: Words) -> JudgingResults:
    """Put the words of all judges together; words on pairs that the plan does not hold are left out.

    Where judges differ, the word of the question's own judge counts; where that one could not say, the first by name
    of those who could. A pair on which nobody could say is in no judgement, which metrics count as not relevant.
    """
    said = _by_pair(plan, words)
    finished = [
        (plan.main_judge(number), question)
        for number, question in enumerate(plan.questions)
        if all((question.id, item) in said for item in question.items)
    ]
    qrels = tuple(
        (question.id, item, grade)
        for main, question in finished
        for item in sorted(question.items)
        if (grade := _settled(said[question.id, item], main)) is not None
    )
    answered = {question for question, _, grade in qrels if grade > NOT}
    return JudgingResults(
        questions=len(plan.questions),
        finished=len(finished),
        unanswered=len(finished) - len(answered),
        judgements={judge: len(given) for judge, given in sorted(words.items())},
        skipped=sum(each.grade is None for given in words.values() for each in given),
        qrels=qrels,
        agreements=dict(_agreements(said, sorted(words))),
        disputed={pair: _known(given) for pair, given in said.items() if _differ(_known(given))},
    )


def agreement_json(results: JudgingResults) -> dict[str, Any]:
    """Return what ``agreement.json`` holds; no texts, and nothing that differs between two runs."""
    return {
        "questions": results.questions,
        "finished": results.finished,
        "without_relevant": results.unanswered,
        "judgements": dict(results.judgements),
        "skipped": results.skipped,
        "pairs": [_agreement_json(names, found) for names, found in results.agreements.items()],
        "disputed": [
            {"question": question, "item": item, "grades": dict(grades)}
            for (question, item), grades in results.disputed.items()
        ],
    }


def _agreement_json(names: tuple[str, str], found: Agreement) -> dict[str, Any]:
    return {
        "judges": list(names),
        "n": found.n,
        "labels": list(found.labels),
        "table": [list(row) for row in found.table],
        "observed": found.observed,
        "expected": found.expected,
        "kappa": found.kappa,
        "kappa_ci95": None if found.ci95 is None else list(found.ci95),
    }


def _by_pair(plan: JudgingPlan, words: Words) -> dict[Pair, dict[str, Grade | None]]:
    """Return who said what on each pair on which somebody has said a word, in the order of the plan."""
    given = {(judge, each.pair): each.grade for judge, each_said in words.items() for each in each_said}
    pairs = ((question.id, item) for question in plan.questions for item in question.items)
    said = {pair: {judge: given[judge, pair] for judge in sorted(words) if (judge, pair) in given} for pair in pairs}
    return {pair: grades for pair, grades in said.items() if grades}


def _known(said: Mapping[str, Grade | None]) -> dict[str, Grade]:
    return {judge: grade for judge, grade in said.items() if grade is not None}


def _settled(said: Mapping[str, Grade | None], main: str) -> Grade | None:
    known = _known(said)
    return known.get(main, next(iter(known.values()), None))


def _differ(known: Mapping[str, Grade]) -> bool:
    return len({_label(grade) for grade in known.values()}) > 1


def _label(grade: Grade) -> str:
    return LABELS[grade > NOT]


def _agreements(
    said: Mapping[Pair, Mapping[str, Grade | None]], judges: Sequence[str]
) -> Iterator[tuple[tuple[str, str], Agreement]]:
    for first, second in combinations(judges, 2):
        both = [(pair[0], known) for pair, given in said.items() if {first, second} <= (known := _known(given)).keys()]
        if both:
            yield (
                (first, second),
                agreement(
                    [_label(known[first]) for _, known in both],
                    [_label(known[second]) for _, known in both],
                    [question for question, _ in both],
                    LABELS,
                ),
            )
