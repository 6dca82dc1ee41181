"""Who follows the store learns of live edits, erasures and withdrawals, and of nothing twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.changes import ChangeFeed, Changes
from corpus.ledger import LEDGER, LedgerEntry, append_entry
from corpus.models import Article
from corpus.privacy.agents import AgentKeys
from corpus.store import Store
from corpus.store_errors import RecordChangedError, StoreAwayError
from corpus.stored import StoredRecord
from index.rows import stored


def article(name: str, title: str = "Titel") -> StoredRecord:
    return stored("articles", Article(id=name, title=title, body="Text", language="de"), AgentKeys(by_quarter={}))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "stichwort.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with Store.open(file) as store:
        yield store


@pytest.fixture
def feed(file: Path) -> Iterator[ChangeFeed]:
    feed = ChangeFeed(str(file), file.parent / LEDGER, busy_timeout_s=0.1)
    yield feed
    feed.close()


def test_the_latest_edit_of_each_record_is_told_and_imports_are_not(store: Store, feed: ChangeFeed) -> None:
    store.import_records({"articles": [article("a"), article("b")]}, source="folder")
    store.put(article("a", "Neu"))
    store.put(article("a", "Neuer"))
    store.remove("articles", "b")
    changes = feed.changes()
    assert changes.edited == {("articles", "a"): article("a", "Neuer").content_hash, ("articles", "b"): None}
    assert changes.buried == frozenset()
    assert feed.payloads([article("a", "Neuer").content_hash]) == {
        article("a", "Neuer").content_hash: article("a", "Neuer").payload
    }


def test_where_nothing_happened_the_same_is_told(store: Store, feed: ChangeFeed) -> None:
    store.put(article("a"))
    before = feed.changes()
    assert feed.changes() is before
    store.put(article("b"))
    assert feed.changes().edited.keys() == {("articles", "a"), ("articles", "b")}


def test_what_is_buried_is_told_and_the_content_of_what_is_erased_is_gone(store: Store, feed: ChangeFeed) -> None:
    store.put(article("a"))
    feed.changes()
    store.bury("articles", "a", "withdrawn")
    store.bury("articles", "never-was", "erased")
    assert feed.changes().buried == {("articles", "a"), ("articles", "never-was")}
    store.bury("articles", "a", "erased")
    assert feed.changes().edited["articles", "a"] is None
    assert feed.payloads([article("a").content_hash]) == {}


def test_where_there_has_never_been_a_store_nothing_has_changed(feed: ChangeFeed, file: Path) -> None:
    assert feed.changes() == Changes()
    assert not file.exists()
    with Store.open(file) as store:
        store.put(article("a"))
    assert ("articles", "a") in feed.changes().edited


def test_a_store_that_is_gone_is_an_error_since_nobody_knows_then_what_was_erased(
    store: Store, feed: ChangeFeed, file: Path
) -> None:
    store.bury("articles", "a", "erased")
    known = feed.changes()
    file.rename(file.with_suffix(".away"))
    with pytest.raises(StoreAwayError, match="Restore it"):
        feed.changes()
    file.with_suffix(".away").rename(file)
    assert feed.changes() == known


def test_a_backup_that_was_put_in_place_is_read_anew(store: Store, feed: ChangeFeed, file: Path) -> None:
    store.put(article("a"))
    store.close()
    backup = file.with_suffix(".backup")
    shutil.copy(file, backup)
    with Store.open(file) as later:
        later.put(article("b"))
    assert ("articles", "b") in feed.changes().edited
    backup.replace(file)
    assert feed.changes().edited.keys() == {("articles", "a")}


def test_a_record_that_must_be_new_is_not_written_over_another(store: Store) -> None:
    assert store.put(article("a"), only_new=True)
    with pytest.raises(RecordChangedError, match="expected no record"):
        store.put(article("a", "Neu"), only_new=True)
    store.remove("articles", "a")
    assert store.put(article("a", "Neu"), only_new=True)


def test_what_the_ledger_tells_is_buried_whatever_the_store_knows(store: Store, feed: ChangeFeed, file: Path) -> None:
    store.put(article("a"))
    assert feed.changes().buried == frozenset()
    at = datetime(2026, 5, 4, tzinfo=UTC)
    append_entry(file.parent / LEDGER, LedgerEntry(receipt="r", at=at, what="case c", cases=frozenset({"c"})))

    told = feed.changes()

    assert told.buried == {("cases", "c")}
    assert told.edited.keys() == {("articles", "a")}
    assert feed.changes() is told
