"""CSV files: encoding and separator are found out; a broken row costs itself, never those below it."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import TextIO

from corpus.importers.decoding import detect_encoding, known_encoding
from corpus.importers.files import SourceFile
from corpus.importers.limits import ImportFailedError, ImportLimits
from corpus.importers.tables import TableFault, TableRow, limited, name_columns, row_or_fault

_SEPARATORS = (";", ",", "\t", "|")
_MAX_RECORD = 8_000_000  # characters; beyond it a quote was not closed
_HINT = "write a quote within a cell twice, and close each one that opens a cell"


class CsvTable:
    """A table of text; ``encoding`` and ``separator`` are found out where they are not given.

    ``columns`` are the names of the columns, all different.
    """

    def __init__(
        self, file: SourceFile, limits: ImportLimits, *, encoding: str | None = None, separator: str | None = None
    ) -> None:
        if file.size > limits.table:
            raise ImportFailedError(f"{file.name}: found {file.size} bytes, expected at most {limits.table}: split it")
        self._file, self._limits = file, limits
        with file.open() as stream:
            self._encoding = known_encoding(encoding) if encoding else detect_encoding(stream)
        with self._text() as text:
            first = text.readline(_MAX_RECORD)
        self._declared = first.lower().startswith("sep=") and len(first.strip()) == 5
        self._separator = separator or (first[4] if self._declared else _most_frequent(first))
        line, head = next(((line, cells) for line, cells in self._records() if not _is_empty(cells)), (0, []))
        if isinstance(head, str) or not head:
            raise ImportFailedError(f"{file.name}: found no head, expected the names of the columns in the first row")
        self._head_line = line
        self.columns = name_columns(head, limits.columns, file.name)

    def rows(self) -> Iterator[TableRow | TableFault]:
        """Yield the rows below the head that are not empty, and what is no row."""
        below = ((line, cells) for line, cells in self._records() if line > self._head_line)
        return limited((self._row(line, cells) for line, cells in below), self._limits.rows, self._file.name)

    def _row(self, line: int, cells: list[str] | str) -> TableRow | TableFault | None:
        return TableFault(line, cells, _HINT) if isinstance(cells, str) else row_or_fault(line, cells, self.columns)

    def _text(self) -> TextIO:
        return io.TextIOWrapper(self._file.open(), self._encoding, errors="surrogateescape", newline="")

    def _records(self) -> Iterator[tuple[int, list[str] | str]]:
        """Yield (line, cells), or (line, what is wrong); after a broken record reading goes on in its second line."""
        csv.field_size_limit(_MAX_RECORD)  # the module's own setting; the bound of a cell is checked where it is used
        with self._text() as text:
            if self._declared:
                text.readline()
            lines = _Lines(text, 1 if self._declared else 0)
            reader = csv.reader(lines, delimiter=self._separator, strict=True)
            while True:
                lines.begin()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except (csv.Error, _EndlessRecordError) as error:
                    yield lines.first, f"found a row that is no CSV ({error})"
                    lines.back_to_second()
                    reader = csv.reader(lines, delimiter=self._separator, strict=True)
                else:
                    yield lines.first, cells


class _EndlessRecordError(Exception):
    """A record that goes on and on."""


class _Lines:
    """The lines of a text, of which those of the present record can be read once more."""

    def __init__(self, text: TextIO, passed: int) -> None:
        self._text = text
        self._waiting: deque[str] = deque()
        self._record: list[str] = []
        self._size = 0
        self.first = passed + 1

    def begin(self) -> None:
        self.first += len(self._record)
        self._record, self._size = [], 0

    def back_to_second(self) -> None:
        self._waiting.extendleft(reversed(self._record[1:]))
        del self._record[1:]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else self._text.readline(_MAX_RECORD)
        if not line:
            raise StopIteration
        self._record.append(line)
        self._size += len(line)
        if self._size > _MAX_RECORD:
            raise _EndlessRecordError(f"more than {_MAX_RECORD} characters in one row")
        return line


def _is_empty(cells: list[str] | str) -> bool:
    return not isinstance(cells, str) and not any(cell.strip() for cell in cells)


def _most_frequent(head: str) -> str:
    outside = "".join(head.split('"')[::2])
    return max(_SEPARATORS, key=outside.count)
