"""What the listwise fit promises, whatever its columns are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from evaluation.listwise import Bounds, CandidateList, balanced, listwise_weights

FREE: Bounds = ((None, None), (None, None))


def _lists(count: int, family: str = "a", *, telling: int = 0, sign: float = 1.0, seed: int = 5) -> list[CandidateList]:
    """Questions with six candidates and two columns; the right one is the highest (or lowest) in the telling one."""

    def made() -> Iterator[CandidateList]:
        chance = np.random.default_rng(seed)
        for _ in range(count):
            design = chance.normal(size=(6, 2))
            noisy = sign * design[:, telling] + chance.normal(scale=0.3, size=6)
            right = np.arange(6) == np.argmax(noisy)
            yield CandidateList(family=family, source=family, design=design, right=right)

    return list(made())


def test_what_tells_right_from_wrong_weighs_most() -> None:
    told, untold = listwise_weights(_lists(300), FREE)
    assert told > 5 * abs(untold)


def test_a_weight_may_be_negative_only_where_its_bounds_allow_it() -> None:
    lists = _lists(200, sign=-1.0)
    assert listwise_weights(lists, FREE)[0] < -1.0
    assert listwise_weights(lists, ((0.0, None), (None, None)))[0] == 0.0


def test_questions_without_a_right_candidate_teach_nothing() -> None:
    lists = _lists(50)
    blind = [replace(each, right=np.zeros(6, dtype=bool)) for each in _lists(50, telling=1, seed=6)]
    assert listwise_weights([*lists, *blind], FREE).tolist() == listwise_weights(lists, FREE).tolist()
    with pytest.raises(ValueError, match="found no question with a right answer"):
        listwise_weights(blind, FREE)


def test_a_large_family_weighs_no_more_than_a_small_one() -> None:
    small, large = _lists(40, "small", telling=0), _lists(40, "large", telling=1, seed=6)
    once = listwise_weights([*small, *large], FREE)
    often = listwise_weights([*small, *large * 20], FREE)
    assert often == pytest.approx(once, abs=1e-3)


def test_families_weigh_the_same_and_so_do_the_sources_of_one_family() -> None:
    families = ["a", "a", "a", "b"]
    weights = balanced(families, np.ones(4), ["x", "x", "y", "z"])
    assert weights.tolist() == [0.5, 0.5, 1.0, 2.0]
