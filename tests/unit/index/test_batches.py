from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.fitting.batches import neighbour_batches


def on_a_circle(number: int) -> NDArray[np.float32]:
    """Unit vectors, each nearest to those of the numbers beside it."""
    angles = np.linspace(0, np.pi, number, endpoint=False)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def drawn(problem_of: Sequence[int], group_of: Sequence[str], *, size: int, seed: int = 1) -> list[list[int]]:
    vectors = on_a_circle(len(group_of))
    return neighbour_batches(problem_of, group_of, vectors, size=size, rng=random.Random(seed))


@given(
    groups=st.lists(st.sampled_from("abc"), min_size=1, max_size=12),
    rows=st.data(),
    size=st.integers(min_value=1, max_value=6),
)
def test_each_row_comes_once_in_batches_of_one_group_and_of_different_problems(
    groups: list[str], rows: st.DataObject, size: int
) -> None:
    about = rows.draw(st.lists(st.integers(min_value=0, max_value=len(groups) - 1), max_size=30))

    batches = drawn(about, groups, size=size)

    assert sorted(row for batch in batches for row in batch) == list(range(len(about)))
    for batch in batches:
        problems = [about[row] for row in batch]
        assert 1 <= len(batch) <= size
        assert len(set(problems)) == len(problems)
        assert len({groups[problem] for problem in problems}) == 1


@pytest.mark.parametrize("rows_each", [1, 3])
@pytest.mark.parametrize("seed", range(5))
def test_half_of_a_batch_are_the_nearest_neighbours_of_one_problem(rows_each: int, seed: int) -> None:
    about = [problem for problem in range(60) for _ in range(rows_each)]
    cosines = on_a_circle(60) @ on_a_circle(60).T

    batches = drawn(about, ["a"] * 60, size=8, seed=seed)

    # true of the batch that was drawn first: in later ones some neighbours are gone
    problems = [{about[row] for row in batch} for batch in batches]
    assert any(set(np.argsort(-cosines[centre])[:4]) <= each for each in problems for centre in each)


def test_the_other_half_is_drawn_from_the_whole_group() -> None:
    batches = drawn(range(200), ["a"] * 200, size=8)

    spread = [max(batch) - min(batch) for batch in batches]

    assert np.mean(spread) > 60


def test_equal_seeds_draw_equal_batches_and_others_do_not() -> None:
    about, groups = [row % 20 for row in range(50)], ["a", "b"] * 10

    assert drawn(about, groups, size=4) == drawn(about, groups, size=4)
    assert drawn(about, groups, size=4) != drawn(about, groups, size=4, seed=2)


def test_groups_alternate() -> None:
    groups = ["a"] * 40 + ["b"] * 40

    order = [groups[batch[0]] for batch in drawn(range(80), groups, size=4)]

    assert order not in (sorted(order), sorted(order, reverse=True))


def test_no_rows_make_no_batches() -> None:
    assert drawn([], ["a"], size=4) == []
