"""R6: a locked store delays writing commands or stops them with a clear message, and suggestions not at all."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assist.app import create_app
from assist.bootstrap import build_runtime
from assist.live import LiveEngine
from assist.models import SuggestRequest
from assist.services import Readiness
from assist.settings import Settings
from assist.stored_keys import open_keys
from corpus.key_store import KeyWish
from corpus.models import Case
from index import __main__ as command
from index.settings import IndexSettings
from index.snapshot import current
from tests.conftest import Build, WriteCorpus, edition

QUESTION = SuggestRequest(case=Case(id="", description="Rechnung doppelt abgebucht"), min_confidence=0.0)
LOCKED_SECONDS = 10.0
Release = Callable[[], None]


@contextmanager
def locked(database: Path) -> Iterator[Release]:
    """Hold the database as nobody can read or write it, until released."""
    holder = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        yield holder.close
    finally:
        holder.close()


@pytest.fixture(autouse=True)
def environment(index_settings: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    monkeypatch.setenv("ASSIST_VAR", str(index_settings.var))


@pytest.fixture
def first(build_index: Build, write_corpus: WriteCorpus) -> str:
    return build_index(write_corpus(edition(1))).snapshot.snapshot_id


@pytest.fixture
def live(first: str, index_settings: IndexSettings) -> LiveEngine:
    live = build_runtime(Settings(index=index_settings)).live
    live.refresh()
    return live


def answering(live: LiveEngine) -> str:
    engine = live.engine()
    assert engine is not None
    answer = engine.suggest(QUESTION)
    assert answer.articles
    return answer.snapshot


def test_suggestions_are_answered_while_the_store_is_locked(
    live: LiveEngine, first: str, index_settings: IndexSettings
) -> None:
    with locked(index_settings.database_file):
        assert answering(live) == first
        assert live.state() == Readiness(status="ok", snapshot=first)


@pytest.mark.slow
def test_callers_with_keys_are_answered_all_through_ten_seconds_of_a_locked_store(
    first: str, index_settings: IndexSettings
) -> None:
    settings = Settings(index=index_settings)
    wish = KeyWish(name="crm", scopes=frozenset({"suggest"}), audiences=frozenset({"public"}))
    with open_keys(settings, create=False, busy_timeout_s=5) as store:
        key = str(store.issue(wish)[1])
    runtime = build_runtime(settings)
    client = create_app(runtime.services).test_client()
    body = {"case": {"description": "Rechnung doppelt abgebucht"}, "min_confidence": 0}

    def status(key: str) -> int:
        return client.post("/v1/suggest", json=body, headers={"Authorization": f"Bearer {key}"}).status_code

    runtime.start()
    try:
        while status(key) == 503:
            time.sleep(0.01)
        with locked(index_settings.database_file):
            deadline = time.monotonic() + LOCKED_SECONDS
            while time.monotonic() < deadline:
                assert status(key) == 200
                assert status(key[:-1] + ("1" if key[-1] == "0" else "0")) == 401
                assert runtime.live.state() == Readiness(status="ok", snapshot=first)
            assert client.get("/readyz").get_json()["status"] == "degraded"  # nobody could be locked out meanwhile
    finally:
        runtime.stop()


def test_a_build_waits_for_a_lock_that_ends_in_time(
    first: str, index_settings: IndexSettings, write_corpus: WriteCorpus
) -> None:
    folder = write_corpus(edition(2))
    with locked(index_settings.database_file) as release:
        timer = threading.Timer(0.5, release)
        timer.start()
        assert command.main(["build", "--corpus", str(folder)]) == 0
        timer.join()
    assert current(index_settings.var) != first


def test_a_build_bails_out_of_a_lock_that_lasts_and_changes_nothing(
    first: str, index_settings: IndexSettings, write_corpus: WriteCorpus, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus(edition(2))
    with locked(index_settings.database_file):
        assert command.main(["build", "--corpus", str(folder)]) == 1
    message = capsys.readouterr().err
    assert f"{index_settings.database_file} is locked by another process" in message
    assert "try again" in message
    assert "Traceback" not in message
    assert current(index_settings.var) == first
    assert command.main(["build", "--corpus", str(folder)]) == 0


@pytest.mark.slow
def test_a_service_that_starts_while_the_store_is_locked_says_so_and_serves_once_it_is_free(
    first: str, index_settings: IndexSettings
) -> None:
    live = build_runtime(Settings(index=index_settings)).live
    with locked(index_settings.database_file):
        live.refresh()
        assert live.engine() is None
        assert "is locked by another process" in live.state().reasons[0]
    live.refresh()
    assert answering(live) == first


@pytest.mark.slow
def test_a_swap_that_a_lock_prevents_leaves_the_old_snapshot_serving_and_is_made_up_for(
    live: LiveEngine, first: str, index_settings: IndexSettings, write_corpus: WriteCorpus, build_index: Build
) -> None:
    second = build_index(write_corpus(edition(2))).snapshot.snapshot_id
    with locked(index_settings.database_file):
        live.refresh()
        assert answering(live) == first
        assert live.state().status == "degraded"
    live.refresh()
    assert answering(live) == second
    assert live.state() == Readiness(status="ok", snapshot=second)
