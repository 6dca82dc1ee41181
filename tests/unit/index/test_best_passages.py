"""The best passages of many items at once are those that one look at each item finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.exact import ExactIndex
from index.hits import dot
from index.passage_table import PassageTable

DIMENSION = 3
QUERY = np.array([1.0, 0.5, -0.25], dtype=np.float32)
# Few different vectors, so that passages of one item often score the same.
VECTOR = st.sampled_from([(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.5, 1.0, 0.0), (-1.0, 0.0, 0.0)])


def passages(items: list[list[tuple[float, ...]]]) -> PassageTable:
    vectors = [vector for item in items for vector in item]
    return PassageTable(
        texts=[""] * len(vectors),
        headings=[""] * len(vectors),
        starts=np.cumsum([0, *map(len, items)], dtype=np.int64),
        vectors=ExactIndex(np.array(vectors, dtype=np.float32).reshape(-1, DIMENSION)),
    )


def looked_at(table: PassageTable, item: int, otherwise: float) -> tuple[float, int]:
    rows = np.arange(table.starts[item], table.starts[item + 1], dtype=np.int64)
    if rows.size == 0:
        return otherwise, -1
    cosines = dot(table.vectors.vectors(rows), QUERY)
    return float(cosines.max()), int(rows[np.argmax(cosines)])


@settings(deadline=None)
@given(st.lists(st.lists(VECTOR, max_size=4), min_size=1, max_size=8), st.data())
def test_the_best_passages_of_items_are_those_of_each(
    items: list[list[tuple[float, ...]]], data: st.DataObject
) -> None:
    table = passages(items)
    wanted = data.draw(st.lists(st.integers(0, len(items) - 1), unique=True, max_size=8))
    otherwise = np.linspace(0.1, 0.9, len(wanted), dtype=np.float32)

    cosines, rows = table.best(QUERY, np.array(wanted, dtype=np.int64), otherwise)

    expected = [looked_at(table, item, float(other)) for item, other in zip(wanted, otherwise, strict=True)]
    assert list(zip(cosines.tolist(), rows.tolist(), strict=True)) == expected


def test_of_passages_that_are_equally_near_the_first_is_named() -> None:
    same = (0.5, 1.0, 0.0)
    _, rows = passages([[(0.0, 0.0, 1.0)], [(0.0, 1.0, 0.0), same, same]]).best(
        QUERY, np.array([1], dtype=np.int64), np.zeros(1, dtype=np.float32)
    )
    assert rows.tolist() == [2]


def test_an_item_without_passages_keeps_its_own_cosine() -> None:
    otherwise = np.array([0.75, 0.25], dtype=np.float32)
    cosines, rows = passages([[], [(1.0, 0.0, 0.0)]]).best(QUERY, np.array([0, 1], dtype=np.int64), otherwise)
    assert (cosines.tolist(), rows.tolist()) == ([0.75, 1.0], [-1, 0])
