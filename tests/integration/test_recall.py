"""Finding where a text stands, who was given an item, and how two snapshots differ."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from corpus.database import create_engine, writing
from corpus.store import Store
from corpus.tables import feedback_events
from index.settings import IndexSettings
from index.snapshot import current
from tests.conftest import WriteCorpus, small_corpus
from tests.integration.releasing import Commands, commands_here


@pytest.fixture
def commands(
    index_settings: IndexSettings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    return commands_here(index_settings, capsys, monkeypatch)


@pytest.fixture
def built(commands: Commands, write_corpus: WriteCorpus) -> Commands:
    rows = small_corpus()
    rows["articles"][0]["body"] = "Die Gebühr beträgt 39,99 Euro im Monat."
    rows["templates"][0]["body"] = "Sie zahlen 39.99 Euro."
    rows["actions"][0]["steps"] = ["Prüfen", {"text": "GEBÜHR  von\n39,99 abziehen"}]
    rows["cases"][0]["resolution"] = "Frau Sabine Müller (0171 2345678) hat 39,99 zurück bekommen"
    rows["cases"][1]["messages"] = [{"role": "customer", "text": "Ich habe 39,99 gezahlt"}]
    commands.build(write_corpus(rows))
    return commands


def found(commands: Commands, *arguments: str) -> list[dict[str, str]]:
    assert commands.run("where", *arguments, "--json") == 0
    return [json.loads(line) for line in commands.out.splitlines()]


def test_a_text_is_found_in_articles_templates_steps_and_resolutions(built: Commands) -> None:
    hits = found(built, "--text", "39,99")
    assert [(hit["kind"], hit["id"], hit["field"]) for hit in hits] == [
        ("articles", "rechnung-doppelt", "body"),
        ("actions", "gutschreiben", "steps/1"),
        ("cases", "c1", "resolution"),
    ]
    assert hits[0]["excerpt"] == "Die Gebühr beträgt 39,99 Euro im Monat."
    built.run("where", "--text", "39,99")
    assert "3 places in 3 records: 1 in articles, 1 in actions, 1 in cases" in built.out


def test_excerpts_of_cases_hold_no_personal_data(built: Commands) -> None:
    (hit,) = [hit for hit in found(built, "--text", "39,99") if hit["kind"] == "cases"]
    assert "39,99" in hit["excerpt"]
    assert "2345678" not in hit["excerpt"]
    assert "Müller" not in hit["excerpt"]
    (hit,) = found(built, "--text", "0171 2345678")
    assert "2345678" not in hit["excerpt"]


def test_case_spaces_and_unicode_forms_do_not_count_but_a_point_is_no_comma(built: Commands) -> None:
    assert [hit["id"] for hit in found(built, "--text", "gebu\u0308hr von 39,99")] == ["gutschreiben"]
    assert [hit["id"] for hit in found(built, "--text", "39.99")] == ["t-gutschrift"]
    assert len(found(built, "--text", "39.99", "--loose")) == 4


def test_what_is_not_live_is_not_found_and_that_is_said(built: Commands) -> None:
    with Store.open(built.settings.database) as store:
        store.remove("articles", "rechnung-doppelt")
    assert "articles" not in {hit["kind"] for hit in found(built, "--text", "39,99")}
    assert built.run("where", "--text", "gibt es nicht") == 0
    assert "found nowhere" in built.out


def note_event(settings: IndexSettings, key: str, event: str, case: str | None, at: datetime, item: str) -> None:
    row = {
        "key": key, "body_hash": "x", "received_at": at, "at": at, "event": event, "kind": "articles", "item_id": item,
        "snapshot": "0" * 16, "rank": 1, "score": 1.0, "confidence": 0.5, "case_id": case,
    }  # fmt: skip
    with writing(create_engine(settings.database)) as connection:
        connection.execute(feedback_events.insert().values(row))


def test_affected_cases_are_those_that_were_given_or_used_an_item_since_a_day(built: Commands) -> None:
    day = datetime(2026, 11, 2, 9, tzinfo=UTC)
    note_event(built.settings, "k1", "shown", "neu-1", day, "stoerung")
    note_event(built.settings, "k2", "sent", "neu-1", day.replace(hour=10), "stoerung")
    note_event(built.settings, "k3", "shown", None, day.replace(month=1), "stoerung")
    note_event(built.settings, "k4", "shown", "neu-2", day, "kuendigung")

    assert built.run("affected", "--item", "articles/stoerung", "--since", "2026-03-05", "--json") == 0
    told = [json.loads(line) for line in built.out.splitlines()]
    assert told == [
        {"case": "c5", "at": "2026-03-05T09:00:00Z", "how": "used"},
        {"case": "neu-1", "at": "2026-11-02T09:00:00Z", "how": "shown"},
        {"case": "neu-1", "at": "2026-11-02T10:00:00Z", "how": "sent"},
    ]
    built.run("affected", "--item", "articles/stoerung")
    assert "(case not told)" in built.out
    assert "3 cases (1 sent, 2 shown, 2 used)" in built.out


def test_an_item_that_nobody_was_given_is_said_to_be_so(built: Commands) -> None:
    assert built.run("affected", "--item", "templates/t-fort") == 0
    assert "no case was shown or sent it" in built.out


@pytest.mark.parametrize("wrong", [("--item", "stoerung"), ("--item", "cases/c1"), ("--item", "articles/")])
def test_an_item_is_named_by_kind_and_id(built: Commands, wrong: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        built.run("affected", *wrong)
    assert ended.value.code == 2


def test_two_snapshots_are_compared_record_by_record(built: Commands, write_corpus: WriteCorpus) -> None:
    first = current(built.settings.var)
    rows = small_corpus()
    rows["articles"] = rows["articles"][1:]
    rows["templates"][0]["name"] = "Anders"
    built.build(write_corpus(rows))
    told = built.json("diff")
    assert (told["from"], told["to"]) == (first, current(built.settings.var))
    assert told["changes"]["articles"] == {"new": [], "changed": [], "removed": ["rechnung-doppelt"]}
    assert told["changes"]["templates"]["changed"] == ["t-gutschrift"]
    back = built.json("diff", "--from", told["to"], "--to", told["from"])
    assert back["changes"]["articles"]["new"] == ["rechnung-doppelt"]
    built.run("diff", "--from", told["to"], "--to", told["to"])
    assert "hold the same records" in built.out


def test_an_unknown_snapshot_or_none_to_compare_with_is_an_error(built: Commands) -> None:
    assert built.run("diff") == 1
    assert "make snapshots" in built.err
    assert built.run("diff", "--from", "0" * 16, "--to", current(built.settings.var) or "") == 1
    assert "0" * 16 in built.err


def test_snapshots_are_listed_with_what_they_hold_and_which_one_serves(built: Commands) -> None:
    built.run("snapshots")
    (line,) = [line for line in built.out.splitlines() if (current(built.settings.var) or "?") in line]
    assert line.split()[3:7] == ["5", "3", "4", "6"]
    assert line.split()[-1] == "serves"
