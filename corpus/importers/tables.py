"""Rows of CSV and XLSX files under the names of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from corpus.importers.decoding import is_broken
from corpus.importers.fates import RowRefusedError
from corpus.importers.limits import ImportFailedError

NOT_TEXT = "a formula or an error instead of a value"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its line (or row number) from 1, and its cells by column; ``computed`` names cells that are formulas."""

    line: int
    cells: Mapping[str, str]
    computed: frozenset[str] = field(default_factory=frozenset)

    def cell(self, column: str, limit: int) -> str:
        """Return a cell, raising RowRefusedError when it is no text, is broken or longer than ``limit``."""
        if column in self.computed:
            hint = "copy the column and paste it as values"
            raise RowRefusedError(f"found {NOT_TEXT} in the column {column!r}, expected a value", hint)
        text = self.cells.get(column, "")
        if len(text) > limit:
            found = f"found {len(text)} characters in the column {column!r}, expected at most {limit}"
            raise RowRefusedError(found, "shorten the cell; in a CSV file look for a quote that is never closed")
        if is_broken(text):
            found = f"found bytes in the column {column!r} that the encoding of the file does not know"
            raise RowRefusedError(found, "save the file as UTF-8, or name its encoding: --encoding cp1252")
        return text


@dataclass(frozen=True, slots=True)
class TableFault:
    """A row that is no row of the table."""

    line: int
    reason: str
    hint: str


class Table(Protocol):
    """An open table: its columns, and its rows as often as they are asked for."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, all different."""

    def rows(self) -> Iterator[TableRow | TableFault]:
        """Yield the rows below the head that are not empty."""


def name_columns(head: Sequence[str], limit: int, file: str) -> tuple[str, ...]:
    """Return names for the cells of the head: the second ``Name`` is ``Name (2)``, an empty one ``(column 3)``."""
    if len(head) > limit:
        raise ImportFailedError(f"{file}: found {len(head)} columns, expected at most {limit}: remove those not needed")
    names: list[str] = []
    for position, cell in enumerate(head, start=1):
        name = " ".join(cell.split()) or f"(column {position})"
        same = sum(each == name or each.startswith(f"{name} (") for each in names)
        names.append(f"{name} ({same + 1})" if name in names else name)
    return tuple(names)


def row_or_fault(line: int, cells: Sequence[str], columns: tuple[str, ...]) -> TableRow | TableFault | None:
    """Return the row of as many cells as there are columns; None when all are empty."""
    if not any(cell.strip() for cell in cells):
        return None
    extra = [cell for cell in cells[len(columns) :] if cell.strip()]
    if len(cells) < len(columns) or extra:
        reason = f"found {len(cells)} cells, expected {len(columns)} as in the head of the table"
        return TableFault(line, reason, "look for a separator, a quote or a line break that is not within quotes")
    return TableRow(line, dict(zip(columns, cells, strict=False)))


def limited(rows: Iterable[TableRow | TableFault | None], limit: int, file: str) -> Iterator[TableRow | TableFault]:
    """Yield the rows that there are, raising ImportFailedError when there are too many."""
    for count, row in enumerate((row for row in rows if row is not None), start=1):
        if count > limit:
            raise ImportFailedError(f"{file}: found more than {limit} rows, expected at most that: split the file")
        yield row
