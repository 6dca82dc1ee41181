"""A search over all files finds a text however it is written, packed or cut up."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zipfile
from pathlib import Path

import numpy as np
import pytest

from corpus.traces import Trace, find_traces

TEXT = "Müller-Zqx"


def in_plain(path: Path) -> None:
    path.write_text(f"Guten Tag {TEXT}!", encoding="utf-8")


def in_capitals(path: Path) -> None:
    path.write_text(TEXT.upper(), encoding="utf-8")


def in_escapes(path: Path) -> None:
    path.write_text(json.dumps({"name": TEXT}), encoding="ascii")


def in_utf_16(path: Path) -> None:
    path.write_bytes(TEXT.encode("utf-16-le"))


def decomposed(path: Path) -> None:
    path.write_text("Mu\u0308ller-Zqx", encoding="utf-8")


def packed(path: Path) -> None:
    path.write_bytes(gzip.compress(TEXT.encode()))


def in_an_archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("innen.txt", TEXT * 3)


def in_an_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.frombuffer(TEXT.encode(), dtype=np.uint8), allow_pickle=False)


def between_two_pieces(path: Path) -> None:
    path.write_bytes(b"." * ((4 << 20) - 3) + TEXT.encode())


def in_a_long_row(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA page_size = 512")
    connection.execute("CREATE TABLE t (x TEXT)")
    # Rows of every length, so that page limits cut the name wherever they can.
    connection.executemany("INSERT INTO t VALUES (?)", [("." * length + TEXT,) for length in range(400, 520)])
    connection.execute("DELETE FROM t WHERE length(x) % 9 != 3")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "write",
    [
        in_plain, in_capitals, in_escapes, in_utf_16, decomposed, packed, in_an_archive, in_an_array,
        between_two_pieces, in_a_long_row,
    ],
    ids=lambda write: write.__name__,
)  # fmt: skip
def test_a_text_is_found(tmp_path: Path, write) -> None:
    write(tmp_path / "datei")

    assert find_traces(tmp_path, [TEXT, "etwas anderes"]) == (Trace(tmp_path / "datei", TEXT),)


def test_a_file_without_it_is_none(tmp_path: Path) -> None:
    (tmp_path / "datei").write_text("Guten Tag Müller", encoding="utf-8")

    assert find_traces(tmp_path, [TEXT]) == ()
    assert find_traces(tmp_path, ["", " "]) == ()


def test_a_packed_file_that_is_damaged_is_told_because_nobody_knows_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "datei.gz").write_bytes(gzip.compress(b"x" * 1_000)[:-9])

    assert find_traces(tmp_path, [TEXT]) == (Trace(tmp_path / "datei.gz", None),)


def test_files_that_may_hold_it_are_passed_over_and_links_are_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "var", tmp_path / "draussen"
    inside.mkdir()
    in_plain(inside / "erlaubt")
    in_plain(outside)
    (inside / "verweis").symlink_to(outside)

    assert find_traces(inside, [TEXT], without=[inside / "erlaubt"]) == ()
