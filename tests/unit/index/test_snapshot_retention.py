from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.failpoints import VARIABLE
from index.snapshot import (
    DamagedSnapshotError,
    SnapshotError,
    UnknownSnapshotError,
    activate,
    delete,
    list_snapshots,
    rollback,
    sweep,
)

Publish = Callable[..., str]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def ids(var: Path) -> set[str]:
    return {info.id for info in list_snapshots(var)}


def test_keeps_two_weeks_and_deletes_older_ones_oldest_first(var: Path, publish: Publish) -> None:
    made = {days: publish(var, str(days), days=-days) for days in (30, 20, 15, 14, 13, 1, 0)}
    assert sweep(var, NOW) == (made[30], made[20], made[15])
    assert ids(var) == {made[days] for days in (14, 13, 1, 0)}
    assert not list((var / "snapshots").glob(".*"))


def test_keeps_at_least_three_whatever_their_age(var: Path, publish: Publish) -> None:
    made = [publish(var, str(days), days=-days) for days in (60, 50, 40, 30)]
    assert sweep(var, NOW) == (made[0],)
    assert sweep(var, NOW) == ()


def test_damaged_ones_do_not_count_among_those_kept(var: Path, publish: Publish) -> None:
    made = [publish(var, str(days), days=-days) for days in (70, 60, 50, 40, 30)]
    for snapshot_id in made[2:4]:
        (var / "snapshots" / snapshot_id / "vectors.npy").write_bytes(b"")
    assert sweep(var, NOW) == (made[2], made[3])
    assert ids(var) == {made[0], made[1], made[4]}


def test_never_deletes_what_serves_or_what_to_go_back_to(var: Path, publish: Publish) -> None:
    oldest, older, *newer = (publish(var, str(days), days=-days) for days in (90, 80, 3, 2, 1))
    for snapshot_id in (older, oldest):
        activate(var, snapshot_id)
    deleted = sweep(var, NOW, keep_days=0, keep_at_least=1)
    assert deleted == tuple(newer[:2])
    assert ids(var) == {oldest, older, newer[2]}
    assert rollback(var) == older


def test_one_with_an_unreadable_manifest_goes_by_the_age_of_its_directory(var: Path, publish: Publish) -> None:
    broken, *_ = (publish(var, text) for text in "abcd")
    directory = var / "snapshots" / broken
    (directory / "manifest.json").write_bytes(b"")
    for days, deleted in ((13, ()), (15, (broken,))):
        stamp = (NOW - timedelta(days=days)).timestamp()
        os.utime(directory, (stamp, stamp))
        assert sweep(var, NOW) == deleted


def test_deletes_nothing_while_nobody_knows_what_serves(var: Path, publish: Publish) -> None:
    for days in (90, 80, 70, 60):
        publish(var, str(days), days=-days, active=False)
    assert sweep(var, NOW) == ()
    (var / "snapshots" / "CURRENT").write_bytes(b"?")
    with pytest.raises(DamagedSnapshotError, match="CURRENT"):
        sweep(var, NOW)
    assert len(ids(var)) == 4


@pytest.mark.parametrize("wrong", [{"keep_days": -1}, {"keep_at_least": 0}])
def test_senseless_limits_are_refused(var: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="expected at least 0 and 1"):
        sweep(var, NOW, **wrong)


def test_a_failure_says_what_becomes_of_it(var: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [publish(var, str(days), days=-days) for days in (60, 50, 40, 30)]
    monkeypatch.setenv(VARIABLE, "retention.before_delete:error")
    with pytest.raises(SnapshotError, match=f"deleting snapshot {made[0]} failed"):
        sweep(var, NOW)
    assert ids(var) == set(made)


def test_deleting_by_hand_spares_what_serves(var: Path, publish: Publish) -> None:
    old, present = publish(var, "a"), publish(var, "b")
    with pytest.raises(SnapshotError, match=r"serves.*activate another one first"):
        delete(var, present)
    delete(var, old)
    assert ids(var) == {present}
    with pytest.raises(UnknownSnapshotError):
        delete(var, old)
