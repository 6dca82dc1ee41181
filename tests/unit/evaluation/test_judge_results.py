from __future__ import annotations

import json

import pytest

from evaluation.judge_results import agreement_json, results_of
from evaluation.judging import BEST, NOT, RELEVANT, Grade, Judgement
from evaluation.judging_plan import JudgingPlan
from evaluation.pooling import PooledQuestion

PLAN = JudgingPlan(
    kind="articles",
    corpus="shop",
    fingerprint="0f",
    seed=7,
    wanted=2,
    depth=2,
    share=1.0,
    team=("zoe",),
    systems=("bm25",),
    dropped={},
    questions=(PooledQuestion(id="q2", items=("b", "a")), PooledQuestion(id="q1", items=("a",))),
)
Said = dict[tuple[str, str], Grade | None]


def _words(**said: Said) -> dict[str, tuple[Judgement, ...]]:
    return {
        judge: tuple(Judgement(question=q, item=i, judge=judge, grade=grade) for (q, i), grade in given.items())
        for judge, given in said.items()
    }


ZOE: Said = {("q2", "b"): RELEVANT, ("q2", "a"): NOT, ("q1", "a"): BEST}


def test_judgements_are_kept_in_the_order_of_the_questions_with_their_grades() -> None:
    assert results_of(PLAN, _words(zoe=ZOE)).qrels == (("q2", "a", NOT), ("q2", "b", RELEVANT), ("q1", "a", BEST))


def test_a_question_that_is_not_judged_to_its_end_is_not_used() -> None:
    """A system must not lose by an item that nobody has looked at yet."""
    results = results_of(PLAN, _words(zoe={("q2", "b"): RELEVANT, ("q1", "a"): NOT}))
    assert results.finished == 1
    assert results.qrels == (("q1", "a", NOT),)


def test_a_question_with_nothing_that_helps_is_counted() -> None:
    results = results_of(PLAN, _words(zoe={**ZOE, ("q1", "a"): NOT}))
    assert (results.questions, results.finished, results.unanswered) == (2, 2, 1)


def test_the_word_of_the_questions_own_judge_counts() -> None:
    results = results_of(PLAN, _words(anna={("q1", "a"): NOT}, zoe=ZOE))
    assert ("q1", "a", BEST) in results.qrels
    assert results.disputed == {("q1", "a"): {"anna": NOT, "zoe": BEST}}


def test_where_that_one_cannot_say_another_does() -> None:
    results = results_of(PLAN, _words(anna={("q1", "a"): RELEVANT}, zoe={**ZOE, ("q1", "a"): None}))
    assert ("q1", "a", RELEVANT) in results.qrels
    assert results.skipped == 1
    assert results.agreements == {}


def test_what_nobody_can_say_is_in_no_judgement() -> None:
    results = results_of(PLAN, _words(zoe={**ZOE, ("q2", "a"): None}))
    assert results.finished == 2
    assert [item for question, item, _ in results.qrels if question == "q2"] == ["b"]


def test_agreement_is_about_being_relevant_at_all() -> None:
    anna: Said = {("q2", "b"): BEST, ("q2", "a"): NOT, ("q1", "a"): NOT}
    results = results_of(PLAN, _words(anna=anna, zoe=ZOE))
    found = results.agreements["anna", "zoe"]
    assert found.table == ((1, 1), (0, 1))
    assert found.kappa == pytest.approx(0.4)
    assert list(results.disputed) == [("q1", "a")]


def test_words_on_what_is_not_in_the_pool_are_left_out() -> None:
    results = results_of(PLAN, _words(zoe={**ZOE, ("q9", "x"): RELEVANT}))
    assert all(question != "q9" for question, _, _ in results.qrels)


def test_the_file_of_agreement_says_who_differs_on_what() -> None:
    results = results_of(PLAN, _words(anna={("q1", "a"): NOT}, zoe=ZOE))
    found = json.loads(json.dumps(agreement_json(results), allow_nan=False))
    assert found["judgements"] == {"anna": 1, "zoe": 3}
    assert found["disputed"] == [{"question": "q1", "item": "a", "grades": {"anna": 0, "zoe": 2}}]
    assert found["pairs"][0]["judges"] == ["anna", "zoe"]
    assert found["pairs"][0]["table"] == [[0, 1], [0, 0]]
    assert found["pairs"][0]["kappa"] == 0.0
