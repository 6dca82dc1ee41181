"""Which snapshots stay, and how the others go. Changes need the writer lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from index.activation import current, previous
from index.failpoints import reach
from index.snapshot_errors import DamagedSnapshotError, SnapshotError, UnknownSnapshotError, storage_errors
from index.snapshot_trash import discard
from index.snapshot_verify import read_manifest, snapshot_directory, snapshot_ids, snapshots_root, verify


def sweep(var: Path, now: datetime, *, keep_days: float = 14, keep_at_least: int = 3) -> tuple[str, ...]:
    """Delete snapshots created more than ``keep_days`` before ``now``, oldest first, and return their ids.

    The one that serves, the one to go back to and the ``keep_at_least`` newest good ones always stay. A damaged one
    goes by the same age (by the time of its directory where its manifest is unreadable). Nothing is deleted as long as
    nothing is activated. ``now`` is zone-aware. Raises `DamagedSnapshotError` when ``CURRENT`` is damaged, for then
    nobody knows what is in use, and `SnapshotError` when the disk fails.
    """
    if keep_days < 0 or keep_at_least < 1:
        raise ValueError(f"found keep_days {keep_days}, keep_at_least {keep_at_least}; expected at least 0 and 1")
    in_use = current(var)
    if in_use is None:
        return ()
    created = {snapshot_id: created_at(var, snapshot_id) for snapshot_id in snapshot_ids(var)}
    newest_first = sorted(created, key=lambda each: (created[each], each), reverse=True)
    old = [each for each in reversed(newest_first) if created[each] < now - timedelta(days=keep_days)]
    if not old:
        return ()
    kept = {in_use, previous(var), *_good(var, newest_first, keep_at_least)}
    doomed = tuple(each for each in old if each not in kept)
    for snapshot_id in doomed:
        _discard(var, snapshot_id)
    return doomed


def delete(var: Path, snapshot_id: str) -> None:
    """Delete one snapshot at once, for instance because it holds what had to be erased.

    Raises `UnknownSnapshotError`, and `SnapshotError` for the one that serves or when the disk fails.
    """
    if snapshot_id not in snapshot_ids(var):
        raise UnknownSnapshotError(snapshot_id)
    if snapshot_id == current(var):
        raise SnapshotError(f"snapshot {snapshot_id} serves, expected one that doesn't; activate another one first")
    _discard(var, snapshot_id)


def created_at(var: Path, snapshot_id: str) -> datetime:
    """Return when a snapshot was made; for an unreadable manifest, when its directory was last changed."""
    try:
        return read_manifest(var, snapshot_id).created_at
    except DamagedSnapshotError:
        changed = snapshot_directory(var, snapshot_id).stat().st_mtime
        return datetime.fromtimestamp(changed, tz=UTC)


def _good(var: Path, candidates: Iterable[str], count: int) -> list[str]:
    return list(islice((each for each in candidates if not verify(var, each)), count))


def _discard(var: Path, snapshot_id: str) -> None:
    left = "that snapshot is no longer used; what is left of it goes at the next build"
    with storage_errors(f"deleting snapshot {snapshot_id}", snapshots_root(var), left=left):
        reach("retention.before_delete")
        discard(snapshot_directory(var, snapshot_id), between=partial(reach, "retention.after_set_aside"))
        reach("retention.after_delete")
