"""Lines are read when they are looked at, and are then what a list of them is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lines import Lines, Overlaid, line_blob


def lines(values: list[str]) -> Lines[str]:
    return Lines(line_blob(json.dumps(value).encode() for value in values), json.loads)


@given(st.lists(st.text(max_size=8), max_size=6))
def test_lines_are_the_list_that_was_written(values: list[str]) -> None:
    found = lines(values)
    assert len(found) == len(values)
    assert list(found) == values
    assert found[1:] == values[1:]
    assert [found[-row] for row in range(1, len(values) + 1)] == values[::-1]


def test_nothing_is_read_before_somebody_looks_and_little_twice() -> None:
    read: list[bytes] = []

    def reading(line: bytes) -> bytes:
        read.append(line)
        return line

    found = Lines(b"a\nb\nc\n", reading, remembered=2)
    assert read == []
    assert (found[1], found[1], found[2], found[0], found[1]) == (b"b", b"b", b"c", b"a", b"b")
    assert read == [b"b", b"c", b"a", b"b"]


@pytest.mark.parametrize("row", [3, -4])
def test_a_row_beyond_the_last_is_none(row: int) -> None:
    with pytest.raises(IndexError):
        lines(["a", "b", "c"])[row]


def test_others_stand_in_the_place_of_rows_and_behind_the_last() -> None:
    found = Overlaid(lines(["a", "b", "c"]), {1: "x", 3: "y"})
    assert list(found) == ["a", "x", "c", "y"]
    assert found[-1] == "y"
    assert found[1:3] == ["x", "c"]
