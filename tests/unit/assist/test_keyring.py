"""What a process knows of the keys: followed, kept while the store is away, and never opened by revoking."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assist.keyring import KeyRing
from corpus.api_keys import ApiKey
from corpus.store_errors import StoreBusyError

KEY = ApiKey(
    id="0a1b2c3d4e5f",
    name="CRM",
    secret_hash=b"h" * 32,
    scopes=frozenset({"suggest"}),
    audiences=frozenset({"public"}),
    created_at=datetime(2026, 5, 4, tzinfo=UTC),
)
AWAY = StoreBusyError("The database /srv/var/stichwort.db is locked by another process")


class Source:
    """Answers with what the test says next."""

    def __init__(self, *answers: Sequence[ApiKey] | Exception | None) -> None:
        self.answers = list(answers)

    def __call__(self) -> Sequence[ApiKey] | None:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def ring_after(*answers: Sequence[ApiKey] | Exception | None) -> KeyRing:
    ring = KeyRing(Source(*answers))
    for _ in answers:
        ring.refresh()
    return ring


def ids(ring: KeyRing) -> list[str]:
    known = ring.known()
    assert known is not None
    return list(known.by_id)


def required(ring: KeyRing) -> bool:
    known = ring.known()
    assert known is not None
    return known.required


def test_before_the_first_reading_nothing_is_known_and_that_is_said() -> None:
    ring = KeyRing(Source())
    assert ring.known() is None
    assert ring.problem() is not None


@pytest.mark.parametrize("nothing", [None, ()])
def test_without_a_key_none_is_required(nothing: Sequence[ApiKey] | None) -> None:
    ring = ring_after(nothing)
    assert (ids(ring), required(ring), ring.problem()) == ([], False, None)


def test_a_first_key_is_required_from_then_on() -> None:
    ring = ring_after(None, [KEY])
    assert (ids(ring), required(ring)) == ([KEY.id], True)


def test_a_store_that_is_away_changes_nothing_but_is_told() -> None:
    ring = ring_after([KEY], AWAY)
    assert (ids(ring), required(ring)) == ([KEY.id], True)
    assert "revoking waits" in str(ring.problem())


@pytest.mark.parametrize("fault", [AWAY, OSError("disk"), ValueError("odd row")])
def test_a_store_that_never_could_be_read_leaves_nobody_known(fault: Exception) -> None:
    ring = ring_after(fault)
    assert ring.known() is None
    assert "none is known yet" in str(ring.problem())


def test_readiness_tells_no_path_of_the_machine() -> None:
    assert "/srv" not in str(ring_after([KEY], AWAY).problem())


def test_a_store_that_has_vanished_counts_as_away() -> None:
    ring = ring_after([KEY], None)
    assert (ids(ring), required(ring)) == ([KEY.id], True)
    assert ring.problem() is not None


def test_revoking_the_last_key_does_not_open_the_service() -> None:
    ring = ring_after([replace(KEY, revoked_at=datetime(2026, 5, 5, tzinfo=UTC))])
    assert required(ring)


def test_an_emptied_store_accepts_no_old_key_and_still_requires_one() -> None:
    ring = ring_after([KEY], [])
    assert (ids(ring), required(ring)) == ([], True)


def test_it_recovers_when_the_store_is_back() -> None:
    ring = ring_after(AWAY, [KEY])
    assert (ids(ring), ring.problem()) == ([KEY.id], None)


def test_an_outage_is_logged_once_not_every_other_second(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    ring_after([KEY], AWAY, AWAY, AWAY, [KEY], AWAY)
    assert len(caplog.records) == 2
    assert "locked by another process" in caplog.text
