"""Every change of the store leaves an entry that says who did it, in the same transaction."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corpus.store import Store
from corpus.store_errors import RecordChangedError
from corpus.stored import StoredRecord


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def article(content: str) -> StoredRecord:
    return StoredRecord(kind="articles", id="a1", content_hash=content, payload=f'{{"id":"a1","body":"{content}"}}')


def told(store: Store) -> list[tuple[str | None, str, str | None, str | None]]:
    return [(entry.by, entry.action, entry.before, entry.after) for entry in store.audit()]


def test_an_edit_tells_who_made_it_and_what_was_live_before_and_after(store):
    store.put(article("one"), by="key-1")
    store.put(article("two"), by="key-2")
    store.remove("articles", "a1", by="key-3")

    assert told(store) == [
        ("key-1", "put", None, "one"),
        ("key-2", "put", "one", "two"),
        ("key-3", "remove", "two", None),
    ]


def test_an_edit_that_is_refused_leaves_no_entry(store):
    store.put(article("one"), by="key-1")
    with pytest.raises(RecordChangedError):
        store.put(article("two"), expected_hash="other", by="key-2")

    assert [entry.by for entry in store.audit()] == ["key-1"]


def test_imports_and_their_undoing_are_told_with_their_number(store):
    report = store.import_records({"articles": [article("one")]}, source="folder", by="command line")
    store.undo_import(report.import_id, by="command line")

    first, second = store.audit()
    assert (first.action, first.by) == ("import", "command line")
    assert first.detail is not None
    assert first.detail["import"] == report.import_id
    assert first.detail["counts"]["articles"]["new"] == 1
    assert (second.action, second.detail) == ("undo", {"import": report.import_id})


def test_what_a_check_returns_is_told_with_the_import_that_it_let_pass(store):
    store.import_records({"articles": [article("one")]}, source="folder", check=lambda _: {"force": True})
    store.import_records({"articles": [article("two")]}, source="folder", check=lambda _: None)

    forced, usual = (entry.detail for entry in store.audit())
    assert forced["force"] is True
    assert set(forced) - set(usual) == {"force"}


def test_what_is_erased_leaves_no_hash_of_its_contents_in_the_audit(store):
    store.put(article("one"), by="key-1")
    store.bury("articles", "a1", "erased", by="key-2")

    assert told(store) == [("key-1", "put", None, None), ("key-2", "erased", None, None)]


def test_a_withdrawal_tells_what_was_live(store):
    store.put(article("one"), by="key-1")
    store.bury("articles", "a1", "withdrawn", by="key-2")

    assert told(store)[-1] == ("key-2", "withdrawn", "one", None)


def test_the_audit_can_be_asked_for_one_record_and_since_a_time(store):
    store.put(article("one"))
    other = StoredRecord(kind="templates", id="t1", content_hash="t", payload='{"id":"t1"}')
    store.put(other)

    assert [entry.record_id for entry in store.audit(key=("templates", "t1"))] == ["t1"]
    assert store.audit(since=datetime(2999, 1, 1, tzinfo=UTC)) == ()
