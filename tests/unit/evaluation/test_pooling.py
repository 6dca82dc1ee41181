from __future__ import annotations

import pytest

from evaluation.pooling import pool
from evaluation.questions import Ranking, Run


def _run(system: str, **rankings: str) -> Run:
    """One letter is one item."""
    return Run(
        system=system,
        rankings={
            question: Ranking(ids=tuple(ids), scores=tuple(-float(rank) for rank, _ in enumerate(ids)))
            for question, ids in rankings.items()
        },
    )


def test_the_first_items_of_every_system_are_pooled_once() -> None:
    found = pool([_run("a", q="wxyz"), _run("b", q="xvw")], ["q"], depth=2, seed=1)
    assert sorted(found[0].items) == ["v", "w", "x"]


def test_the_order_does_not_tell_who_found_what_or_how_well() -> None:
    one = pool([_run("a", q="abcdef"), _run("b", q="gh")], ["q"], depth=6, seed=1)
    turned = pool([_run("c", q="hg"), _run("a", q="fedcba")], ["q"], depth=6, seed=1)
    assert one == turned


def test_the_place_of_an_item_is_left_to_chance() -> None:
    """Whatever a system puts first stands anywhere among eight: each place about as often as any other."""
    questions = [f"q{number}" for number in range(800)]
    found = pool([_run("a", **dict.fromkeys(questions, "abcdefgh"))], questions, depth=8, seed=3)
    places = [question.items.index("a") for question in found]
    assert all(60 < places.count(place) < 145 for place in range(8))


def test_the_seed_decides_both_orders() -> None:
    questions = [f"q{number}" for number in range(30)]
    runs = [_run("a", **dict.fromkeys(questions, "abcdefgh"))]
    assert pool(runs, questions, depth=8, seed=3) == pool(runs, questions[::-1], depth=8, seed=3)
    others = pool(runs, questions, depth=8, seed=4)
    assert [each.id for each in others] != [each.id for each in pool(runs, questions, depth=8, seed=3)]
    assert sorted(each.id for each in others) == sorted(questions)


def test_a_question_for_which_nothing_was_found_is_not_judged() -> None:
    found = pool([_run("a", q1="a", q2="")], ["q1", "q2", "q3"], depth=5, seed=1)
    assert [each.id for each in found] == ["q1"]


def test_a_pool_without_depth_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        pool([], ["q"], depth=0, seed=1)
