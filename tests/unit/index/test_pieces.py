"""What the encoder reads of a text: the pieces of a vocabulary, in one spelling, however it was typed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.encoder import PROMPTS
from index.encoders.pieces import PieceReader, normal_form
from index.pieces_file import Markers, pieces_file

VOCABULARY = {
    **dict.fromkeys(("<s>", "<pad>", "</s>", "<unk>"), 0.0),
    **dict.fromkeys("▁abcdefghijklmnopqrstuvwxyzäöüß<>/:", -10.0),
    "▁query": -2.0,
    "▁passage": -2.0,
    "▁rechnung": -3.0,
    "rechnung": -3.0,
    "s": -4.0,
    "kopie": -3.0,
}
NUMBERS = {piece: number for number, piece in enumerate(VOCABULARY)}
MOST = 12


@pytest.fixture
def reader(tmp_path: Path) -> PieceReader:
    path = tmp_path / "vocabulary.model"
    path.write_bytes(pieces_file(VOCABULARY.items(), Markers(begin=0, pad=1, end=2, unknown=3)))
    return PieceReader(path, PROMPTS, MOST)


def numbers(*pieces: str) -> list[int]:
    return [NUMBERS[piece] for piece in pieces]


def test_a_text_is_read_in_its_likeliest_pieces_behind_the_prompt_of_its_role(reader: PieceReader) -> None:
    asked = reader.read("query", "rechnungskopie")

    assert asked.ids.tolist() == numbers("<s>", "▁query", ":", "▁rechnung", "s", "kopie", "</s>")
    assert asked.ids[asked.own].tolist() == numbers("▁rechnung", "s", "kopie")
    assert reader.read("passage", "rechnung").ids.tolist() == numbers("<s>", "▁passage", ":", "▁rechnung", "</s>")


def test_a_blank_that_stands_alone_before_the_first_word_is_no_piece_of_the_text(reader: PieceReader) -> None:
    asked = reader.read("query", "zu rechnung")

    assert asked.ids.tolist() == numbers("<s>", "▁query", ":", "▁", "z", "u", "▁rechnung", "</s>")
    assert asked.ids[asked.own].tolist() == numbers("z", "u", "▁rechnung")


def test_a_text_without_words_has_no_pieces_of_its_own(reader: PieceReader) -> None:
    for nothing in ("", " ", "\u200b\ufeff", "\x00"):
        asked = reader.read("query", nothing)
        assert asked.ids.tolist() == numbers("<s>", "▁query", ":", "</s>")
        assert asked.ids[asked.own].size == 0


def test_of_a_long_text_the_beginning_is_read_and_the_end_is_marked(reader: PieceReader) -> None:
    asked = reader.read("query", "rechnung " * 40)

    assert asked.ids.size == MOST
    assert asked.ids[-1] == NUMBERS["</s>"]
    assert asked.ids[asked.own].tolist() == numbers("▁rechnung") * (MOST - 4)


@pytest.mark.parametrize("marker", ["</s>", "<s>", "<pad>", "<unk>"])
def test_a_marker_that_a_customer_writes_is_text(reader: PieceReader, marker: str) -> None:
    asked = reader.read("query", marker)

    assert not set(asked.ids[asked.own].tolist()) & set(numbers("<s>", "</s>", "<pad>", "<unk>"))


def test_what_the_vocabulary_lacks_is_one_unknown_piece(reader: PieceReader) -> None:
    asked = reader.read("query", "rechnung 漢字")

    assert asked.ids[asked.own].tolist() == numbers("▁rechnung", "▁", "<unk>")


def test_a_text_means_the_same_however_it_was_typed() -> None:
    # composed or not, as ligature, in full width, with blanks of all kinds, with controls and marks of direction
    assert normal_form("u\u0308ber") == normal_form("über")
    assert normal_form("\ufb01nden ＤＳＬ") == "finden DSL"
    assert normal_form("eins\u00a0\u2003zwei\u200b\u2581drei \n") == "eins zwei drei"
    assert normal_form("Ver\x00trag\x1f") == "Vertrag"
    assert normal_form("</s> <mask>") == "< /s> < mask>"


def test_many_threads_may_read_at_once(reader: PieceReader) -> None:
    texts = ["rechnung" + "s" * (number % 5) + " kopie" for number in range(400)]
    alone = [reader.read("query", text).ids.tolist() for text in texts]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: reader.read("query", text).ids.tolist(), texts))

    assert together == alone
