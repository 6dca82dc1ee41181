"""Feedback in the store: each event once, all of a body or nothing, and no case that was erased."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpus.database import create_engine, reading, writing
from corpus.erasure import forget_cases
from corpus.feedback import Evidence, FeedbackRow
from corpus.feedback_store import Counted, FeedbackConflictError, FeedbackStore, read_evidence
from corpus.store_errors import StoreBusyError

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
ROW = FeedbackRow(
    key="k1",
    body_hash="h1",
    at=NOW,
    event="sent",
    kind="articles",
    item_id="rechnung",
    snapshot="ab12",
    rank=1,
    score=3.5,
    confidence=0.75,
    case_id="c1",
    channel="email",
    language="de",
    agent="2026Q4-0123456789abcdef",
    api_key="crm",
    reason="passt",
    text_length=120,
    position=2,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stichwort.db"


@pytest.fixture
def store(path: Path) -> FeedbackStore:
    return FeedbackStore.open(path, clock=lambda: NOW)


def rows_in(path: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT key, event FROM feedback_events ORDER BY key").fetchall()


def test_an_event_is_kept_with_all_that_is_known_of_it(store: FeedbackStore, path: Path) -> None:
    assert store.keep([ROW]) == Counted(accepted=1, duplicates=0)
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        kept = dict(connection.execute("SELECT * FROM feedback_events").fetchone())

    assert kept.pop("received_at").startswith("2026-11-05 12:00:00")
    assert kept.pop("at").startswith("2026-11-05 12:00:00")
    assert kept == {name: getattr(ROW, name) for name in kept}
    assert kept.keys() >= {"rank", "score", "confidence", "snapshot", "case_id", "agent", "api_key"}


def test_an_event_that_is_sent_again_is_counted_and_kept_once(store: FeedbackStore, path: Path) -> None:
    store.keep([ROW])

    assert store.keep([ROW, replace(ROW, key="k2")]) == Counted(accepted=1, duplicates=1)
    assert store.keep([replace(ROW, key="k3"), replace(ROW, key="k3")]) == Counted(accepted=1, duplicates=1)
    assert [key for key, _ in rows_in(path)] == ["k1", "k2", "k3"]


def test_a_known_key_with_another_event_keeps_nothing_of_the_body(store: FeedbackStore, path: Path) -> None:
    store.keep([ROW])

    with pytest.raises(FeedbackConflictError) as told:
        store.keep([replace(ROW, key="k2"), replace(ROW, body_hash="other", event="dismissed")])

    assert told.value.places == (1,)
    assert rows_in(path) == [("k1", "sent")]


def test_one_key_for_two_events_of_a_body_is_a_conflict(store: FeedbackStore, path: Path) -> None:
    with pytest.raises(FeedbackConflictError) as told:
        store.keep([ROW, replace(ROW, key="k2"), replace(ROW, body_hash="other")])

    assert told.value.places == (2,)
    assert rows_in(path) == []


def test_the_same_key_fifty_times_at_once_is_one_row(store: FeedbackStore, path: Path) -> None:
    with ThreadPoolExecutor(50) as pool:
        counted = list(pool.map(store.keep, [[ROW]] * 50))

    assert sum(each.accepted for each in counted) == 1
    assert sum(each.duplicates for each in counted) == 49
    assert rows_in(path) == [("k1", "sent")]


def test_a_locked_store_is_busy_and_keeps_nothing(path: Path) -> None:
    store = FeedbackStore.open(path, busy_timeout_s=0.05)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreBusyError):
            store.keep([ROW])
    finally:
        holder.close()

    assert rows_in(path) == []


def test_history_learns_from_events_about_named_cases_only(store: FeedbackStore, path: Path) -> None:
    store.keep(
        [
            ROW,
            replace(ROW, key="k2", event="shown"),
            replace(ROW, key="k3", case_id=None),
            replace(ROW, key="k4", event="dismissed", api_key=None, agent=None),
        ]
    )

    told = {"case_id": "c1", "kind": "articles", "item_id": "rechnung", "at": NOW}
    assert list(read_evidence(create_engine(path))) == [
        Evidence(event="sent", key="crm", hand="2026Q4-0123456789abcdef", **told),
        Evidence(event="dismissed", key="", hand="", **told),
    ]


def test_evidence_is_whole_however_many_rows_one_step_reads(
    store: FeedbackStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.feedback_store._ROWS_AT_ONCE", 3)
    store.keep([replace(ROW, key=f"k{number}", case_id=f"c{number}") for number in range(9)])

    assert [each.case_id for each in read_evidence(create_engine(path))] == [f"c{number}" for number in range(9)]


def test_reactions_are_those_to_one_item_since_a_time(store: FeedbackStore) -> None:
    late = NOW + timedelta(days=1)
    store.keep([ROW, replace(ROW, key="k2", at=late, event="opened"), replace(ROW, key="k3", item_id="anderer")])

    assert store.items() == (("articles", "anderer"), ("articles", "rechnung"))
    assert [each.event for each in store.reactions("articles", "rechnung", None)] == ["sent", "opened"]
    assert [each.event for each in store.reactions("articles", "rechnung", late)] == ["opened"]


def test_feedback_forgets_erased_cases_and_keeps_what_was_done(store: FeedbackStore, path: Path) -> None:
    store.keep([ROW, replace(ROW, key="k2"), replace(ROW, key="k3", case_id="c2")])
    engine = create_engine(path)

    with writing(engine) as connection:
        assert forget_cases(connection, ["c1", "unbekannt"]) == 2
    with reading(engine) as connection:
        assert forget_cases(connection, []) == 0

    assert [each.case_id for each in read_evidence(engine)] == ["c2"]
    assert [each.reason for each in store.reactions("articles", "rechnung", None)] == [None, None, "passt"]
    assert len(rows_in(path)) == 3
