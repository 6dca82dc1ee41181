from __future__ import annotations

import numpy as np
import pytest

from index.background import Average, background_rows


def test_the_sample_holds_public_rows_only_and_is_bounded() -> None:
    keys = [f"item-{number}" for number in range(100)]
    rows = background_rows(keys, [number % 2 == 0 for number in range(100)], size=10)
    assert len(rows) == 10
    assert all(row % 2 == 0 for row in rows.tolist())
    assert rows.tolist() == sorted(rows.tolist())


def test_one_more_item_moves_at_most_one_member_of_the_sample() -> None:
    keys = [f"item-{number}" for number in range(100)]
    before = {keys[row] for row in background_rows(keys, [True] * 100, size=20).tolist()}
    more = [*keys, "another"]
    after = {more[row] for row in background_rows(more, [True] * 101, size=20).tolist()}
    assert len(before - after) <= 1


def test_no_public_row_gives_an_empty_sample() -> None:
    assert background_rows(["a"], [False]).tolist() == []


def _floats(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32)


def test_scores_stand_out_in_standard_deviations_above_the_mean() -> None:
    average = Average.of(_floats(1.0, 3.0), 0.01)
    assert (average.mean, average.deviation) == (2.0, 1.0)
    assert average.standing(_floats(4.5, 2.0, 1.0)).tolist() == [2.5, 0.0, -1.0]


def test_where_all_are_alike_a_tiny_difference_is_no_standing() -> None:
    average = Average.of(_floats(0.5, 0.5, 0.5), 0.01)
    assert average.standing(_floats(0.501)).tolist() == pytest.approx([0.1], abs=1e-4)


@pytest.mark.parametrize("sample", [(), (0.7,)])
def test_of_fewer_than_two_items_nothing_can_be_told(sample: tuple[float, ...]) -> None:
    assert Average.of(_floats(*sample), 0.01).standing(_floats(0.7)).tolist() == pytest.approx([0.7])
