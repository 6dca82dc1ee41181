"""From a row of a table to a record, by a field map."""

from __future__ import annotations

from typing import Any

from corpus.importers.fates import ImportOptions, RowRefusedError
from corpus.importers.field_map import Columns, FieldMap
from corpus.importers.html_parts import has_text
from corpus.importers.html_parts import section as html_section
from corpus.importers.ids import shown_id
from corpus.importers.messages import read_messages
from corpus.importers.shapes import shape
from corpus.importers.tables import TableRow
from corpus.importers.texts import filled
from corpus.importers.values import ID_LISTS, LABEL_LISTS, TEXTS, convert


class RowMapper:
    """Applies one field map to the rows of one table."""

    def __init__(self, field_map: FieldMap, options: ImportOptions) -> None:
        self._map, self._options = field_map, options

    def record(self, row: TableRow) -> dict[str, Any]:
        """Return the record of a row, raising RowRefusedError that names field and column."""
        record: dict[str, Any] = {name: self._constant(name, text) for name, text in self._map.constants.items()}
        for field, columns in self._map.columns.items():
            value = self._value(field, columns, row)
            if value is not None:
                record[field] = value
        if self._options.language:
            record.setdefault("language", self._options.language)
        return filled(_nested(record))

    def id_of(self, row: TableRow) -> str:
        """Return the id of a row that cannot be taken, as far as it has one that tells nothing but itself."""
        columns = self._map.columns.get("id")
        return shown_id(row.cells.get(columns.names[0], "")) if columns else ""

    def _constant(self, field: str, value: Any) -> Any:
        text = ";".join(map(str, value)) if isinstance(value, list) else str(value)
        return self._convert(field, text, ";")

    def _value(self, field: str, columns: Columns, row: TableRow) -> Any:
        cells = {name: row.cell(name, self._options.limits.cell) for name in columns.names}
        given = {name: text for name, text in cells.items() if text.strip()}
        if not given:
            return None
        try:
            if field == "messages":
                return read_messages(next(iter(given.values())), columns, self._options.timezone, self._map.time_format)
            if field in TEXTS and columns.values is None:
                return self._joined(given, columns)
            return self._converted(field, given, columns)
        except RowRefusedError as error:
            raise RowRefusedError(
                f"{field}, column {', '.join(map(repr, given))}: {error.reason}", error.hint
            ) from None

    def _converted(self, field: str, given: dict[str, str], columns: Columns) -> Any:
        translated = [_translated(text, columns) for text in given.values()]
        if field not in ID_LISTS | LABEL_LISTS:
            return self._convert(field, translated[0], columns.split)
        lists = [self._convert(field, text, columns.split) for text in translated]
        return list(dict.fromkeys(each for values in lists for each in values))

    def _convert(self, field: str, text: str, split: str) -> Any:
        return convert(field, text, split=split, zone=self._options.timezone, form=self._map.time_format)

    def _joined(self, given: dict[str, str], columns: Columns) -> str:
        if not columns.headings:
            return "\n\n".join(given.values())
        if self._map.constants.get("format") == "html":
            parts = {name: text for name, text in given.items() if has_text(text)}
            return "\n".join(html_section(heading_of(name), text) for name, text in parts.items())
        return "\n\n".join(f"## {heading_of(name)}\n\n{text}" for name, text in given.items())


def heading_of(column: str) -> str:
    """Return the name of a column as a heading.

    >>> heading_of("Naechste_Schritte__c")
    'Naechste Schritte'
    """
    return " ".join(column.removesuffix("__c").replace("_", " ").split())


def _translated(text: str, columns: Columns) -> str:
    """Return the cell, each part of it translated by the map's values if it has any."""
    if columns.values is None:
        return text
    values = {found.strip().lower(): meant for found, meant in columns.values.items()}
    meant = []
    for part in filter(None, (part.strip() for part in text.split(columns.split))):
        if part.lower() not in values:
            raise RowRefusedError(f"found {shape(part)}, which the values of the map do not name", "add it to the map")
        meant.append(values[part.lower()])
    return columns.split.join(meant)


def _nested(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with ``outcome.solved`` as a field of the object ``outcome``."""
    nested: dict[str, Any] = {}
    for name, value in record.items():
        parent, dot, rest = name.partition(".")
        if dot:
            nested.setdefault(parent, {})[rest] = value
        else:
            nested[name] = value
    return nested
