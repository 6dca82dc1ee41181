"""The tables of an export: which files are tables, and how they are opened."""

from __future__ import annotations

from corpus.importers.csv_table import CsvTable
from corpus.importers.field_map import TableSettings
from corpus.importers.files import SourceFile
from corpus.importers.limits import ImportLimits
from corpus.importers.tables import Table
from corpus.importers.xlsx_table import XlsxTable

CSV_ENDINGS = (".csv", ".tsv")
XLSX_ENDINGS = (".xlsx", ".xlsm")


def is_table(file: SourceFile) -> bool:
    """Whether a file is taken for a table, by its ending."""
    return file.suffix in CSV_ENDINGS + XLSX_ENDINGS


def open_table(file: SourceFile, settings: TableSettings, limits: ImportLimits) -> Table:
    """Open a CSV or XLSX file, raising ImportFailedError when it is none."""
    if file.suffix in XLSX_ENDINGS:
        return XlsxTable(file, limits, sheet=settings.sheet)
    return CsvTable(file, limits, encoding=settings.encoding, separator=settings.separator)
