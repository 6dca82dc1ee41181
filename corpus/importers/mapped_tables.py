"""Cases and templates out of CSV and XLSX files, by a field map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.importers.fates import (
    Fate,
    ImportOptions,
    Place,
    Quarantined,
    RowRefusedError,
    Skipped,
    Taken,
    fate_of_unusable,
)
from corpus.importers.field_map import FieldMap, parse_map
from corpus.importers.files import Source, SourceFile
from corpus.importers.html_parts import html_body
from corpus.importers.limits import ImportFailedError
from corpus.importers.mapping import RowMapper
from corpus.importers.open_table import is_table, open_table
from corpus.importers.suggestion import suggest_map
from corpus.importers.tables import TableFault, TableRow
from corpus.models import Kind


class MapNeededError(ImportFailedError):
    """No field map was given; ``suggestion`` is one to begin with, made of the columns found."""

    def __init__(self, message: str, suggestion: str) -> None:
        super().__init__(message)
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class MappedTables:
    """Every row of every table in the export is a record of the kind it brings."""

    brings: Kind

    def read(self, source: Source, options: ImportOptions) -> Iterator[Fate]:
        """Yield a fate for each row, and for each file that is no table."""
        field_map = self._field_map(source, options)
        for entry in source():
            if not isinstance(entry, SourceFile):
                yield fate_of_unusable(entry)
            elif is_table(entry):
                yield from self._rows(entry, field_map, options)
            else:
                yield Skipped(place=Place(file=entry.name), reason="no CSV or XLSX file")

    def _field_map(self, source: Source, options: ImportOptions) -> FieldMap:
        if options.map:
            return with_encoding(parse_map(self.brings, options.map), options)
        for entry in source():
            if isinstance(entry, SourceFile) and is_table(entry):
                settings = with_encoding(FieldMap(columns={}, constants={}), options).table
                columns = open_table(entry, settings, options.limits).columns
                message = f"{entry.name}: {self.brings} need a field map (--map FILE): which column is which field"
                raise MapNeededError(message, suggest_map(self.brings, columns))
        raise ImportFailedError(
            "found no CSV or XLSX file, expected one with the names of its columns in the first row"
        )

    def _rows(self, file: SourceFile, field_map: FieldMap, options: ImportOptions) -> Iterator[Fate]:
        table = open_table(file, field_map.table, options.limits)
        field_map.check_columns(table.columns, file.name)
        mapper = RowMapper(field_map, options)
        for row in table.rows():
            yield fate_of_row(row, file.name, mapper)


def with_encoding(field_map: FieldMap, options: ImportOptions) -> FieldMap:
    """Return the map with the encoding of the command line, if there is one."""
    return (
        replace(field_map, table=replace(field_map.table, encoding=options.encoding)) if options.encoding else field_map
    )


def fate_of_row(row: TableRow | TableFault, file: str, mapper: RowMapper) -> Fate:
    """Return what becomes of a row; HTML is cut down to what may be shown."""
    place = Place(file=file, line=row.line)
    if isinstance(row, TableFault):
        return Quarantined(place=place, reason=row.reason, hint=row.hint)
    try:
        record = mapper.record(row)
        if record.get("format") == "html" and "body" in record:
            record["body"] = html_body(record["body"])
    except RowRefusedError as error:
        return error.at(place, mapper.id_of(row))
    return Taken(place=place, record=record)
