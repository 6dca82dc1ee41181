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
    starts = np.cumsum([0, *map(len, items)], dtype=np.int64)
    return PassageTable(
        texts=[""] * len(vectors),
        headings=[""] * len(vectors),
        starts=starts,
        vectors=ExactIndex(np.array(vectors, dtype=np.float32).reshape(-1, DIMENSION)),
        vector_starts=starts,
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


def whole(table: PassageTable, own: list[bool]) -> PassageTable:
    """Return the table without the vectors of items whose one passage is all of them, as ``own`` marks them."""
    counts = np.diff(table.starts)
    kept = np.repeat(~np.array(own), counts)
    return PassageTable(
        texts=table.texts,
        headings=table.headings,
        starts=table.starts,
        vectors=ExactIndex(table.vectors.vectors(np.flatnonzero(kept))),
        vector_starts=np.cumsum([0, *np.where(own, 0, counts).tolist()], dtype=np.int64),
    )


@settings(deadline=None)
@given(st.lists(st.lists(VECTOR, min_size=1, max_size=3), min_size=1, max_size=8), st.integers(1, 12), st.data())
def test_a_vector_that_is_the_whole_s_need_not_be_kept_twice(
    items: list[list[tuple[float, ...]]], depth: int, data: st.DataObject
) -> None:
    table = passages(items)
    own = [len(item) == 1 and data.draw(st.booleans()) for item in items]
    shared = whole(table, own)
    # What an item as a whole says is here what its last passage says.
    wholes = ExactIndex(np.array([item[-1] for item in items], dtype=np.float32))
    every = np.arange(len(items), dtype=np.int64)
    cosines = dot(wholes.vectors(every), QUERY)
    allowed = np.array([data.draw(st.booleans()) for _ in items])
    found = wholes.search(QUERY, len(items), allowed)

    for mine, plain in zip(shared.best(QUERY, every, cosines), table.best(QUERY, every, cosines), strict=True):
        assert mine.tolist() == plain.tolist()
    scores = table.best(QUERY, every, cosines)[0]
    rows, reference = shared.search(QUERY, depth, allowed, found), table.search(QUERY, depth, allowed, found)
    assert allowed[rows].all()
    assert len(rows) == len(reference)
    assert sorted(scores[rows].tolist()) == sorted(scores[reference].tolist())
