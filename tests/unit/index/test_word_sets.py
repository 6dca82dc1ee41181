from __future__ import annotations

import numpy as np

from corpus.nearness import words_of
from index.blobs import blob_of
from index.word_sets import WordSets, numbers_of

TEXTS = ["Router blinkt rot", "", "rot blinkt der Router"]


def test_a_number_stands_for_the_same_word_in_every_text() -> None:
    sets = WordSets.build(map(words_of, TEXTS))
    first, empty, last = (set(sets.of(row).tolist()) for row in range(3))
    assert len(first) == 3
    assert empty == set()
    assert first < last
    assert len(last) == 4


def test_what_was_written_is_read_again() -> None:
    sets = WordSets.build(map(words_of, TEXTS))
    read = WordSets.from_blobs(sets.to_blobs())
    assert [read.of(row).tolist() for row in range(3)] == [sets.of(row).tolist() for row in range(3)]


def test_an_index_from_before_words_were_kept_knows_none() -> None:
    assert WordSets.from_blobs({}).of(7).size == 0


def test_no_word_is_written() -> None:
    assert b"router" not in b"".join(WordSets.build(map(words_of, TEXTS)).to_blobs().values()).lower()


def test_a_text_that_came_later_compares_with_those_of_the_index() -> None:
    sets = WordSets.build(map(words_of, TEXTS)).overlaid(
        {1: numbers_of(words_of("rot")), 3: numbers_of(words_of(""))}, 4
    )
    assert set(sets.of(1).tolist()) < set(sets.of(0).tolist())
    assert set(sets.of(0).tolist()) < set(sets.of(2).tolist())
    assert sets.of(3).size == 0


def test_an_index_from_before_words_were_kept_takes_later_texts() -> None:
    sets = WordSets.from_blobs({}).overlaid({2: numbers_of(words_of("rot"))}, 3)
    assert [sets.of(row).size for row in range(3)] == [0, 0, 1]


def test_the_numbers_of_an_earlier_index_are_read_as_they_are() -> None:
    blobs = {"numbers.npy": blob_of(np.array([0, 1, 1], dtype=np.int32)), "starts.npy": blob_of(np.array([0, 2, 3]))}
    assert WordSets.from_blobs(blobs).of(1).tolist() == [1]
