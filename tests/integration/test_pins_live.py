"""Pins as records: imported, checked, undone and audited like others, changed live, replayed over any snapshot."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assist.models import SuggestRequest
from assist.opening import current_suggester
from assist.settings import Settings
from corpus.models import Case
from corpus.store import Store
from index.erased_snapshots import Gone, holding
from index.settings import IndexSettings
from index.snapshot import current, rollback
from index.snapshot_verify import read_manifest
from tests.conftest import Build, WriteCorpus, edition, small_corpus
from tests.integration.releasing import Commands, commands_here
from tests.integration.test_live_change import Worker, wait
from tests.lookouts import looked_after

DOUBLE = Case(id="", description="Die Rechnung wurde doppelt abgebucht, bitte Geld zurück", language="de")
PIN = {
    "kind": "articles",
    "item": "stoerung",
    "effect": "pin",
    "reason": "Regionale Störung",
    "valid_until": "2999-01-01T00:00:00Z",
}


def pinned(number: int, **more: Any) -> dict[str, list[dict[str, Any]]]:
    """The small corpus with so many pins, each about another id."""
    return small_corpus() | {"pins": [{"id": f"p{each}", **PIN, **more} for each in range(number)]}


@pytest.fixture
def commands(
    index_settings: IndexSettings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    return commands_here(index_settings, capsys, monkeypatch)


@pytest.fixture
def worker(build_index: Build, write_corpus: WriteCorpus, index_settings: IndexSettings) -> Worker:
    build_index(write_corpus(small_corpus()))
    return Worker(index_settings)


def first_article(settings: IndexSettings) -> str:
    answer = current_suggester(Settings(index=settings)).suggest(SuggestRequest(case=DOUBLE, min_confidence=0.0))
    return next(each.id for each in answer.articles or ())


def test_a_pin_that_is_written_live_is_served_by_every_worker_until_it_is_removed(
    worker: Worker, index_settings: IndexSettings
) -> None:
    other = Worker(index_settings)
    assert worker.suggested(DOUBLE)[0] == "rechnung-doppelt"
    written = worker.client.put("/v1/pins/p1", json=PIN)
    assert written.status_code == 201
    for each in (worker, other):
        each.catch_up()
        assert each.suggested(DOUBLE)[0] == "stoerung"
        read = each.client.get("/v1/pins/p1")
        assert (read.get_json(), read.headers["ETag"]) == (written.get_json(), written.headers["ETag"])
    assert worker.client.delete("/v1/pins/p1", headers={"If-Match": written.headers["ETag"]}).status_code == 204
    for each in (worker, other):
        each.catch_up()
        assert each.suggested(DOUBLE)[0] == "rechnung-doppelt"
        assert each.client.get("/v1/pins/p1").status_code == 404
    assert worker.client.delete("/v1/pins/p1").status_code == 404


def test_a_running_service_serves_a_pin_within_five_seconds(worker: Worker) -> None:
    with looked_after(worker.runtime.live.look):
        worker.client.put("/v1/pins/p1", json={**PIN, "item": "rechnung-doppelt", "effect": "forbid"})
        wait(lambda: "rechnung-doppelt" not in worker.suggested(DOUBLE))
        worker.client.delete("/v1/pins/p1")
        wait(lambda: "rechnung-doppelt" in worker.suggested(DOUBLE))


def test_a_pin_may_speak_of_an_item_that_comes_later(worker: Worker) -> None:
    assert worker.client.put("/v1/pins/p1", json={**PIN, "item": "neu"}).status_code == 201
    worker.catch_up()
    assert worker.suggested(DOUBLE)[0] == "rechnung-doppelt"
    worker.client.put("/v1/articles/neu", json={"title": "Neu", "body": "Etwas anderes.", "language": "de"})
    worker.catch_up()
    assert worker.suggested(DOUBLE)[0] == "neu"


def test_a_live_pin_survives_a_restart_a_rollback_and_an_import_without_it(
    worker: Worker, index_settings: IndexSettings, build_index: Build, write_corpus: WriteCorpus
) -> None:
    worker.client.put("/v1/pins/p1", json=PIN)
    assert first_article(index_settings) == "stoerung"
    build_index(write_corpus(edition(1)))
    assert first_article(index_settings) == "stoerung"
    rollback(index_settings.var)
    assert first_article(index_settings) == "stoerung"


def test_a_withdrawn_pin_never_comes_back_with_an_older_snapshot(
    build_index: Build, write_corpus: WriteCorpus, index_settings: IndexSettings
) -> None:
    build_index(write_corpus(pinned(1)))
    assert first_article(index_settings) == "stoerung"
    build_index(write_corpus(edition(1) | {"pins": pinned(1)["pins"]}))
    with Store.open(index_settings.database) as store:
        store.bury("pins", "p0", "withdrawn", by="somebody")
    assert first_article(index_settings) == "rechnung-doppelt"
    rollback(index_settings.var)
    assert first_article(index_settings) == "rechnung-doppelt"
    assert Worker(index_settings).client.put("/v1/pins/p0", json=PIN).status_code == 409


def test_an_import_brings_pins_and_an_undo_takes_them_back(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(small_corpus()))
    commands.build(write_corpus(pinned(2)))
    assert set(commands.live("pins")) == {"p0", "p1"}
    assert first_article(commands.settings) == "stoerung"
    changes = commands.json("diff")["changes"]
    assert changes["pins"] == {"new": ["p0", "p1"], "changed": [], "removed": []}
    assert commands.run("snapshots") == 0
    assert "pins" in commands.out
    assert commands.run("undo", "--import", "2") == 0
    assert commands.live("pins") == {}
    assert first_article(commands.settings) == "rechnung-doppelt"


def test_a_live_edit_of_a_pin_wins_over_a_later_import_and_is_reported(
    worker: Worker, commands: Commands, write_corpus: WriteCorpus
) -> None:
    worker.client.put("/v1/pins/p0", json={**PIN, "status": "archived"})
    commands.build(write_corpus(pinned(1)))
    assert commands.live("pins")["p0"]["status"] == "archived"
    with Store.open(commands.settings.database) as store:
        assert [(each.kind, each.record_id) for each in store.conflicts()] == [("pins", "p0")]
        assert [(each.action, each.by) for each in store.audit(key=("pins", "p0"))] == [("put", "local")]


def test_the_shrink_guard_counts_pins_by_themselves(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(pinned(6)))
    assert commands.build(write_corpus(small_corpus())) == 3
    assert "6 of 6 pins (100%: p0, p1, p2, p3, p4, …)" in commands.err
    assert commands.build(write_corpus(pinned(2))) == 0  # four may always go
    assert commands.build(write_corpus(small_corpus())) == 0


def test_check_corpus_tells_of_pins_what_deserves_a_look(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(small_corpus()))
    rows = pinned(1)
    endless = {key: value for key, value in PIN.items() if key != "valid_until"}
    rows["pins"] += [
        {"id": "endless", **endless, "item": "esim"},
        {"id": "over", **PIN, "item": "esim", "valid_until": "2020-01-01T00:00:00Z"},
        {"id": "later", **PIN, "item": "esim", "valid_from": "2998-01-01T00:00:00Z"},
        {"id": "against", **PIN, "effect": "forbid"},
        {"id": "broken", **PIN, "item": "never-was", "reason": "Rückfragen an 030 23125377"},
    ]
    folder = write_corpus(rows)
    told = commands.json("check", "--corpus", str(folder))
    assert told["diff"]["pins"]["new"] == 6
    assert told["pins_without_end"] == ["endless"]
    assert told["pinned_and_forbidden"] == ["articles/stoerung"]
    assert (told["expired"]["pins"], told["not_yet_valid"]["pins"]) == (["over"], ["later"])
    assert told["broken"] == {"pins.articles": {"never-was": 1}}
    assert told["personal_data"]["pins"] == {"phone": ["broken"]}
    assert told["effect"]["changes"]["articles"] > 0
    assert commands.run("check", "--corpus", str(folder), "--no-effect") == 0
    assert "pins without an end: 1 (endless)" in commands.out
    assert "items both pinned and forbidden: 1 (articles/stoerung)" in commands.out
    assert "pins.articles name 1 ids that the corpus lacks, 1 times: never-was" in commands.out


def test_a_snapshot_of_before_there_were_pins_opens_compares_and_is_searched_for_what_was_erased(
    commands: Commands, write_corpus: WriteCorpus
) -> None:
    commands.build(write_corpus(small_corpus()))
    without = current(commands.settings.var)
    assert without is not None
    assert "pins.jsonl" not in read_manifest(commands.settings.var, without).files
    commands.build(write_corpus(pinned(1)))
    served = current(commands.settings.var)
    assert served is not None
    diff = commands.json("diff", "--from", served, "--to", without)
    assert diff["changes"]["pins"]["removed"] == ["p0"]
    gone = Gone(keys=frozenset({("pins", "p0")}))
    assert holding(commands.settings.var, gone) == (served,)


def test_pins_are_neither_searched_nor_suggested(worker: Worker) -> None:
    worker.client.put("/v1/pins/p1", json=PIN)
    worker.catch_up()
    refused = worker.client.post("/v1/search", json={"query": "Störung", "kinds": ["pins"]})
    assert refused.status_code == 422
    assert json.loads(refused.get_data())["errors"][0]["pointer"] == "/kinds/0"
    answer = worker.client.post("/v1/suggest", json={"case": {"description": "Rechnung doppelt"}, "kinds": ["pins"]})
    assert answer.status_code == 422
