from __future__ import annotations

from index.background import background_rows


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
