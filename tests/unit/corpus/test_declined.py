"""Which feedback says that a customer declined an offer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpus.declined import Declined, StoredDeclined
from corpus.feedback import FeedbackRow
from corpus.feedback_store import FeedbackStore

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ROW = FeedbackRow(
    key="k1",
    body_hash="h",
    at=NOW - timedelta(minutes=5),
    event="dismissed",
    kind="actions",
    item_id="angebot",
    snapshot="s",
    rank=1,
    score=1.0,
    confidence=0.5,
    case_id="c1",
    reason="declined",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stichwort.db"


def keep(path: Path, *rows: FeedbackRow, received: datetime = NOW) -> None:
    with FeedbackStore.open(path, clock=lambda: received) as store:
        store.keep(rows)


def read(path: Path, begin: datetime, end: datetime) -> list[Declined]:
    stored = StoredDeclined(str(path))
    try:
        return sorted(stored(begin, end), key=lambda each: each.at)
    finally:
        stored.close()


def test_only_a_dismissed_action_with_this_reason_and_a_case_says_so(path: Path) -> None:
    keep(
        path,
        ROW,
        replace(ROW, key="k2", reason="outdated"),
        replace(ROW, key="k3", reason=None),
        replace(ROW, key="k4", event="not_helpful"),
        replace(ROW, key="k5", kind="articles"),
        replace(ROW, key="k6", case_id=None),
    )
    assert read(path, NOW - timedelta(days=90), NOW + timedelta(hours=1)) == [Declined("c1", "angebot", ROW.at)]


def test_it_is_found_by_when_it_was_received_however_long_the_time_is(path: Path) -> None:
    for days in (0, 1, 40, 89, 95):
        moment = NOW - timedelta(days=days)
        keep(path, replace(ROW, key=f"k{days}", at=moment, case_id=f"c{days}"), received=moment)
    found = read(path, NOW - timedelta(days=90), NOW + timedelta(seconds=1))
    assert [each.case_id for each in found] == ["c89", "c40", "c1", "c0"]
    assert read(path, NOW - timedelta(days=90), NOW - timedelta(days=41)) == [found[0]]


def test_a_time_ahead_of_our_clock_is_that_of_receiving(path: Path) -> None:
    keep(path, replace(ROW, at=NOW + timedelta(minutes=4)))
    (found,) = read(path, NOW - timedelta(days=1), NOW + timedelta(minutes=1))
    assert found.at == NOW


def test_where_there_is_no_store_yet_nothing_was_declined(path: Path) -> None:
    assert read(path, NOW - timedelta(days=1), NOW) == []
    assert not path.exists()


def test_an_empty_store_and_one_without_feedback_tell_nothing(path: Path) -> None:
    FeedbackStore.open(path).close()
    assert read(path, NOW - timedelta(days=90), NOW) == []
