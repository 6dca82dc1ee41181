"""Vectors of tokens in their file: the same as in memory, and an error instead of wrong ones where the file is cut."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.alignment import CODES, TokenTable
from index.blobs import blob_of
from index.open_file import OpenFile
from index.space import ItemSpace
from index.token_codes import CodesOnDisk
from index.tokens import TokenVectors

WIDTH = 8


def _tokens(seed: int, number: int) -> TokenVectors:
    random = np.random.default_rng(seed)
    return TokenVectors.of(
        random.integers(0, 50, number).astype(np.int32), random.standard_normal((number, WIDTH), dtype=np.float32)
    )


@pytest.fixture
def table() -> TokenTable:
    items = [_tokens(seed, 1 + seed % 7) for seed in range(40)]
    return TokenTable.build(items, [True] * len(items), np.arange(10, dtype=np.int64))


@pytest.fixture
def file(table: TokenTable, tmp_path: Path) -> Path:
    path = tmp_path / CODES
    path.write_bytes(table.to_blobs()[CODES])
    return path


def test_from_the_disk_items_stand_as_from_memory(table: TokenTable, file: Path) -> None:
    blobs = {name: blob for name, blob in table.to_blobs().items() if name != CODES}
    rows, query = np.array([3, 39, 0, 17], dtype=np.int64), _tokens(99, 12)

    opened = TokenTable.from_blobs(blobs, OpenFile(file))

    assert np.array_equal(opened.standing(query, rows), table.standing(query, rows))
    assert opened.to_blobs() == table.to_blobs()


def test_a_file_that_was_cut_is_an_error_that_names_it(table: TokenTable, file: Path) -> None:
    codes = CodesOnDisk(OpenFile(file))
    file.write_bytes(file.read_bytes()[:-WIDTH])

    with pytest.raises(OSError, match=r"codes\.npy ends at .* bytes, expected .*: make verify"):
        codes.spans([0], [int(table.starts[-1])])


def test_an_index_whose_file_was_cut_suggests_without_it(
    table: TokenTable, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    absent: Any = None
    cut = replace(table, codes=CodesOnDisk(OpenFile(file)))
    space = ItemSpace(
        items=(), ids=(), row_of={}, masks=absent, languages=(), documents=absent, passages=None, lexicons={},
        background=np.zeros((0, WIDTH), dtype=np.float32), tokens=cut, heirs={},
    )  # fmt: skip
    file.write_bytes(b"")

    with caplog.at_level(logging.WARNING):
        assert space.alignment(_tokens(99, 12), np.arange(40, dtype=np.int64)) is None
    assert "without the vectors of tokens" in caplog.text


@pytest.mark.parametrize("array", [np.zeros((3, WIDTH), dtype=np.float32), np.zeros(3, dtype=np.int8)])
def test_another_array_is_refused(array: Any, tmp_path: Path) -> None:
    path = tmp_path / CODES
    path.write_bytes(blob_of(array))

    with pytest.raises(ValueError, match="expected int8"):
        CodesOnDisk(OpenFile(path))
