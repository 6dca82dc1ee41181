"""Of the near cases none is shown twice, and not only those that teach the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from assist.choosing import NearCases, choose, near_matrix, without_repeats
from corpus.models import Case, Outcome

SOLVED = Outcome(solved=True)


def _case(name: str, *, outcome: Outcome | None = SOLVED, resolution: str | None = "Erstattet.", day: int = 1) -> Case:
    closed = datetime(2026, 3, day, tzinfo=UTC)
    return Case(id=name, closed_at=closed, outcome=outcome, resolution=resolution)


def _near(
    cases: Sequence[Case],
    meaning: Sequence[float],
    *,
    repeats: Collection[tuple[int, int]] = (),
    alike: Collection[tuple[int, int]] = (),
    closeness: float = 4.0,
) -> NearCases:
    size = len(cases)
    return NearCases(
        cases=cases,
        meaning=np.array(meaning, dtype=np.float32),
        closeness=np.full((size, size), closeness, dtype=np.float32),
        repeats=_symmetric(size, repeats),
        solved_alike=_symmetric(size, alike),
    )


def _symmetric(size: int, pairs: Collection[tuple[int, int]]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    matrix = np.eye(size, dtype=np.bool_)
    for one, other in pairs:
        matrix[one, other] = matrix[other, one] = True
    return matrix


def _shown(near: NearCases, limit: int) -> list[str]:
    return [near.cases[place].id for place in choose(near, range(len(near.cases)), limit)]


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (_case("worse", outcome=Outcome(solved=True, reopened=True)), _case("better")),
        (_case("worse", outcome=Outcome(solved=True, escalated=True)), _case("better", outcome=None)),
        (_case("worse", outcome=None), _case("better")),
        (_case("worse", outcome=Outcome(csat=5)), _case("better")),
        (_case("worse", resolution=None), _case("better")),
        (_case("worse", outcome=Outcome(reopened=True), day=9), _case("better", resolution=None)),
    ],
)
def test_of_cases_that_say_the_same_the_one_that_ended_better_is_shown(worse: Case, better: Case) -> None:
    assert _shown(_near([worse, better], [4.0, 3.9], repeats=[(0, 1)]), 3) == ["better"]


def test_of_repeats_that_ended_alike_the_nearest_is_shown_then_the_newest() -> None:
    old, new, far = _case("old", day=1), _case("new", day=2), _case("far", day=3)
    near = _near([old, new, far], [4.0, 4.0, 3.9], repeats=[(0, 1), (0, 2), (1, 2)])
    assert _shown(near, 3) == ["new"]


def test_no_two_shown_cases_repeat_each_other_though_repeats_come_in_chains() -> None:
    # b stands for a; c repeats b but not a, and would be shown beside b were only the nearest asked.
    chain = [_case("a", resolution=None), _case("b"), _case("c")]
    assert _shown(_near(chain, [4.0, 3.9, 3.8], repeats=[(0, 1), (1, 2)]), 3) == ["b"]


def test_who_repeats_only_a_repeat_that_is_not_shown_is_shown() -> None:
    chain = [_case("a"), _case("b"), _case("c")]
    assert _shown(_near(chain, [4.0, 3.9, 3.8], repeats=[(0, 1), (1, 2)]), 3) == ["a", "c"]


def test_a_repeat_that_was_not_asked_for_stands_for_nobody() -> None:
    near = _near([_case("a", resolution=None), _case("b")], [4.0, 3.9], repeats=[(0, 1)])
    assert without_repeats(near, [0]) == [0]


def test_a_case_that_teaches_something_else_comes_before_one_that_teaches_the_same() -> None:
    cases = [_case("first"), _case("same"), _case("other")]
    near = _near(cases, [4.0, 3.5, 3.3], alike=[(0, 1)])
    assert _shown(near, 2) == ["first", "other"]
    assert _shown(near, 3) == ["first", "same", "other"]


def test_a_much_nearer_case_is_shown_though_it_teaches_the_same() -> None:
    cases = [_case("first"), _case("same"), _case("other")]
    assert _shown(_near(cases, [4.0, 3.5, 2.5], alike=[(0, 1)]), 2) == ["first", "same"]


def test_the_same_way_of_solving_another_problem_counts_as_new() -> None:
    cases = [_case("first"), _case("same"), _case("other")]
    assert _shown(_near(cases, [4.0, 3.5, 3.4], alike=[(0, 1)], closeness=-1.0), 2) == ["first", "same"]


def test_the_nearest_comes_first_however_much_others_add() -> None:
    cases = [_case("b"), _case("a"), _case("c")]
    everything = [(0, 1), (0, 2), (1, 2)]
    for limit in (1, 2, 3):
        assert _shown(_near(cases, [3.0, 3.1, 2.9], alike=everything), limit)[0] == "a"


def test_equally_near_cases_come_by_id() -> None:
    assert _shown(_near([_case("b"), _case("a"), _case("c")], [3.0, 3.0, 3.0]), 2) == ["a", "b"]


def test_there_may_be_nothing_to_choose_from() -> None:
    assert choose(_near([], []), [], 3) == []
    assert near_matrix([]).shape == (0, 0)


def test_sets_are_near_when_three_fifths_of_all_numbers_are_in_both() -> None:
    sets = [np.array(each, dtype=np.int64) for each in ([1, 2, 3], [1, 2, 3, 4, 5], [1, 2, 6], [], [])]
    assert np.argwhere(near_matrix(sets)).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1], [2, 2]]
