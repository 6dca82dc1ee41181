"""What the store promises about imports, undoing them, live edits, burials and reading."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import UTC, datetime

import pytest

from corpus.diff import CorpusDiff, compare
from corpus.models import KINDS, Kind
from corpus.store import Store
from corpus.store_errors import RecordBuriedError, RecordChangedError, StoreError
from corpus.stored import StoredRecord

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def record(record_id: str, text: str = "a", kind: Kind = "articles") -> StoredRecord:
    payload = json.dumps({"id": record_id, "kind": kind, "text": text}, ensure_ascii=False)
    return StoredRecord(
        kind=kind, id=record_id, content_hash=hashlib.sha256(payload.encode()).hexdigest(), payload=payload
    )


def articles(**texts: str) -> dict[Kind, list[StoredRecord]]:
    return {"articles": [record(record_id, text) for record_id, text in texts.items()]}


def live(store: Store, kind: Kind = "articles") -> dict[str, str]:
    return {record_id: json.loads(payload)["text"] for record_id, _, payload in store.live_records(kind)}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "store.db"


@pytest.fixture
def store(path):
    with Store.open(path, clock=lambda: NOON) as opened:
        yield opened


def test_a_new_store_is_empty_and_healthy(store):
    assert store.healthy()
    assert store.sequence() == 0
    assert store.imports() == ()
    assert all(live(store, kind) == {} for kind in KINDS)


def test_an_import_is_live_in_order_of_id_with_its_payload(store):
    brought = [record("ü", "Ärger"), record("b"), record("Z"), record("a")]
    store.import_records({"articles": brought}, source="demo")
    expected = [(item.id, item.content_hash, item.payload) for item in sorted(brought, key=lambda item: item.id)]
    assert list(store.live_records("articles")) == expected
    assert store.get("articles", "ü") == brought[0]
    assert store.get("templates", "ü") is None


def test_many_records_come_back_complete(store):
    brought = [record(f"c{number:05}", str(number), "cases") for number in range(1_203)]
    store.import_records({"cases": brought}, source="demo")
    assert [found[0] for found in store.live_records("cases")] == [item.id for item in brought]


def test_a_full_import_replaces_what_imports_brought_and_reports_it(store):
    store.import_records({**articles(a="1", b="1", c="1"), "actions": [record("x", kind="actions")]}, source="one")
    report = store.import_records(articles(b="2", c="1", d="1"), source="two")
    assert live(store) == {"b": "2", "c": "1", "d": "1"}
    assert live(store, "actions") == {}
    assert (report.added, report.changed, report.removed, report.unchanged) == (1, 1, 2, 1)
    assert (report.refused, report.conflicts) == (0, 0)
    assert report.counts()["actions"]["removed"] == 1
    assert report.diff.removed == {"articles": ("a",), "actions": ("x",), "templates": (), "cases": (), "pins": ()}


def test_an_upsert_leaves_alone_what_it_does_not_name(store):
    store.import_records(articles(a="1", b="1"), source="one")
    report = store.import_records(articles(b="2", c="1"), source="two", mode="upsert")
    assert live(store) == {"a": "1", "b": "2", "c": "1"}
    assert (report.added, report.changed, report.removed) == (1, 1, 0)


def test_imports_are_remembered(store):
    report = store.import_records(articles(a="1"), source="export.jsonl")
    (entry,) = store.imports()
    assert (entry.id, entry.source, entry.mode, entry.undone_at) == (report.import_id, "export.jsonl", "full", None)
    assert (entry.started_at, entry.finished_at) == (NOON, NOON)
    assert entry.counts == report.counts()
    assert entry.corpus_fingerprint == report.fingerprint == store.fingerprint()


def test_the_fingerprint_follows_the_live_corpus_alone(store):
    empty = store.fingerprint()
    first = store.import_records(articles(a="1"), source="one").fingerprint
    second = store.import_records(articles(a="1", b="1"), source="two").fingerprint
    assert len({empty, first, second}) == 3
    store.undo_import(2)
    assert store.fingerprint() == first
    assert store.import_records(articles(a="1"), source="three").fingerprint == first


def test_imports_edits_and_burials_raise_the_sequence(store):
    seen = [store.sequence()]
    steps = [
        lambda: store.import_records(articles(a="1", b="1", c="1"), source="one"),
        lambda: store.import_records(articles(a="1", b="1", c="1"), source="again, nothing changed"),
        lambda: store.put(record("a", "2")),
        lambda: store.remove("articles", "a"),
        lambda: store.bury("articles", "b", "withdrawn"),
        lambda: store.bury("articles", "b", "erased"),
    ]
    for step in steps:
        step()
        seen.append(store.sequence())
    assert seen == sorted(set(seen))


@pytest.mark.parametrize(
    ("brought", "message"),
    [
        ({"articles": [record("a"), record("a", "2")]}, "articles/a twice"),
        ({"articles": [record("a", kind="cases")]}, "cases/a among the articles"),
        ({"stories": []}, "the kind 'stories'"),
    ],
)
def test_a_senseless_import_is_refused_before_anything_is_written(store, brought, message):
    with pytest.raises(StoreError, match=message):
        store.import_records(brought, source="bad")
    assert store.imports() == ()


def test_a_guard_sees_what_would_happen_and_stops_all_of_it(store):
    store.import_records(articles(a="1", b="1"), source="one")
    before, sequence = store.live_state(), store.sequence()

    def refuse_to_shrink(difference: CorpusDiff) -> None:
        raise RuntimeError(f"{difference.total('removed')} would go")

    with pytest.raises(RuntimeError, match="2 would go"):
        store.import_records(articles(c="1"), source="two", check=refuse_to_shrink)
    assert store.live_state() == before
    assert store.sequence() == sequence
    assert len(store.imports()) == 1


def test_what_compare_shows_is_what_an_import_does(store):
    store.import_records(articles(a="1", b="1", c="1", d="1"), source="one")
    store.put(record("a", "edited"))
    store.bury("articles", "b", "withdrawn")
    incoming = [record("a", "2"), record("b"), record("c", "2"), record("new")]
    shown = compare(store, incoming)
    assert shown.conflicts["articles"] == ("a",)
    assert shown.refused["articles"] == ("b",)
    assert shown.changed["articles"] == ("c",)
    assert shown.removed["articles"] == ("d",)
    assert shown.new["articles"] == ("new",)
    sequence = store.sequence()
    assert store.sequence() == sequence
    assert store.import_records({"articles": incoming}, source="two").diff == shown


def test_compared_with_no_store_everything_is_new():
    shown = compare(None, [record("b"), record("a")])
    assert shown.new["articles"] == ("a", "b")
    assert shown.counts()["articles"]["removed"] == 0


def test_a_live_edit_wins_over_later_imports_and_the_conflict_is_reported(store):
    store.import_records(articles(a="1"), source="one")
    assert store.put(record("a", "edited")) is False
    assert store.put(record("own", "written live")) is True
    report = store.import_records(articles(a="2"), source="two")
    assert live(store) == {"a": "edited", "own": "written live"}
    assert report.conflicts == 1
    (conflict,) = store.conflicts(report.import_id)
    assert (conflict.kind, conflict.record_id, conflict.detected_at) == ("articles", "a", NOON)
    assert "live edit" in conflict.message


def test_a_conflict_ends_when_both_agree(store):
    store.put(record("a", "edited"))
    report = store.import_records(articles(a="edited"), source="one")
    assert (report.conflicts, report.unchanged) == (0, 1)


def test_a_record_that_was_edited_live_outlives_its_removal_from_the_import(store):
    store.import_records(articles(a="1"), source="one")
    store.put(record("a", "edited"))
    report = store.import_records(articles(b="1"), source="two")
    assert live(store) == {"a": "edited", "b": "1"}
    assert report.diff.conflicts["articles"] == ("a",)
    assert "lacks" in store.conflicts()[0].message
    assert store.import_records(articles(b="1"), source="three").conflicts == 0


def test_a_record_that_was_removed_live_is_not_brought_back_by_an_import(store):
    store.import_records(articles(a="1"), source="one")
    assert store.remove("articles", "a") is True
    assert store.remove("articles", "a") is False
    report = store.import_records(articles(a="2"), source="two")
    assert live(store) == {}
    assert report.conflicts == 1
    assert "removed live" in store.conflicts()[0].message
    assert store.put(record("a", "again")) is True
    assert live(store) == {"a": "again"}


def test_an_edit_that_expects_another_content_is_refused(store):
    first, second = record("a", "1"), record("a", "2")
    store.put(first)
    store.put(second, expected_hash=first.content_hash)
    with pytest.raises(RecordChangedError, match="Read the record again"):
        store.put(record("a", "3"), expected_hash=first.content_hash)
    with pytest.raises(RecordChangedError):
        store.remove("articles", "a", expected_hash=first.content_hash)
    with pytest.raises(RecordChangedError, match="of no record"):
        store.put(record("b"), expected_hash=first.content_hash)
    assert live(store) == {"a": "2"}


def test_undoing_an_import_brings_back_what_it_replaced_and_removed(store):
    store.import_records(articles(a="1", b="1"), source="good")
    bad = store.import_records(articles(a="broken", c="1"), source="bad")
    store.put(record("d", "edited"))
    store.bury("articles", "b", "withdrawn")
    entry = store.undo_import(bad.import_id)
    assert entry.undone_at == NOON
    assert live(store) == {"a": "1", "d": "edited"}


def test_undoing_an_older_import_keeps_what_later_ones_say(store):
    store.import_records(articles(a="1", b="1"), source="one")
    store.import_records(articles(a="2"), source="two")
    store.import_records(articles(a="2", c="1"), source="three")
    store.undo_import(2)
    assert live(store) == {"a": "2", "c": "1"}, "the third import is full and does not have b"


def test_an_upsert_survives_the_undoing_of_the_full_import_before_it(store):
    store.import_records(articles(a="1"), source="one")
    store.import_records(articles(a="2", b="1"), source="two")
    store.import_records(articles(c="1"), source="three", mode="upsert")
    store.undo_import(2)
    assert live(store) == {"a": "1", "c": "1"}


def test_an_import_is_undone_once_and_must_exist(store):
    store.import_records(articles(a="1"), source="one")
    store.undo_import(1)
    with pytest.raises(StoreError, match="undone at 2026-03-01 12:00 UTC"):
        store.undo_import(1)
    with pytest.raises(StoreError, match="no import 7"):
        store.undo_import(7)


@pytest.mark.parametrize("reason", ["erased", "withdrawn"])
def test_what_is_buried_never_returns(store, reason):
    store.import_records(articles(a="1", b="1"), source="one")
    store.put(record("a", "edited"))
    store.bury("articles", "a", reason, by="Datenschutz", receipt="r-1")
    store.bury("articles", "future", reason)
    report = store.import_records(articles(a="1", b="1", future="1"), source="two")
    assert report.refused == 2
    store.undo_import(report.import_id)
    assert live(store) == {"b": "1"}
    assert store.get("articles", "a") is None
    with pytest.raises(RecordBuriedError, match="articles/a"):
        store.put(record("a", "again"))
    first, _ = store.tombstones()
    assert (first.record_id, first.reason, first.recorded_by, first.receipt) == ("a", reason, "Datenschutz", "r-1")


def test_withdrawn_may_become_erased_but_not_the_other_way_round(store):
    assert store.bury("cases", "c", "withdrawn").reason == "withdrawn"
    assert store.bury("cases", "c", "erased").reason == "erased"
    assert store.bury("cases", "c", "withdrawn").reason == "erased"
    assert [stone.reason for stone in store.tombstones()] == ["erased"]


def test_a_burial_without_a_sound_reason_or_kind_is_refused(store):
    with pytest.raises(StoreError, match="'lost'"):
        store.bury("cases", "c", "lost")
    with pytest.raises(StoreError, match="'stories'"):
        store.bury("stories", "c", "erased")


def test_an_erased_content_leaves_no_trace_in_the_file(store, path):
    secret = "Kontonummer DE02 1203 0000 0000 2020 51"
    store.import_records({"cases": [record("c", f"{secret} alt", "cases"), record("d", kind="cases")]}, source="one")
    store.put(record("c", secret, "cases"))
    assert secret.encode() in path.read_bytes()
    store.bury("cases", "c", "erased")
    assert b"DE02" not in path.read_bytes()
    assert not path.with_name("store.db-journal").exists()
    assert live(store, "cases") == {"d": "a"}


def test_a_withdrawn_content_stays_in_the_history(store, path):
    store.import_records(articles(a="Erstattung"), source="one")
    store.bury("articles", "a", "withdrawn")
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM contents").fetchone() == (1,)


def test_a_content_is_kept_once_however_often_it_is_imported(store, path):
    for _ in range(3):
        store.import_records(articles(a="1", b="1"), source="same")
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM contents").fetchone() == (2,)
        assert database.execute("SELECT count(*) FROM record_versions").fetchone() == (6,)


def test_records_are_read_as_of_one_moment_without_holding_up_writers(store):
    brought = [record(f"c{number:04}", "old", "cases") for number in range(600)]
    store.import_records({"cases": brought}, source="one")
    reader = store.live_records("cases")
    first = next(reader)
    store.import_records({"cases": [record("c0000", "new", "cases")]}, source="two")
    store.bury("cases", "c0599", "erased")
    rest = list(reader)
    assert first[0] == "c0000"
    assert {json.loads(payload)["text"] for _, _, payload in rest} == {"old"}
    assert len(rest) == 598, "all but the first and the erased one"


def test_a_store_is_found_again_after_closing(path):
    with Store.open(path) as first:
        first.import_records(articles(a="1"), source="one")
        before = first.live_state()
    with Store.open(f"sqlite:///{path}", create=False) as second:
        assert second.live_state() == before
