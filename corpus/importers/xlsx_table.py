"""XLSX files: values only. Formulas are never computed, entities never expanded, links never followed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl import xml

from corpus.importers.archives import BROKEN
from corpus.importers.bounded import Budget
from corpus.importers.files import SourceFile
from corpus.importers.limits import ImportFailedError, ImportLimits
from corpus.importers.tables import TableFault, TableRow, limited, name_columns, row_or_fault

_COMPUTED = frozenset({"f", "e"})


class XlsxTable:
    """One sheet of a workbook, the first one unless ``sheet`` names another.

    ``columns`` are the names of the columns, all different.
    """

    def __init__(self, file: SourceFile, limits: ImportLimits, *, sheet: str | None = None) -> None:
        if not xml.DEFUSEDXML:
            raise ImportFailedError(
                "the package defusedxml is missing or switched off, expected it for XLSX: make setup"
            )
        self._file, self._limits, self._sheet = file, limits, sheet
        _check_size(file, limits)
        line, head = next(((line, cells) for line, cells in self._records() if any(_texts(cells))), (0, ()))
        if not head:
            raise ImportFailedError(
                f"{file.name}: found an empty sheet, expected the names of the columns in its first row"
            )
        self._head_line = line
        names = _texts(head)
        while names and not names[-1].strip():  # columns that were only formatted
            names.pop()
        self.columns = name_columns(names, limits.columns, file.name)

    def rows(self) -> Iterator[TableRow | TableFault]:
        """Yield the rows below the head that are not empty."""
        below = ((line, cells) for line, cells in self._records() if line > self._head_line)
        return limited((self._row(line, cells) for line, cells in below), self._limits.rows, self._file.name)

    def _row(self, line: int, cells: Sequence[Any]) -> TableRow | TableFault | None:
        texts = _texts(cells)
        texts += [""] * (len(self.columns) - len(texts))
        row = row_or_fault(line, texts, self.columns)
        return None if row is None else _with_computed(row, cells, self.columns)

    def _records(self) -> Iterator[tuple[int, Sequence[Any]]]:
        with _opened(self._file) as workbook:
            sheet = self._worksheet(workbook)
            rows = sheet.iter_rows(max_col=self._limits.columns + 1)
            for line in count(1):
                try:
                    cells = next(rows, None)
                except Exception as error:  # a damaged sheet may raise anything, and what follows is lost
                    raise _damaged(self._file, error) from None
                if cells is None:
                    return
                yield line, cells

    def _worksheet(self, workbook: Any) -> Any:
        sheets = {sheet.title: sheet for sheet in workbook.worksheets}
        if self._sheet is None and sheets:
            return next(iter(sheets.values()))
        if self._sheet not in sheets:
            found = ", ".join(map(repr, sheets)) or "none"
            expected = f"expected {self._sheet!r}: correct sheet in the map" if self._sheet else "expected at least one"
            raise ImportFailedError(f"{self._file.name}: found the sheets {found}, {expected}")
        return sheets[self._sheet]


def _check_size(file: SourceFile, limits: ImportLimits) -> None:
    """Unpack everything once and keep nothing, so that a bomb goes off before a parser has it."""
    if file.size > limits.file:
        raise ImportFailedError(f"{file.name}: found {file.size} bytes, expected at most {limits.file}: split it")
    budget = Budget(Path(file.name), limits.budget(file.size))
    try:
        with file.open() as stream, zipfile.ZipFile(stream) as archive:
            for info in archive.infolist():
                with archive.open(info) as part:
                    while piece := part.read(1 << 20):
                        budget.spend(len(piece))
    except BROKEN as error:
        found = f"{file.name}: found no readable XLSX workbook ({error})"
        raise ImportFailedError(f"{found}, expected one without password: save it as .xlsx or CSV") from None


@contextmanager
def _opened(file: SourceFile) -> Iterator[Any]:
    with file.open() as stream:
        try:
            workbook = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        except Exception as error:  # see above
            raise _damaged(file, error) from None
        try:
            yield workbook
        finally:
            workbook.close()


def _damaged(file: SourceFile, error: BaseException) -> ImportFailedError:
    while error.__cause__ or error.__context__:  # openpyxl wraps what its parser refused
        error = error.__cause__ or error.__context__ or error
    found = f"{file.name}: found a workbook that cannot be read ({type(error).__name__})"
    return ImportFailedError(f"{found}, expected XLSX: open it in a spreadsheet program and save it anew, or as CSV")


def _texts(cells: Sequence[Any]) -> list[str]:
    return [_text(cell.value) for cell in cells]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _with_computed(row: TableRow | TableFault, cells: Sequence[Any], columns: tuple[str, ...]) -> TableRow | TableFault:
    names = {name for name, cell in zip(columns, cells, strict=False) if getattr(cell, "data_type", "n") in _COMPUTED}
    return TableRow(row.line, row.cells, frozenset(names)) if names and isinstance(row, TableRow) else row
