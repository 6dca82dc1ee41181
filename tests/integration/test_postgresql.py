"""A store on a PostgreSQL server keeps the promises of a file, also for services on several machines.

Run where ``STICHWORT_TEST_POSTGRESQL`` names a server (``postgresql+psycopg://user@host/postgres``) on which databases
may be made, with ``psycopg`` installed. Each test has a database of its own, sorted as German is.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from assist.bootstrap import build_runtime
from assist.models import SuggestRequest
from assist.settings import Settings
from corpus.changes import ChangeFeed
from corpus.database import create_engine as store_engine
from corpus.database import writing
from corpus.feedback_store import FeedbackStore
from corpus.key_store import KeyStore
from corpus.ledger import LEDGER
from corpus.migrate import NEWEST, schema_revision
from corpus.models import Article, Case
from corpus.privacy.agents import AgentKeys
from corpus.store import Store
from corpus.store_errors import StoreAwayError, StoreBusyError
from corpus.stored import StoredRecord
from index.rows import stored
from index.settings import IndexSettings
from tests.conftest import WriteCorpus, build_with_toy, small_corpus
from tests.unit.corpus.test_feedback_store import ROW
from tests.unit.corpus.test_key_store import WISH

SERVER = os.environ.get("STICHWORT_TEST_POSTGRESQL", "")
pytestmark = pytest.mark.skipif(not SERVER, reason="STICHWORT_TEST_POSTGRESQL names no server")
NewState = Callable[[str], IndexSettings]


@pytest.fixture
def url() -> Iterator[str]:
    name = f"stichwort_{uuid.uuid4().hex}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        german = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LOCALE 'C.UTF-8'"
        connection.execute(text(f"CREATE DATABASE {name} {german}"))
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def machine(tmp_path: Path, url: str) -> NewState:
    """The state of another machine over the same store, with the same secrets, as docs/operations.md asks for."""
    machines: list[IndexSettings] = []

    def make(name: str) -> IndexSettings:
        made = IndexSettings(var=tmp_path / name, encoder="toy", database_url=url)
        for first in machines[:1]:
            made.var.mkdir()
            for secret in ("secret.key", "agent-keys.json"):
                if (first.var / secret).exists():
                    copy(first.var / secret, made.var / secret)
        machines.append(made)
        return made

    return make


def article(name: str, title: str = "Titel") -> StoredRecord:
    return stored("articles", Article(id=name, title=title, body="Text", language="de"), AgentKeys(by_quarter={}))


def test_the_snapshot_is_that_of_a_file(machine: NewState, tmp_path: Path, write_corpus: WriteCorpus) -> None:
    rows = small_corpus()
    for number, name in enumerate(("ähre", "Zebra", "apfel", "a-b", "ab")):  # which German sorting puts elsewhere
        rows["cases"].append({**rows["cases"][0], "id": name, "description": f"Rechnung {number} stimmt nicht"})
    folder, first = write_corpus(rows), machine("first")
    here = build_with_toy(first, folder).snapshot.snapshot_id
    there = build_with_toy(machine("second"), folder)
    assert there.snapshot.snapshot_id == here
    assert there.imported is not None
    assert (there.imported.added, there.imported.changed) == (0, 0)
    file = IndexSettings(var=tmp_path / "file", encoder="toy")
    file.var.mkdir()
    copy(first.agent_keys, file.agent_keys)
    assert build_with_toy(file, folder).snapshot.snapshot_id == here


def test_an_edit_and_an_erasure_show_on_every_machine(machine: NewState, write_corpus: WriteCorpus, url: str) -> None:
    folder, lives = write_corpus(small_corpus()), []
    for name in ("first", "second"):
        settings = machine(name)
        build_with_toy(settings, folder)
        lives.append(build_runtime(Settings(index=settings)).live)
        lives[-1].refresh()
    asked = SuggestRequest(case=Case(id="new", description="Rechnung wurde doppelt abgebucht"), min_confidence=0)
    before = lives[1].engine().suggest(asked)
    with Store.open(url) as store:
        store.put(article(before.articles[0].id, "Neuer Titel"))
        store.bury("cases", before.similar_cases[0].id, "erased")
    for live in lives:
        live.catch_up()
        after = live.engine().suggest(asked)
        assert "Neuer Titel" in [each.article.title for each in after.articles]
        assert before.similar_cases[0].id not in [each.id for each in after.similar_cases]


def test_many_may_start_at_once_on_an_empty_database(url: str) -> None:
    def start(_: int) -> int:
        with Store.open(url) as store:
            return store.sequence()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(start, range(8))) == [0] * 8
    with store_engine(url).connect() as connection:
        assert schema_revision(connection) == NEWEST


def test_of_an_empty_database_nothing_has_changed(url: str, tmp_path: Path) -> None:
    feed = ChangeFeed(url, tmp_path / LEDGER)
    assert feed.changes().sequence == 0
    with Store.open(url) as store:
        store.put(article("a"))
    assert feed.changes().edited.keys() == {("articles", "a")}
    feed.close()


def test_writers_wait_for_each_other_and_lose_nothing(url: str) -> None:
    with Store.open(url) as store:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: store.put(article(f"a{number}")), range(40)))
        assert len(list(store.live_records("articles"))) == 40
        assert store.sequence() == 40


def test_the_same_feedback_fifty_times_at_once_is_one_row(url: str) -> None:
    with FeedbackStore.open(url, busy_timeout_s=30) as store, ThreadPoolExecutor(50) as pool:
        counted = list(pool.map(store.keep, [[ROW]] * 50))
    assert sum(each.accepted for each in counted) == 1
    assert sum(each.duplicates for each in counted) == 49


def test_a_writer_that_waits_too_long_is_told_so_and_writes_nothing(url: str) -> None:
    with Store.open(url) as holder, FeedbackStore.open(url, busy_timeout_s=0.1) as store:
        with writing(holder._engine), pytest.raises(StoreBusyError, match="locked by another process"):
            store.keep([ROW])
        assert store.keep([ROW]).accepted == 1


def test_a_server_that_is_away_is_named_without_its_password(url: str) -> None:
    away = make_url(url).set(port=9, password="geheim")
    with pytest.raises(StoreAwayError, match="Expected a reachable database") as told:
        Store.open(away.render_as_string(hide_password=False))
    assert "geheim" not in str(told.value)


def test_keys_are_those_of_all_machines(url: str) -> None:
    with KeyStore.open(url) as here, KeyStore.open(url) as there:
        key, _ = here.issue(WISH)
        assert [each.id for each in there.all_keys()] == [key.id]
