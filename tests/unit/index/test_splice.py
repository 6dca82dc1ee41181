"""Rows get other entries, and new rows come, without anything else moving."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.splice import Splice

lists = st.lists(st.lists(st.integers(0, 9), max_size=3), max_size=6)


@given(lists, st.data())
def test_spliced_lists_are_those_that_plain_lists_give(old: list[list[int]], data: st.DataObject) -> None:
    rows = data.draw(st.sets(st.integers(0, len(old) - 1), max_size=4)) if old else set()
    added = data.draw(st.integers(0, 2))
    fresh = {
        row: data.draw(st.lists(st.integers(10, 19), max_size=3))
        for row in [*sorted(rows), *range(len(old), len(old) + added)]
    }
    expected = [fresh.get(row, old[row] if row < len(old) else []) for row in range(len(old) + added)]

    starts = np.cumsum([0, *map(len, old)], dtype=np.int64)
    spliced = Splice.of(starts, {row: len(entries) for row, entries in fresh.items()})

    flat_old = [entry for row in old for entry in row]
    flat_new = [entry for row in sorted(fresh) for entry in fresh[row]]
    flat = [entry for row in expected for entry in row]
    assert list(spliced.objects(flat_old, flat_new)) == flat
    assert spliced.numbers(np.array(flat_old, dtype=np.int32), np.array(flat_new, dtype=np.int32)).tolist() == flat
    assert np.diff(spliced.starts).tolist() == list(map(len, expected))
