"""Declined offers as a process remembers them: followed, bounded, and kept while the store is away."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from assist.declined import ANEW, REMEMBERED, DeclinedMemory
from corpus.declined import Declined
from corpus.store_errors import StoreBusyError

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Store:
    """Holds what was told and when it was received, and tells it as often as it is asked."""

    def __init__(self) -> None:
        self.rows: list[tuple[datetime, Declined]] = []
        self.away: Exception | None = None
        self.asked: list[timedelta] = []

    def tell(self, case_id: str, action_id: str, at: datetime) -> None:
        self.rows.append((at, Declined(case_id, action_id, at)))

    def __call__(self, begin: datetime, end: datetime) -> Sequence[Declined]:
        if self.away is not None:
            raise self.away
        self.asked.append(end - begin)
        return [told for received, told in self.rows if begin <= received < end]


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(store: Store, clock: Clock) -> DeclinedMemory:
    return DeclinedMemory(store, clock=clock)


def test_what_was_declined_is_known_by_case(memory: DeclinedMemory, store: Store) -> None:
    store.tell("c1", "angebot", NOW - timedelta(days=3))
    store.tell("c1", "rabatt", NOW - timedelta(days=2))
    memory.refresh()
    assert memory.declined("c1", NOW) == {"angebot", "rabatt"}
    assert memory.declined("c2", NOW) == frozenset()


def test_it_is_known_from_when_it_was_declined_for_ninety_days(memory: DeclinedMemory, store: Store) -> None:
    declined_at = NOW - timedelta(days=80)
    store.tell("c1", "angebot", declined_at)
    memory.refresh()
    assert memory.declined("c1", declined_at - timedelta(seconds=1)) == frozenset()
    assert memory.declined("c1", declined_at) == {"angebot"}
    assert memory.declined("c1", declined_at + REMEMBERED) == {"angebot"}
    assert memory.declined("c1", declined_at + REMEMBERED + timedelta(seconds=1)) == frozenset()


def test_after_the_first_time_only_what_is_new_is_read(memory: DeclinedMemory, store: Store, clock: Clock) -> None:
    memory.refresh()
    clock.now += timedelta(seconds=1)
    store.tell("c1", "angebot", clock.now - timedelta(seconds=30))  # its transaction had to wait
    memory.refresh()
    assert memory.declined("c1", clock.now) == {"angebot"}
    assert store.asked[0] > REMEMBERED
    assert store.asked[1] < timedelta(minutes=5)


def test_what_was_erased_is_forgotten_with_the_next_whole_reading(
    memory: DeclinedMemory, store: Store, clock: Clock
) -> None:
    store.tell("c1", "angebot", NOW - timedelta(days=1))
    memory.refresh()
    store.rows.clear()
    clock.now += ANEW
    memory.refresh()
    assert memory.declined("c1", clock.now) == frozenset()


@pytest.mark.parametrize("fault", [StoreBusyError("The database is locked"), RuntimeError("what a customer wrote")])
def test_while_the_store_is_away_what_is_known_goes_on_and_it_is_said_once(
    memory: DeclinedMemory, store: Store, clock: Clock, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    store.tell("c1", "angebot", NOW - timedelta(days=1))
    memory.refresh()
    store.away = fault
    with caplog.at_level(logging.WARNING):
        memory.refresh()
        memory.refresh()
    assert memory.declined("c1", NOW) == {"angebot"}
    assert len(caplog.records) == 1
    assert "customer" not in caplog.text
    store.away = None
    clock.now += timedelta(seconds=300)
    store.tell("c2", "angebot", NOW + timedelta(seconds=10))  # received while nobody could read
    memory.refresh()
    assert memory.declined("c2", clock.now) == {"angebot"}
