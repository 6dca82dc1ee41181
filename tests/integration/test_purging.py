"""What is older than the settings allow goes with a purge, and an import cannot bring it back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from corpus.database import create_engine, writing
from corpus.erasure_store import ErasureStore
from corpus.retention import Retention
from corpus.store import Store
from corpus.store_errors import StoreError
from corpus.traces import find_traces
from index.settings import IndexSettings
from tests.commands import run_here
from tests.conftest import Build, WriteCorpus
from tests.integration import erasing_world as world

OLD = "c1"
CASES = Retention(cases_days=365)


def rows_with_an_old_case() -> dict[str, list[dict[str, Any]]]:
    rows = world.corpus_rows()
    closed = (datetime.now(UTC) - timedelta(days=400)).isoformat()
    old = next(row for row in rows["cases"] if row["id"] == OLD)
    old |= {
        "opened_at": closed,
        "closed_at": closed,
        "description": "Rechnung zqxalt doppelt",
        "customer_id": "kd-zqxalt",
    }
    return rows


@pytest.fixture
def folder(write_corpus: WriteCorpus, build_index: Build) -> Path:
    """A corpus with a case closed 400 days ago, indexed."""
    folder = write_corpus(rows_with_an_old_case())
    build_index(folder)
    return folder


def live_cases(settings: IndexSettings) -> set[str]:
    with Store.open(settings.database) as store:
        return set(store.live_state().hashes["cases"])


def purge(settings: IndexSettings, retention: Retention, *, dry_run: bool = False) -> dict[str, int]:
    kept = world.erasures(replace(settings, retention=retention)).purge(by="test", dry_run=dry_run)
    return dict(kept.erased)


def age(settings: IndexSettings, days: int) -> None:
    """Make all that is in the store look as if it had been written so many days earlier."""
    engine = create_engine(settings.database)
    columns = (("record_versions", "recorded_at"), ("imports", "finished_at"), ("audit", "at"))
    with writing(engine) as connection:
        for table, column in (*columns, ("feedback_events", "received_at")):
            changed = f"UPDATE {table} SET {column} = datetime({column}, '-{days} days') || '.000000'"
            connection.execute(text(changed))
    engine.dispose()


def test_without_a_period_nothing_is_too_old(folder: Path, index_settings: IndexSettings) -> None:
    assert purge(index_settings, Retention()) == {}
    assert OLD in live_cases(index_settings)


def test_cases_closed_too_long_ago_go_with_all_that_tells_of_them(folder: Path, index_settings: IndexSettings) -> None:
    world.add_feedback(index_settings, case_id=OLD)
    world.add_feedback(index_settings, case_id="c2", key="k-2")

    gone = purge(index_settings, CASES)

    assert gone == {"cases": 1, "events without their case": 1, "versions": 1, "contents": 1}
    assert live_cases(index_settings) == {"c2", "c3", "c4", "c5", "c6", *world.MINE}
    assert [row.case_id for row in world.feedback(index_settings)] == [None, "c2"]
    with Store.open(index_settings.database) as store:
        assert store.tombstones() == ()
        assert [entry.action for entry in store.audit()] == ["import", "activate", "purge"]


def test_a_dry_run_counts_the_same_and_deletes_nothing(folder: Path, index_settings: IndexSettings) -> None:
    told = purge(index_settings, CASES, dry_run=True)

    assert OLD in live_cases(index_settings)
    with ErasureStore.open(index_settings.database) as store:
        assert store.receipts() == ()
    assert told == purge(index_settings, CASES)


def test_purging_again_finds_nothing_and_keeps_no_receipt(folder: Path, index_settings: IndexSettings) -> None:
    purge(index_settings, CASES)

    assert purge(index_settings, CASES) == {}
    with ErasureStore.open(index_settings.database) as store:
        assert len(store.receipts()) == 1


def test_an_import_passes_over_cases_that_are_too_old_and_counts_them(
    folder: Path, index_settings: IndexSettings
) -> None:
    purge(index_settings, CASES)
    var = index_settings.var

    built = run_here(var, "index", "build", "--corpus", str(folder), "--json", ASSIST_RETAIN_CASES_DAYS="365")
    checked = run_here(var, "index", "check", "--corpus", str(folder), ASSIST_RETAIN_CASES_DAYS="365")

    assert built.returncode == 0, built.stderr
    assert json.loads(built.stdout)["too_old"] == 1
    assert "1 cases are passed over" in checked.stdout
    assert "cases: 0 new, 0 changed, 0 removed" in checked.stdout
    assert OLD not in live_cases(index_settings)


def test_an_old_case_that_is_still_there_waits_for_the_purge_and_is_not_removed_by_an_import(
    folder: Path, index_settings: IndexSettings
) -> None:
    var = index_settings.var
    built = run_here(var, "index", "build", "--corpus", str(folder), "--json", ASSIST_RETAIN_CASES_DAYS="365")

    assert json.loads(built.stdout)["imported"]["cases"]["removed"] == 0
    assert OLD in live_cases(index_settings)


def test_the_command_leaves_no_trace_of_a_purged_case_and_keeps_a_receipt(
    folder: Path, index_settings: IndexSettings, write_corpus: WriteCorpus, build_index: Build
) -> None:
    build_index(write_corpus({**rows_with_an_old_case(), "actions": []}))
    var = index_settings.var
    assert find_traces(var, ["zqxalt"])

    told = run_here(var, "assist", "purge", "--dry-run", ASSIST_RETAIN_CASES_DAYS="365")
    assert (told.returncode, "1 cases" in told.stdout) == (0, True), told.stderr
    assert find_traces(var, ["zqxalt"])
    done = run_here(var, "assist", "purge", "--json", ASSIST_RETAIN_CASES_DAYS="365")

    assert done.returncode == 0, done.stderr
    receipt = json.loads(done.stdout)
    assert (receipt["what"], receipt["left"], receipt["completed_at"] is None) == ("purge", [], False)
    assert receipt["erased"]["snapshots"] == 2
    assert find_traces(var, ["zqxalt"]) == ()
    again = run_here(var, "assist", "purge", ASSIST_RETAIN_CASES_DAYS="365")
    assert (again.returncode, again.stdout) == (0, "")
    assert "no receipt was kept" in again.stderr


def test_feedback_and_audit_go_by_their_own_periods(folder: Path, index_settings: IndexSettings) -> None:
    world.add_feedback(index_settings, case_id="c2")
    age(index_settings, 500)
    world.add_feedback(index_settings, case_id="c3", key="k-2")

    assert purge(index_settings, Retention()) == {"feedback events": 1}
    assert [row.case_id for row in world.feedback(index_settings)] == ["c3"]
    assert purge(index_settings, Retention(audit_days=100)) == {"audit": 2}


def test_superseded_versions_go_and_what_is_live_stays(
    folder: Path, index_settings: IndexSettings, write_corpus: WriteCorpus, build_index: Build
) -> None:
    build_index(write_corpus(world.corpus_rows(marked="zqxzweite")))
    age(index_settings, 100)
    build_index(write_corpus(world.corpus_rows(marked="zqxdritte")))
    with Store.open(index_settings.database) as store:
        before = store.live_state().fingerprint

    gone = purge(index_settings, Retention(versions_days=30))

    # Of the first import all that the second one brought again, and the old case's first text.
    assert gone == {"superseded versions": 20, "contents": 3}
    with Store.open(index_settings.database) as store:
        assert store.live_state().fingerprint == before
        undone = store.undo_import(3)
        assert undone.id == 3
        assert any("zqxzweite" in payload for _, _, payload in store.live_records("cases"))
        with pytest.raises(StoreError, match="was purged up to"):
            store.undo_import(2)


def test_a_live_edit_outlives_the_import_that_it_hides(folder: Path, index_settings: IndexSettings) -> None:
    with Store.open(index_settings.database) as store:
        store.remove("articles", "esim")
        fingerprint = store.live_state().fingerprint
    age(index_settings, 100)

    purge(index_settings, Retention(versions_days=30))

    with Store.open(index_settings.database) as store:
        assert store.get("articles", "esim") is None
        assert store.live_state().fingerprint == fingerprint
