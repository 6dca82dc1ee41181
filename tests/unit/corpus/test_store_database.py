"""What the store promises about its file: schema, crashes, locks, and what it says when it cannot be used."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

import corpus
from corpus.database import create_engine as store_engine
from corpus.database import reading
from corpus.key_store import KeyStore, KeyWish, StoredKeys
from corpus.migrate import NEWEST, VERSION_TABLE, migrate, schema_revision
from corpus.store import Store
from corpus.store_errors import StoreBusyError, StoreError
from corpus.stored import StoredRecord
from corpus.tables import metadata
from corpus.upgrading import SCRIPTS

ROOT = Path(corpus.__file__).parents[1]


def case(record_id: str, text: str = "a") -> StoredRecord:
    return StoredRecord(kind="cases", id=record_id, content_hash=f"{record_id}:{text}", payload=text)


def ids(store: Store) -> list[str]:
    return [found[0] for found in store.live_records("cases")]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.db"


@pytest.fixture
def filled(path):
    with Store.open(path) as store:
        store.import_records({"cases": [case("c1"), case("c2")]}, source="first")
    return path


def checks(engine: Engine) -> dict[str, set[tuple[str, str]]]:
    found = inspect(engine)
    return {
        table: {(str(check["name"]), check["sqltext"]) for check in found.get_check_constraints(table)}
        for table in metadata.tables
    }


def test_the_migrated_schema_is_the_one_of_the_tables(path):
    migrated = store_engine(path)
    migrate(migrated)
    with reading(migrated) as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
    created = create_engine("sqlite://")
    metadata.create_all(created)
    assert checks(migrated) == checks(created)
    assert all(checks(created)[table] for table in ("imports", "record_versions", "tombstones"))


def test_migrating_again_changes_nothing(filled):
    before = filled.read_bytes()
    migrate(store_engine(filled))
    assert filled.read_bytes() == before


def test_the_tables_can_be_made_on_postgresql():
    dialect = postgresql.dialect()
    made = "".join(str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables)
    assert "seq BIGSERIAL NOT NULL" in made
    assert "TIMESTAMP WITH TIME ZONE" in made


def test_a_newer_schema_is_refused(filled):
    with sqlite3.connect(filled) as database:
        database.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"schema '9999'.*newer version wrote it"):
        Store.open(filled)


def test_many_may_start_at_once_on_an_empty_folder(path):
    program = "import sys; from corpus.store import Store; print(Store.open(sys.argv[1]).sequence())"
    started = [run(program, path) for _ in range(3)]
    assert [(process.communicate()[0].strip(), process.returncode) for process in started] == [("0", 0)] * 3
    with reading(store_engine(path)) as connection:
        assert schema_revision(connection) == NEWEST


def test_the_newest_schema_is_that_of_the_last_revision():
    assert ScriptDirectory(SCRIPTS).get_current_head() == NEWEST


def test_a_store_of_the_newest_schema_is_opened_without_alembic(filled):
    program = "import sys; from corpus.store import Store; Store.open(sys.argv[1]); print('alembic' in sys.modules)"
    assert run(program, filled).communicate()[0].strip() == "False"


def test_the_file_is_set_up_for_safety(filled):
    with reading(store_engine(filled)) as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "delete",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


KILLED = """
import os, signal, sys
from sqlalchemy import event
from corpus.database import create_engine
from corpus.store import Store
from corpus.stored import StoredRecord

def spill(connection, entry):  # write pages to the file long before the commit
    connection.execute("PRAGMA cache_spill=ON").close()
    connection.execute("PRAGMA cache_size=10").close()

engine = create_engine(sys.argv[1])
event.listen(engine, "connect", spill)
event.listen(engine, "commit", lambda connection: os.kill(os.getpid(), signal.SIGKILL))
cases = [StoredRecord(kind="cases", id=f"n{i}", content_hash=f"n{i}", payload="x" * 500) for i in range(2000)]
Store(engine).import_records({"cases": cases}, source="second")
"""


def run(program: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_killed_in_the_middle_of_an_import_nothing_has_changed(filled):
    with Store.open(filled) as store:
        before = store.live_state()
    size = filled.stat().st_size
    killed = run(KILLED, filled)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert filled.stat().st_size > size, "the killed import had written to the file"
    with Store.open(filled) as store:
        assert store.live_state() == before
        assert [entry.source for entry in store.imports()] == ["first"]
        assert store.import_records({"cases": [case("c3")]}, source="third").removed == 2
        assert ids(store) == ["c3"]


def test_readers_go_on_while_a_writer_holds_the_lock(filled):
    with Store.open(filled, busy_timeout_s=0.2) as store:
        seen: list[list[str]] = []

        def read_elsewhere(_: object) -> None:
            def read() -> None:
                with Store.open(filled, busy_timeout_s=0.2) as other:
                    seen.append(ids(other))

            reader = threading.Thread(target=read)
            reader.start()
            reader.join()
            seen.append(ids(store))

        store.import_records({"cases": [case("c3")]}, source="second", check=read_elsewhere)
        assert seen == [["c1", "c2"], ["c1", "c2"]]
        assert ids(store) == ["c3"]


def test_readers_go_on_while_a_large_import_waits_for_its_commit(filled):
    large = [case(f"n{number:04}", "x" * 2_000) for number in range(3_000)]
    engine = store_engine(filled)
    seen: list[list[str]] = []

    with Store.open(filled, busy_timeout_s=0.2) as reader:
        event.listen(engine, "commit", lambda connection: seen.append(ids(reader)))
        Store(engine).import_records({"cases": large}, source="large")
        assert seen == [["c1", "c2"]]
        assert len(ids(reader)) == 3_000


def test_a_second_writer_is_told_that_the_database_is_locked(filled):
    holder = sqlite3.connect(filled, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with Store.open(filled, busy_timeout_s=0.05) as store:
        with pytest.raises(StoreBusyError, match=r"store\.db is locked.*try again"):
            store.put(case("c3"))
        assert store.healthy()
        holder.execute("COMMIT")
        holder.execute("BEGIN EXCLUSIVE")
        assert not store.healthy()
        holder.close()
        assert store.put(case("c3"))


def test_a_commit_that_a_reader_holds_up_for_too_long_leaves_nothing_behind(filled):
    reader = sqlite3.connect(filled, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM contents").fetchone()
    with Store.open(filled, busy_timeout_s=0.05) as store:
        with pytest.raises(StoreBusyError):
            store.import_records({"cases": [case("c3")]}, source="second")
        reader.close()
        assert ids(store) == ["c1", "c2"]
        assert store.put(case("c3"))


def test_an_error_never_shows_what_a_customer_wrote(filled):
    with sqlite3.connect(filled) as database:
        database.execute("DROP TABLE contents")
    text = "Meine Nummer ist " + "0170 1234567"
    with Store.open(filled) as store, pytest.raises(StoreError, match="no such table") as failed:
        store.put(StoredRecord(kind="cases", id="c3", content_hash="h" + text, payload=text))
    assert text not in "".join(traceback.format_exception(failed.value))


def test_writers_at_once_wait_for_each_other(filled):
    with Store.open(filled) as store:
        writers = [
            threading.Thread(target=lambda name=name: store.put(case(name))) for name in (f"w{n}" for n in range(8))
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert len(ids(store)) == 10


def test_a_file_that_is_no_database_is_named(path):
    path.write_bytes(b"Sehr geehrte Damen und Herren, " * 100)
    with pytest.raises(StoreError, match=r"store\.db is not an SQLite database"):
        Store.open(path)


def test_a_damaged_database_is_named(filled):
    healthy = filled.read_bytes()
    filled.write_bytes(healthy[:4096] + b"\xff" * (len(healthy) - 4096))
    with pytest.raises(StoreError, match="is damaged"):
        Store.open(filled).live_state()


def test_a_folder_in_place_of_the_file_is_named(tmp_path):
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(path):
    path.write_text("a file")
    with pytest.raises(StoreError, match="cannot be made"):
        Store.open(path / "store.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_cannot_be_written_is_named(filled):
    filled.chmod(0o400)
    with Store.open(filled) as store, pytest.raises(StoreError, match="cannot be written"):
        store.put(case("c3"))


def test_a_database_that_refuses_to_be_written_is_named(filled):
    with Store.open(f"sqlite:///file:{filled}?mode=ro&uri=true") as store:
        assert ids(store) == ["c1", "c2"]
        with pytest.raises(StoreError, match="cannot be written"):
            store.put(case("c3"))


def test_a_database_named_as_uri_is_found_where_it_lies(filled, tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with Store.open(f"sqlite:///file:{filled}?uri=true", create=False) as store:
        assert ids(store) == ["c1", "c2"]
    with Store.open(f"sqlite:///file:{filled}?uri=true") as store:
        assert ids(store) == ["c1", "c2"]
    assert list(here.iterdir()) == []


def test_keys_of_a_database_named_as_uri_are_seen(filled):
    location = f"sqlite:///file:{filled}?uri=true"
    with KeyStore.open(location) as keys:
        keys.issue(KeyWish(name="crm", scopes=frozenset({"suggest"}), audiences=frozenset({"public"})))
    stored = StoredKeys(location)
    try:
        assert [key.name for key in stored() or ()] == ["crm"]
    finally:
        stored.close()


def test_a_store_that_must_exist_is_not_made(path):
    with pytest.raises(StoreError, match="Found no database"):
        Store.open(path, create=False)
    assert not path.exists()


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("mysql://host/name", "for 'mysql'"),
        ("nonsense://", "for 'nonsense'"),
        ("sqlite://", "in memory"),
        ("postgresql+nodriver://host/name", "No driver"),
    ],
)
def test_a_location_that_makes_no_sense_is_refused(location, message):
    with pytest.raises(StoreError, match=message):
        Store.open(location)


def test_a_password_is_not_shown():
    with pytest.raises(StoreError) as refused:
        Store.open("postgresql+nodriver://user:geheim@host/name")
    assert "geheim" not in str(refused.value)
