"""A store that an earlier version filled names no agent once this version has opened it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.codec import canonical_bytes
from corpus.fingerprint import content_hash
from corpus.models import Case, Message
from corpus.privacy.agents import AgentKeys
from corpus.store import Store
from corpus.stored import StoredRecord

NAMED = Case(id="c1", subject="Rechnung doppelt", agent="petra.kowalski")
TWIN = Case(id="c1", subject="Rechnung doppelt", agent="jens.ahrens")
QUOTED = Case(
    id="c2",
    subject='sagt: "agent":"petra"',
    messages=(Message(role="agent", text="Guten Tag"),),
    customer={"agent": "Makler Kowalski"},
)
KEYS = AgentKeys(by_quarter={"2026Q2": b"k" * 32})
HASHED = KEYS.hide(Case(id="c3", subject="Router", agent="a-1", closed_at=datetime(2026, 5, 4, tzinfo=UTC)))


def stored(case: Case) -> StoredRecord:
    payload = canonical_bytes(case).decode("utf-8")
    return StoredRecord(kind="cases", id=case.id, content_hash=content_hash(case), payload=payload)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store as the version before hashes of agents left it: two generations, one of them undone."""
    path = tmp_path / "stichwort.db"
    with Store.open(path) as store:
        store.import_records({"cases": map(stored, (TWIN, QUOTED))}, source="first")
        store.import_records({"cases": map(stored, (NAMED, QUOTED, HASHED))}, source="second")
    for later in ("audit", "feedback_events", "receipts"):
        _run(path, f"DROP TABLE {later}")
    _run(path, "UPDATE corpus_schema SET version_num = '0002'")
    return path


def _run(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database, database:
        return database.execute(statement).fetchall()


def payloads(path: Path) -> dict[str, str]:
    with Store.open(path) as store:
        return {record_id: payload for record_id, _, payload in store.live_records("cases")}


def test_no_name_of_an_agent_is_left_in_the_file_but_everything_else_is(old: Path) -> None:
    assert b"petra.kowalski" in old.read_bytes()

    found = payloads(old)

    assert b"petra.kowalski" not in old.read_bytes()
    assert b"jens.ahrens" not in old.read_bytes()
    without = Case(id="c1", subject="Rechnung doppelt")
    assert found == {case.id: canonical_bytes(case).decode("utf-8") for case in (without, QUOTED, HASHED)}


def test_contents_that_differed_in_the_agent_only_become_one_under_the_hash_of_it(old: Path) -> None:
    with Store.open(old) as store:
        hashes = store.live_state().hashes["cases"]
        assert hashes == {
            case.id: content_hash(case) for case in (Case(id="c1", subject="Rechnung doppelt"), QUOTED, HASHED)
        }
        latest = store.imports()[-1].id
        store.undo_import(latest)
        assert set(store.live_state().hashes["cases"]) == {"c1", "c2"}
    assert len(_run(old, "SELECT hash FROM contents")) == 3
    assert _run(old, "PRAGMA foreign_key_check") == []
    assert _run(old, "PRAGMA integrity_check") == [("ok",)]


def test_importing_the_same_cases_again_brings_the_agents_back_as_hashes(old: Path) -> None:
    closed = Case(
        id="c1", subject="Rechnung doppelt", agent="petra.kowalski", closed_at=datetime(2026, 6, 1, tzinfo=UTC)
    )
    with Store.open(old) as store:
        store.import_records({"cases": [stored(KEYS.hide(closed))]}, source="again")
    assert '"agent":"2026Q2-' in payloads(old)["c1"]


def test_a_store_without_agents_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "stichwort.db"
    with Store.open(path) as store:
        store.import_records({"cases": [stored(QUOTED), stored(HASHED)]}, source="first")
        before = store.fingerprint()
    for later in ("audit", "feedback_events", "receipts"):
        _run(path, f"DROP TABLE {later}")
    _run(path, "UPDATE corpus_schema SET version_num = '0002'")
    with Store.open(path) as store:
        assert store.fingerprint() == before
