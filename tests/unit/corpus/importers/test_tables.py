"""CSV and XLSX files as they come out of real programs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from corpus.importers.csv_table import CsvTable
from corpus.importers.fates import RowRefusedError
from corpus.importers.files import SourceFile
from corpus.importers.limits import ImportFailedError, ImportLimits
from corpus.importers.tables import Table, TableFault, TableRow
from corpus.importers.xlsx_table import XlsxTable

LIMITS = ImportLimits()


def file_of(data: bytes, name: str = "export.csv") -> SourceFile:
    return SourceFile(name, len(data), lambda: io.BytesIO(data))


def csv_of(text: str, encoding: str = "utf-8") -> CsvTable:
    return CsvTable(file_of(text.encode(encoding)), LIMITS)


def workbook_of(*rows: Sequence[Any], sheet: str = "Fälle") -> SourceFile:
    workbook = openpyxl.Workbook()
    workbook.active.title = sheet
    for row in rows:
        workbook.active.append(list(row))
    stream = io.BytesIO()
    workbook.save(stream)
    return file_of(stream.getvalue(), "export.xlsx")


def cells(table: Table) -> list[list[str]]:
    return [list(row.cells.values()) for row in table.rows() if isinstance(row, TableRow)]


def faults(table: Table) -> list[int]:
    return [row.line for row in table.rows() if isinstance(row, TableFault)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_of_a_german_export_is_found_out(encoding: str) -> None:
    table = csv_of("Größe;Preis\nüberprüft;5 €\n", encoding)

    assert table.columns == ("Größe", "Preis")
    assert cells(table) == [["überprüft", "5 €"]]


def test_a_few_wrong_bytes_do_not_turn_a_utf8_file_into_another_encoding() -> None:
    good = "Zähler;größer;schön;für;Tür;süß;Öl;Änderung;Übung;Straße\n" * 3
    table = CsvTable(file_of(good.encode() + "a;b;c;d;e;f;g;h;i;M\xfcll\n".encode("latin-1")), LIMITS)

    *whole, broken = (row for row in table.rows() if isinstance(row, TableRow))
    assert whole[0].cell("Zähler", 100) == "Zähler"
    assert broken.cell("Zähler", 100) == "a"
    with pytest.raises(RowRefusedError, match="bytes in the column 'Straße'"):
        broken.cell("Straße", 100)


def test_a_named_encoding_is_used_and_an_unknown_one_is_told() -> None:
    assert CsvTable(file_of(b"K\x81rzel;b\n"), LIMITS, encoding="cp850").columns == ("Kürzel", "b")
    with pytest.raises(ImportFailedError, match="expected one such as utf-8"):
        CsvTable(file_of(b"a;b\n"), LIMITS, encoding="klingon")
    with pytest.raises(ImportFailedError, match="expected one such as utf-8"):
        CsvTable(file_of(b"a;b\n"), LIMITS, encoding="zip")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found_out(separator: str) -> None:
    table = csv_of(f'"a, b; c"{separator}zwei\n1{separator}2\n')

    assert table.columns == ("a, b; c", "zwei")
    assert cells(table) == [["1", "2"]]


def test_a_line_that_names_the_separator_is_no_head() -> None:
    table = csv_of("sep=|\na|b\n1|2\n")

    assert table.columns == ("a", "b")
    assert [row.line for row in table.rows()] == [3]


def test_cells_may_hold_lines_quotes_and_separators_and_lines_are_counted_in_the_file() -> None:
    table = csv_of('id;text\n1;"eine Zeile\nnoch ""eine""; Zeile"\n\n2;kurz\n')

    assert cells(table) == [["1", 'eine Zeile\nnoch "eine"; Zeile'], ["2", "kurz"]]
    assert [row.line for row in table.rows()] == [2, 5]


def test_a_broken_row_costs_itself_and_none_below_it() -> None:
    table = csv_of('id;text\n1;gut\n2;"sagte "ja" dazu"\n3;"nie geschlossen\n4;gut\n5;zu;viele\n6\n7;gut\n')

    assert cells(table) == [["1", "gut"], ["4", "gut"], ["7", "gut"]]
    assert faults(table) == [3, 4, 6, 7]


def test_a_quote_that_swallows_the_next_quoted_row_costs_only_its_own() -> None:
    table = csv_of('id;text\n1;"offen\n2;"zu"\n3;"auch zu"\n')

    assert faults(table) == [2]
    assert cells(table) == [["2", "zu"], ["3", "auch zu"]]


def test_columns_of_the_same_name_can_be_told_apart() -> None:
    assert csv_of("Name;Name;;Name\n1;2;3;4\n").columns == ("Name", "Name (2)", "(column 3)", "Name (3)")


@pytest.mark.parametrize("text", ["", "\n\n", '"nie geschlossen;b\n'])
def test_a_file_without_a_head_is_refused(text: str) -> None:
    with pytest.raises(ImportFailedError, match="expected the names of the columns"):
        csv_of(text)


def test_too_many_rows_or_columns_are_refused() -> None:
    few = ImportLimits(rows=2, columns=2)
    with pytest.raises(ImportFailedError, match="more than 2 rows"):
        list(CsvTable(file_of(b"a;b\n1;1\n2;2\n3;3\n"), few).rows())
    with pytest.raises(ImportFailedError, match="3 columns"):
        CsvTable(file_of(b"a;b;c\n"), few)
    with pytest.raises(ImportFailedError, match="3 columns"):
        XlsxTable(workbook_of(["a", "b", "c"]), few)


def test_values_of_a_workbook_become_the_texts_that_people_see() -> None:
    table = XlsxTable(
        workbook_of(
            ["Nr", "Wann", "Ja", "Zahl", "Text"],
            [4711.0, datetime(2026, 3, 1, 8, 15), True, 12.5, "größer"],
            [None, None, None, None, None],
            [4712, None, None, None, "  "],
        ),
        LIMITS,
    )

    assert cells(table) == [["4711", "2026-03-01T08:15:00", "true", "12.5", "größer"], ["4712", "", "", "", "  "]]
    assert [row.line for row in table.rows()] == [2, 4]


def test_a_sheet_is_chosen_by_name() -> None:
    file = workbook_of(["a"], ["1"])

    assert XlsxTable(file, LIMITS, sheet="Fälle").columns == ("a",)
    with pytest.raises(ImportFailedError, match=r"found the sheets 'Fälle', expected 'Cases'"):
        XlsxTable(file, LIMITS, sheet="Cases")


@pytest.mark.parametrize("data", [b"", b"no workbook", b"PK\x03\x04 cut off"])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(ImportFailedError, match=r"no readable XLSX workbook"):
        XlsxTable(file_of(data, "export.xlsx"), LIMITS)


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(ImportFailedError, match="an empty sheet"):
        XlsxTable(workbook_of(), LIMITS)


def test_a_csv_file_is_read_again_as_often_as_asked(tmp_path: Path) -> None:
    table = csv_of("a\n1\n2\n")

    assert cells(table) == cells(table) == [["1"], ["2"]]
