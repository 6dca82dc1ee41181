"""Looking for words in every file under a folder, whatever the file is: what was erased must be in none of them.

Bytes are searched as they lie on the disk, so that free pages of a database count too, and packed files unpacked; the
texts of SQLite files are read row by row as well, because a long one is cut up between pages.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from unicodedata import normalize

_CHUNK = 4 << 20
_SQLITE = b"SQLite format 3\x00"
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_MAGIC_BYTES = 16
_OVERLAP = 1 << 14  # a text longer than this may be missed where two pieces of a file meet


@dataclass(frozen=True, slots=True)
class Trace:
    """A file that holds a text, or (``text`` is ``None``) one that could not be read, so that nobody knows."""

    path: Path
    text: str | None


def find_traces(root: Path, texts: Collection[str], *, without: Collection[Path] = ()) -> tuple[Trace, ...]:
    """Return which files under ``root`` hold which texts, whatever their case and encoding, by path.

    Files in ``without`` are passed over, links are not followed. A text that is cut up or stemmed, as words are in an
    index, is found by its words only: ask for these too.
    """
    spelt = {text: _spellings(text) for text in texts if text.strip()}
    found: list[Trace] = []
    for path in sorted(_files(root)):
        if path not in without:
            found += _traces(path, spelt)
    return tuple(found)


def _traces(path: Path, spelt: dict[str, frozenset[bytes]]) -> list[Trace]:
    left = dict(spelt)
    held: list[Trace] = []
    try:
        for piece in _pieces(path):
            for text in [text for text, forms in left.items() if any(form in piece for form in forms)]:
                held.append(Trace(path, text))
                del left[text]
            if not left:
                break
    except FileNotFoundError:
        return []  # a file that went while we looked holds nothing
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, sqlite3.Error):
        held.append(Trace(path, None))
    return held


def _files(root: Path) -> Iterator[Path]:
    for place, _, names in os.walk(root):
        yield from (path for name in names if not (path := Path(place) / name).is_symlink() and path.is_file())


def _pieces(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file in overlapping pieces, ASCII letters small, then those of what is packed in it."""
    with path.open("rb") as file:
        magic = file.read(_MAGIC_BYTES)
        file.seek(0)
        yield from _chunks(file)
    if magic.startswith(_GZIP):
        with gzip.open(path) as unpacked:
            yield from _chunks(unpacked)
    elif magic.startswith(_ZIP):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    yield from _chunks(member)
    elif magic == _SQLITE:
        yield from _rows(path)


def _chunks(file: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    before = b""
    while chunk := file.read(_CHUNK):
        piece = before + chunk.lower()
        yield piece
        before = piece[-_OVERLAP:]


def _rows(path: Path) -> Iterator[bytes]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            yield from _texts(connection.execute(f'SELECT * FROM "{table}"'))  # noqa: S608 - its own table's name


def _texts(rows: Iterable[tuple[object, ...]]) -> Iterator[bytes]:
    for row in rows:
        yield "\n".join(value for value in row if isinstance(value, str)).encode("utf-8", "replace").lower()


def _spellings(text: str) -> frozenset[bytes]:
    """Return the bytes that a text may be written as, ASCII letters small."""
    cases = {text, text.lower(), text.upper(), text.title()}
    forms = {normalize(form, case) for case in cases for form in ("NFC", "NFD")}
    escaped = {json.dumps(form)[1:-1] for form in forms} | {
        json.dumps(form, ensure_ascii=False)[1:-1] for form in forms
    }
    encoded = {form.encode(code, "replace").lower() for form in forms for code in ("utf-8", "utf-16-le", "latin-1")}
    # UTF-16 has its letters on every second byte, which lower() reaches too.
    return frozenset(encoded | {form.encode().lower() for form in escaped})
