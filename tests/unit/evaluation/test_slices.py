from __future__ import annotations

from math import sqrt

import pytest

from corpus.models import Case
from evaluation.metrics import PerQuestion
from evaluation.questions import Question
from evaluation.slices import slice_means


def _question(number: int, **slices: str) -> Question:
    return Question(
        id=f"q{number}",
        case=Case(id=f"q{number}", subject="s"),
        relevant=frozenset({"x"}),
        group=f"g{number}",
        slices=slices,
    )


def _measured(questions: list[Question], values: list[float]) -> PerQuestion:
    return PerQuestion(values={"P@1": {each.id: value for each, value in zip(questions, values, strict=True)}})


def test_a_slice_has_its_own_mean_and_interval() -> None:
    questions = [_question(number, language="de" if number < 100 else "en") for number in range(150)]
    found = slice_means(questions, _measured(questions, [float(number % 4 == 0) for number in range(100)] + [1.0] * 50))
    german, english = found["language"]["de"], found["language"]["en"]
    assert (german.n, english.n) == (100, 50)
    assert german.means == {"P@1": 0.25}
    half = 1.96 * sqrt(0.25 * 0.75 / 100)
    assert german.ci95["P@1"] == pytest.approx((0.25 - half, 0.25 + half), abs=0.02)
    assert english.ci95["P@1"] == (1.0, 1.0)


def test_slices_below_ten_questions_are_counted_and_no_more() -> None:
    questions = [_question(number, product="big" if number < 10 else "small") for number in range(19)]
    found = slice_means(questions, _measured(questions, [1.0] * 19))["product"]
    assert found["big"].means == {"P@1": 1.0}
    assert (found["small"].n, found["small"].means, found["small"].ci95) == (9, {}, {})


def test_a_question_counts_only_where_it_belongs_and_names_are_in_order() -> None:
    questions = [_question(0, length="short", channel="email"), _question(1, length="long"), _question(2)]
    found = slice_means(questions, _measured(questions, [1.0, 0.0, 0.0]))
    assert {name: {value: each.n for value, each in by.items()} for name, by in found.items()} == {
        "channel": {"email": 1},
        "length": {"long": 1, "short": 1},
    }
    assert list(found) == ["channel", "length"]
    assert list(found["length"]) == ["long", "short"]
