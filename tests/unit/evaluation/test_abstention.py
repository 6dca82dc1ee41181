from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assist.models import SuggestKind
from evaluation.abstention import abstention_of, curve, difference, measure_abstention, point_at, point_of
from evaluation.bench import Bench
from evaluation.first_items import NO_ANSWER, FirstItems, ShippedAnswerer, first_items
from evaluation.systems import Systems
from tests.unit.evaluation.benches import bench_of, judged


def _first(answerable: list[float], unanswerable: list[float], groups: list[str] | None = None) -> FirstItems:
    return FirstItems(
        system="s",
        answerable=np.array(answerable),
        unanswerable=np.array(unanswerable),
        right=np.ones(len(answerable), dtype=np.bool_),
        groups=tuple(groups or [str(number) for number in range(len(answerable))]),
    )


def test_the_point_at_80_percent_by_hand() -> None:
    point = point_at(_first([0.9, 0.8, 0.7, 0.6, 0.1], [0.85, 0.65, 0.5, 0.2, 0.0]), 0.8)
    assert (point.threshold, point.answered, point.false_suggestions) == (0.6, 0.8, 0.4)


def test_all_first_items_as_sure_as_the_threshold_are_answered() -> None:
    point = point_at(_first([0.5] * 4, [0.5, 0.5, 0.4, 0.4]), 0.5)
    assert (point.answered, point.false_suggestions) == (1.0, 0.5)


def test_a_constant_sureness_spares_nothing() -> None:
    assert abstention_of(_first([0.5] * 30, [0.5] * 30)).false_at_80 == 1.0


def test_a_perfect_sureness_spares_everything() -> None:
    found = abstention_of(_first([0.9] * 30, [0.1] * 30))
    assert found.false_at_80 == 0.0
    assert found.false_at_80_ci95 == (0.0, 0.0)


def test_a_question_without_any_item_is_never_answered() -> None:
    first = _first([0.9, NO_ANSWER, NO_ANSWER], [NO_ANSWER, 0.95, NO_ANSWER])
    point = point_at(first, 0.8)  # not to be reached: the lowest threshold there is
    assert (point.threshold, point.answered, point.false_suggestions) == (
        0.9,
        pytest.approx(1 / 3),
        pytest.approx(1 / 3),
    )
    nothing = abstention_of(_first([NO_ANSWER] * 3, [NO_ANSWER] * 3))
    assert nothing.false_at_80 == 0.0
    assert all(np.isfinite(point.threshold) for point in nothing.curve)


def test_the_curve_falls_in_thresholds_and_rises_in_both_shares() -> None:
    chance = np.random.default_rng(1)
    points = curve(_first(chance.normal(1, 1, 200).tolist(), chance.normal(0, 1, 200).tolist()))
    assert [each.threshold for each in points] == sorted((each.threshold for each in points), reverse=True)
    assert [each.answered for each in points] == sorted(each.answered for each in points)
    assert [each.false_suggestions for each in points] == sorted(each.false_suggestions for each in points)
    assert points[-1].answered == 1.0


def test_the_shipped_point_is_that_of_the_threshold() -> None:
    first = _first([0.9, 0.2], [0.5, 0.1])
    shipped = abstention_of(first, shipped_threshold=0.4).shipped
    assert shipped == point_of(first, 0.4)
    assert (shipped.answered, shipped.false_suggestions) == (0.5, 0.5)


def test_questions_of_one_conversation_make_a_wider_interval() -> None:
    chance = np.random.default_rng(2)
    there, gone = np.repeat(chance.normal(1, 1, 40), 5).tolist(), np.repeat(chance.normal(0, 1, 40), 5).tolist()
    apart = abstention_of(_first(there, gone)).false_at_80_ci95
    together = abstention_of(_first(there, gone, [str(number // 5) for number in range(200)])).false_at_80_ci95
    assert together[1] - together[0] > 1.5 * (apart[1] - apart[0])


def test_a_system_does_not_differ_from_itself_and_a_better_one_does() -> None:
    chance = np.random.default_rng(3)
    there = chance.normal(0, 1, 100)
    good, bad = _first((there + 4).tolist(), there.tolist()), _first(there.tolist(), there.tolist())
    assert difference(good, good).ci95 == (0.0, 0.0)
    apart = difference(good, bad)
    assert apart.diff < 0
    assert apart.ci95.high < 0


def test_two_systems_are_compared_on_the_same_questions_only() -> None:
    with pytest.raises(ValueError, match="answered different questions"):
        difference(_first([1.0], [0.0], ["a"]), _first([1.0], [0.0], ["b"]))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return bench_of(tmp_path_factory.mktemp("abstention"))


@pytest.mark.parametrize("kind", ["articles", "templates", "actions", "similar_cases"])
def test_ours_is_as_sure_as_suggest_says(kind: SuggestKind, tmp_path: Path) -> None:
    bench = bench_of(tmp_path, judged(kind))
    shipped = Systems(bench).make("stichwort").rank(bench.judged.questions)
    answerer = ShippedAnswerer(name="stichwort", bench=bench)
    for question in bench.judged.questions:
        first = answerer.first(question, frozenset())
        assert (first.id, first.sureness) == (
            shipped.rankings[question.id].ids[0],
            shipped.rankings[question.id].confidences[0],
        )
        assert answerer.first(question, question.relevant).id not in question.relevant


def test_a_question_is_less_sure_once_its_answer_is_gone(bench: Bench) -> None:
    found = measure_abstention(bench, Systems(bench))
    assert set(found) == {"stichwort", "cc", "dense"}
    ours = found["stichwort"]
    assert ours.right.all()
    assert (ours.answerable > ours.unanswerable).all()
    dense = found["dense"]
    assert (dense.answerable > dense.unanswerable)[dense.right].all()
    assert (dense.answerable == dense.unanswerable)[~dense.right].all()  # what came first was not the answer anyway


def test_asking_without_everything_leaves_nothing(bench: Bench) -> None:
    question = bench.judged.questions[0]
    everything = frozenset(bench.shelf.ids)
    answerers = [ShippedAnswerer(name="stichwort", bench=bench)]
    assert [each.first(question, everything).sureness for each in answerers] == [NO_ANSWER]
    assert Systems(bench).scored("cc").answer(question, everything).ids == ()


def test_first_items_keep_the_groups_of_the_questions(bench: Bench) -> None:
    found = first_items(ShippedAnswerer(name="stichwort", bench=bench), bench.judged.questions)
    assert found.groups == ("q1", "q2", "q3")
