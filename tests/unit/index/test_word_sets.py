from __future__ import annotations

from corpus.nearness import words_of
from index.word_sets import WordSets

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
