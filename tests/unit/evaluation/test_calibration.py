from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import Case
from evaluation.calibration import Claims, brier_score, brier_skill, brier_skill_interval, calibrate, claims_of
from evaluation.coverage import coverage_at, coverage_curve
from evaluation.questions import Question, Ranking, Run


def _items(confidences: list[float], right: list[bool], asked: int | None = None) -> Claims:
    return Claims(
        confidences=np.array(confidences),
        right=np.array(right, dtype=np.bool_),
        groups=tuple(f"g{number}" for number in range(len(right))),
        asked=len(right) if asked is None else asked,
    )


@pytest.mark.parametrize(
    ("claimed", "rain", "score"), [(1.0, 1, 0.0), (1.0, 0, 1.0), (0.7, 1, 0.09), (0.3, 1, 0.49), (0.5, 1, 0.25)]
)
def test_the_brier_score_of_the_examples_of_wikipedia(claimed: float, rain: int, score: float) -> None:
    """Wikipedia, "Brier score", example: the forecast of rain on one day."""
    assert brier_score([claimed], [rain]) == pytest.approx(score)


def test_skill_is_resolution_less_reliability_over_uncertainty() -> None:
    """Murphy, 1973, as in Wikipedia, "Brier score": BS = REL - RES + UNC, so BSS = (RES - REL) / UNC."""
    claims, hits, tries = np.array([0.1, 0.4, 0.8]), np.array([2, 5, 24]), np.array([20, 10, 30])
    confidences = np.repeat(claims, tries)
    right = np.concatenate([np.arange(n) < k for k, n in zip(hits, tries, strict=True)])
    base, shares = hits.sum() / 60, hits / tries
    reliability = tries @ (claims - shares) ** 2 / 60
    resolution = tries @ (shares - base) ** 2 / 60
    assert brier_skill(confidences, right) == pytest.approx((resolution - reliability) / (base * (1 - base)))


def test_claiming_the_base_rate_earns_exactly_nothing() -> None:
    right = np.arange(107) % 7 < 2
    confidences = np.full(107, right.mean())
    assert brier_skill(confidences, right) == 0.0
    interval = brier_skill_interval(_items(confidences.tolist(), right.tolist()))
    assert interval.high <= 0.0


@given(
    right=st.lists(st.booleans(), min_size=2, max_size=60).filter(lambda each: len(set(each)) == 2),
    constant=st.floats(0, 1),
)
def test_a_constant_confidence_earns_no_skill(right: list[bool], constant: float) -> None:
    skill = brier_skill(np.full(len(right), constant), right)
    assert skill is not None
    assert skill <= 0.0
    assert brier_skill_interval(_items([constant] * len(right), right), replicates=200).high <= 0.0


def test_knowing_everything_earns_all() -> None:
    right = [True, False, True, True]
    assert brier_skill([float(each) for each in right], right) == 1.0


def test_skill_of_confidences_that_tell_right_from_wrong_is_surely_positive() -> None:
    chance = np.random.default_rng(1)
    confidences = chance.random(500)
    right = chance.random(500) < confidences
    items = _items(confidences.tolist(), right.tolist())
    skill, (low, high) = brier_skill(items.confidences, items.right), brier_skill_interval(items)
    assert skill is not None
    assert 0.0 < low < skill < high
    # E (c - y)^2 = E c (1 - c) = 1/6 against 1/4.
    assert low < 1 / 3 < high


def test_the_interval_of_skill_is_wider_where_questions_come_in_groups() -> None:
    chance = np.random.default_rng(2)
    confidences = chance.random(100)
    right = chance.random(100) < confidences
    single = _items(confidences.tolist(), right.tolist())
    copied = Claims(confidences=np.tile(confidences, 4), right=np.tile(right, 4), groups=single.groups * 4, asked=400)
    assert brier_skill_interval(copied) == pytest.approx(brier_skill_interval(single))


def test_skill_is_not_defined_where_all_are_right() -> None:
    found = calibrate(_items([0.9, 0.8], [True, True]))
    assert (found.brier_skill, found.brier_skill_ci95) == (None, None)
    assert found.coverage_at_p90 == 1.0


def test_coverage_is_the_largest_share_shown_with_nine_of_ten_right() -> None:
    """Nine right, a wrong one, then eight right and a wrong one: 10 shown are .9 right, 19 shown 17/19 = .895."""
    right = [True] * 9 + [False] + [True] * 8 + [False]
    confidences = [1.0 - number / 100 for number in range(19)]
    curve = coverage_curve(np.array(confidences), np.array(right), 19)
    assert coverage_at(curve, 0.9) == pytest.approx(18 / 19)
    assert [point.precision for point in curve[:2]] == [1.0, 1.0]
    assert curve[9].precision == pytest.approx(0.9)
    assert curve[-1].coverage == 1.0


def test_exactly_nine_of_ten_is_ninety_percent() -> None:
    right = np.array([True] * 9 + [False])
    assert coverage_at(coverage_curve(np.full(10, 0.5), right, 10), 0.9) == 1.0


def test_equal_confidences_are_shown_together_or_not_at_all() -> None:
    """Showing the right ones of a tie first would flatter: no threshold can do that."""
    curve = coverage_curve(np.array([0.9, 0.5, 0.5]), np.array([True, True, False]), 3)
    assert [(point.threshold, point.coverage) for point in curve] == [(0.9, pytest.approx(1 / 3)), (0.5, 1.0)]
    assert coverage_at(curve, 0.9) == pytest.approx(1 / 3)


def test_precision_may_recover_further_down() -> None:
    right = np.array([False] + [True] * 19)
    confidences = np.linspace(1.0, 0.5, 20)
    assert coverage_at(coverage_curve(confidences, right, 20), 0.9) == 1.0


def test_nothing_can_be_shown_where_precision_is_never_reached() -> None:
    assert coverage_at(coverage_curve(np.array([0.9, 0.1]), np.array([False, False]), 2), 0.9) == 0.0
    assert coverage_at((), 0.9) == 0.0


def test_questions_without_results_cost_coverage() -> None:
    assert calibrate(_items([0.9, 0.8], [True, True], asked=4)).coverage_at_p90 == 0.5


def _question(name: str, relevant: str) -> Question:
    return Question(id=name, case=Case(id=name, subject=name), relevant=frozenset({relevant}), group=f"group {name}")


def test_first_items_are_those_of_answered_questions() -> None:
    questions = [_question("a", "x"), _question("b", "x"), _question("c", "x"), _question("d", "x")]
    run = Run(
        system="s",
        rankings={
            "b": Ranking(ids=("y", "x"), scores=(2, 1), confidences=(0.4, 0.3)),
            "a": Ranking(ids=("x",), scores=(1,), confidences=(0.7,)),
            "c": Ranking(ids=(), scores=()),
        },
    )
    found = claims_of(questions, run)
    assert found.confidences.tolist() == [0.7, 0.4]
    assert found.right.tolist() == [True, False]
    assert (found.groups, found.asked) == (("group a", "group b"), 4)


@pytest.mark.parametrize(("confidences", "message"), [((), "rankings without confidences"), ((1.2,), "outside 0 to 1")])
def test_what_is_no_probability_is_refused(confidences: tuple[float, ...], message: str) -> None:
    run = Run(system="s", rankings={"a": Ranking(ids=("x",), scores=(1,), confidences=confidences)})
    with pytest.raises(ValueError, match=message):
        claims_of([_question("a", "x")], run)


def test_calibration_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="found no first items"):
        calibrate(_items([], [], asked=3))


def test_calibrating_twice_gives_the_same() -> None:
    chance = np.random.default_rng(3)
    confidences = chance.random(80)
    items = _items(confidences.tolist(), (chance.random(80) < confidences).tolist())
    assert calibrate(items, seed=4) == calibrate(items, seed=4)
