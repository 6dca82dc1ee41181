"""Field maps: read, checked as a whole, suggested; and the records that they make of rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from corpus.importers.fates import ImportOptions, RowRefusedError
from corpus.importers.field_map import parse_map, read_map
from corpus.importers.limits import ImportFailedError
from corpus.importers.mapping import RowMapper
from corpus.importers.plain_yaml import read_yaml
from corpus.importers.suggestion import suggest_map
from corpus.importers.tables import TableRow
from corpus.models import Kind

OPTIONS = ImportOptions(timezone=ZoneInfo("Europe/Berlin"))


def record(kind: Kind, field_map: str, **cells: str) -> dict[str, Any]:
    return RowMapper(parse_map(kind, read_yaml(field_map)), OPTIONS).record(TableRow(2, cells))


def test_scalars_of_a_map_stay_the_texts_they_are(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("columns: {id: 0012, status: no}\nconstants: {language: no}\n", encoding="utf-8")

    assert read_map(tmp_path / "map.yaml") == {
        "columns": {"id": "0012", "status": "no"},
        "constants": {"language": "no"},
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a\n", "found a list"),
        ("a: [b\n", "line 2"),
        ("a: &x [1]\nb: *x\n", "alias"),
        ("[" * 5_000, "expected"),
        ("a: !!python/object/apply:os.system [id]\n", None),
    ],
)
def test_a_map_file_is_plain_yaml(tmp_path: Path, text: str, told: str | None) -> None:
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")

    if told is None:
        assert read_map(tmp_path / "map.yaml") == {"a": ["id"]}
        return
    with pytest.raises(ImportFailedError, match=told):
        read_map(tmp_path / "map.yaml")


def test_all_that_is_wrong_with_a_map_is_told_at_once() -> None:
    found = {
        "colums": {},
        "columns": {
            "betreff": "Betreff",
            "outcome.happy": "Froh",
            "channel": {"column": "Kanal", "value": {}},
            "messages": {"column": "Verlauf", "form": "labelled"},
            "product": ["a", 3],
        },
        "constants": {"sprache": "de"},
        "time_format": ["x"],
    }
    with pytest.raises(ImportFailedError) as refused:
        parse_map("cases", found)

    told = str(refused.value).splitlines()
    expected = ["colums", "columns.betreff", "columns.outcome.happy", "columns.channel.value", "columns.messages.roles",
                "columns.product", "constants.sprache", "time_format"]  # fmt: skip
    assert [line.strip().partition(": ")[0] for line in told[1:]] == expected


def test_a_column_that_is_not_there_is_told_with_those_that_are() -> None:
    field_map = parse_map("cases", {"columns": {"id": "Nummer", "subject": "Betreff"}})

    with pytest.raises(ImportFailedError, match=r"no column 'Nummer'.*the table has 'Nr', 'Betreff'"):
        field_map.check_columns(("Nr", "Betreff"), "f.csv")


def test_several_columns_make_one_text_with_or_without_headings() -> None:
    plain = record("articles", "columns: {body: [Frage, Antwort]}", Frage="Warum?", Antwort="Darum.")
    headed = record(
        "articles", "columns: {body: {columns: [Frage, Antwort__c], headings: true}}", Frage="", Antwort__c="So."
    )

    assert plain["body"] == "Warum?\n\nDarum."
    assert headed["body"] == "## Antwort\n\nSo."


def test_values_translate_each_part_of_a_cell() -> None:
    field_map = "columns: {channels: {column: K, split: ',', values: {E-Mail: email, Brief: letter}}}"

    assert record("templates", field_map, K="e-mail, Brief")["channels"] == ["email", "letter"]
    with pytest.raises(RowRefusedError, match="the values of the map do not name"):
        record("templates", field_map, K="Fax")


def test_attributes_and_outcomes_become_objects() -> None:
    found = record("cases", "columns: {customer.segment: S, outcome.solved: G}", S="privat", G="nein")

    assert found == {"customer": {"segment": "privat"}, "outcome": {"solved": False}}


def test_a_row_names_its_own_language_and_the_option_fills_in() -> None:
    mapper = RowMapper(parse_map("cases", {"columns": {"language": "L"}}), ImportOptions(language="de"))

    assert mapper.record(TableRow(2, {"L": "Englisch"}))["language"] == "en"
    assert mapper.record(TableRow(3, {"L": ""}))["language"] == "de"


def test_messages_as_json() -> None:
    field_map = "columns: {messages: {column: V, roles: {Kunde: customer}}}"
    text = '[{"role": "Kunde", "text": "Hallo", "at": "01.03.2026 08:00"}, {"role": "agent", "text": "Guten Tag"}]'

    assert record("cases", field_map, V=text)["messages"] == [
        {"role": "customer", "text": "Hallo", "at": "2026-03-01T07:00:00Z"},
        {"role": "agent", "text": "Guten Tag"},
    ]


@pytest.mark.parametrize(
    "text", ["Hallo Helmut", '{"role": "agent"}', '[{"role": "Helmut", "text": "x"}]', '[{"text": 1}]', "[" * 100_000]
)
def test_messages_that_cannot_be_read_are_refused_without_quoting_them(text: str) -> None:
    with pytest.raises(RowRefusedError) as refused:
        record("cases", "columns: {messages: V}", V=text)

    assert "Helmut" not in refused.value.reason + refused.value.hint


def test_messages_with_labels() -> None:
    field_map = "columns: {messages: {column: V, form: labelled, roles: {Kunde: customer, Kundenservice: agent}}}"

    assert record("cases", field_map, V="Kunde: eins\nzwei: drei\nKundenservice : vier\nKunde:")["messages"] == [
        {"role": "customer", "text": "eins\nzwei: drei"},
        {"role": "agent", "text": "vier"},
    ]


def test_a_suggested_map_is_one_that_can_be_used() -> None:
    columns = ("Fallnummer", "Betreff", "Beschreibung", "Erstellt am", "Sprache", "Kanal", "Notiz: intern")
    suggested = suggest_map("cases", columns)

    parsed = parse_map("cases", read_yaml(suggested))
    assert {field: each.names[0] for field, each in parsed.columns.items()} == {
        "id": "Fallnummer",
        "subject": "Betreff",
        "description": "Beschreibung",
        "language": "Sprache",
        "channel": "Kanal",
        "opened_at": "Erstellt am",
    }
    assert "# unused column: Notiz: intern" in suggested
    assert parse_map("templates", read_yaml(suggest_map("templates", ("x",)))).constants == {"language": "de"}
