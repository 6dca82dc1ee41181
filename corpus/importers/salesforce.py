"""Articles out of the CSV export of Salesforce Knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
from corpus.importers.files import Source, SourceFile
from corpus.importers.html_parts import html_body
from corpus.importers.ids import legal_id
from corpus.importers.limits import ImportFailedError
from corpus.importers.mapping import RowMapper
from corpus.importers.open_table import is_table, open_table
from corpus.importers.salesforce_categories import Categories, has_categories
from corpus.importers.salesforce_columns import KEY, ArticleFacts, SalesforceMap, facts_of, parse_salesforce_map
from corpus.importers.tables import Table, TableFault, TableRow
from corpus.importers.versions import NewestVersions
from corpus.models import Kind

_STATES = {"draft": "a draft", "archived": "archived"}


@dataclass(frozen=True, slots=True)
class SalesforceKnowledge:
    """Of every article and language the newest version that is online is an article."""

    brings: Kind = "articles"

    def read(self, source: Source, options: ImportOptions) -> Iterator[Fate]:
        """Yield a fate for each version of each article, for other files, and for broken rows of data categories."""
        export = _Export(source, options)
        yield from export.survey()
        if not export.has_articles:
            raise ImportFailedError(
                f"found no CSV or XLSX file with a column {KEY}, expected the export of Knowledge articles"
            )
        yield from export.fates()


class _Export:
    """Reads the tables twice: which versions there are, then the newest ones."""

    def __init__(self, source: Source, options: ImportOptions) -> None:
        self._source, self._options = source, options
        self._newest = NewestVersions()
        self._masters: set[str] = set()
        self._categories = Categories()
        self.has_articles = False

    def survey(self) -> Iterator[Fate]:
        """Note versions and data categories; yield what is wrong with the latter."""
        position = 0
        for file, table in self._tables():
            if has_categories(table.columns):
                yield from self._categories.learn(file.name, table, self._options.limits.cell)
            elif KEY in table.columns:
                self.has_articles = True
                field_map = parse_salesforce_map(self._options, table.columns, file.name)
                for row in table.rows():
                    position += 1
                    self._note(row, position, field_map)

    def fates(self) -> Iterator[Fate]:
        """Yield a fate for each row of each table of articles, and for each file that is none."""
        position = 0
        for entry in self._source():
            if not isinstance(entry, SourceFile):
                yield fate_of_unusable(entry)
                continue
            table = self._open(entry) if is_table(entry) else None
            if table is None or (KEY not in table.columns and not has_categories(table.columns)):
                yield Skipped(place=Place(file=entry.name), reason="no table of articles or data categories")
            elif KEY in table.columns:
                field_map = parse_salesforce_map(self._options, table.columns, entry.name)
                mapper = RowMapper(field_map.fields, self._options)
                for row in table.rows():
                    position += 1
                    yield self._fate(row, Place(file=entry.name, line=row.line), position, field_map, mapper)

    def _tables(self) -> Iterator[tuple[SourceFile, Table]]:
        for entry in self._source():
            if isinstance(entry, SourceFile) and is_table(entry):
                yield entry, self._open(entry)

    def _open(self, file: SourceFile) -> Table:
        return open_table(file, SalesforceMap.table_settings(self._options), self._options.limits)

    def _note(self, row: TableRow | TableFault, position: int, field_map: SalesforceMap) -> None:
        if isinstance(row, TableFault):
            return
        try:
            facts = facts_of(row, field_map, self._options)
        except RowRefusedError:
            return  # it is told when the rows are read for their content
        if facts.is_online:
            self._newest.note(facts.key, facts.version, position)
            if facts.is_master:
                self._masters.add(facts.article)

    def _fate(
        self, row: TableRow | TableFault, place: Place, position: int, field_map: SalesforceMap, mapper: RowMapper
    ) -> Fate:
        if isinstance(row, TableFault):
            return Quarantined(place=place, reason=row.reason, hint=row.hint)
        try:
            facts = facts_of(row, field_map, self._options)
            if not facts.is_online:
                return Skipped(place=place, reason=_STATES.get(facts.status, "not online"))
            if self._newest.ties(facts.key, facts.version, position):
                reason = "found the same version of the same article and language twice, expected it once"
                return Quarantined(place=place, reason=reason, hint="remove one of the two", id=legal_id(facts.article))
            if not self._newest.is_newest(facts.key, position):
                return Skipped(place=place, reason="an older version")
            return self._taken(row, place, facts, mapper)
        except RowRefusedError as error:
            return error.at(place, legal_id(row.cells.get(KEY, "")[:200]))

    def _taken(self, row: TableRow, place: Place, facts: ArticleFacts, mapper: RowMapper) -> Taken:
        record = mapper.record(row)
        if record.get("format") == "html":
            record["body"] = html_body(record.get("body", ""))
        record["id"] = facts.id
        record["language"] = facts.language
        if facts.audience and "audience" not in record:
            record["audience"] = [facts.audience]
        if not facts.is_master and facts.article in self._masters:
            record["translation_of"] = legal_id(facts.article)
        for field, names in self._categories.of(facts.version_id).items():
            record[field] = list(dict.fromkeys([*record.get(field, []), *names]))
        return Taken(place=place, record=record)
