"""Finding a snapshot to serve from, and saying what there is and in what state."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from index.activation import current, history, pointer_problem
from index.manifest import Manifest
from index.snapshot_errors import DamagedSnapshotError, NoSnapshotError, Problem, SnapshotError
from index.snapshot_verify import (
    VerifiedSnapshot,
    load_verified,
    read_manifest,
    snapshot_directory,
    snapshot_ids,
    snapshots_root,
    verify,
)

_ATTEMPTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotInfo:
    """One snapshot in a list; ``created_at`` is ``None`` and ``counts`` empty where the manifest is damaged.

    ``bytes`` is what it takes on the disk. ``problems`` is empty for a good one.
    """

    id: str
    created_at: datetime | None
    counts: Mapping[str, int]
    bytes: int
    is_current: bool
    problems: tuple[Problem, ...]


def load_current_or_last_good(var: Path) -> tuple[VerifiedSnapshot, tuple[Problem, ...]]:
    """Return the snapshot that ``CURRENT`` names, or the last good one with the problems of those passed over.

    After a damaged ``CURRENT`` the others follow, newest first, those that were gone back from last of all. May be
    called at any time, also while another process activates and deletes. Raises `NoSnapshotError` when nothing can be
    used.
    """
    named, problems = pointed = _pointed(var)
    for _ in range(_ATTEMPTS):
        named, problems = pointed
        if named is not None:
            try:
                return load_verified(var, named), ()
            except DamagedSnapshotError as error:
                problems = error.problems
        before, pointed = pointed, _pointed(var)
        if pointed == before:
            break  # otherwise it was replaced and deleted while we read it
    return _load_last_good(var, named, problems)


def list_snapshots(var: Path, *, hashes: bool = False) -> tuple[SnapshotInfo, ...]:
    """Return all snapshots, newest first, those with an unreadable manifest last.

    By default only manifests and file sizes are checked; with ``hashes`` every byte is read.
    """
    named, _ = _pointed(var)
    infos = [_info(var, snapshot_id, named, hashes=hashes) for snapshot_id in snapshot_ids(var)]
    dated = [(info.created_at.timestamp() if info.created_at else 0.0, info.id, info) for info in infos]
    return tuple(info for _, _, info in sorted(dated, key=lambda each: each[:2], reverse=True))


def pointer_problems(var: Path) -> tuple[Problem, ...]:
    """Return what is wrong with ``CURRENT``: nothing where it names a snapshot that exists, whatever its state."""
    return _pointed(var)[1]


def verify_all(var: Path) -> tuple[Problem, ...]:
    """Read every byte of every snapshot and return all that is wrong, ``CURRENT`` first; nothing when all is well."""
    return (*pointer_problems(var), *(problem for each in snapshot_ids(var) for problem in verify(var, each)))


def _pointed(var: Path) -> tuple[str | None, tuple[Problem, ...]]:
    try:
        named = current(var)
    except DamagedSnapshotError as error:
        return None, error.problems
    existing = snapshot_ids(var)
    if named in existing or not (named or existing):
        return named, ()
    found = f"{named}, which does not exist" if named else "nothing (the file is missing)"
    return None, (pointer_problem(found),)


def _load_last_good(
    var: Path, passed_over: str | None, problems: tuple[Problem, ...]
) -> tuple[VerifiedSnapshot, tuple[Problem, ...]]:
    candidates, unreadable = _candidates(var, passed_over)
    found = [*problems, *unreadable]
    for snapshot_id in candidates:
        try:
            return load_verified(var, snapshot_id), tuple(found)
        except DamagedSnapshotError as error:
            found.extend(error.problems)
    if not found:
        raise NoSnapshotError(f"found no snapshot below {snapshots_root(var)}; build one with `make reindex`")
    raise NoSnapshotError("found no snapshot that is undamaged; build one with `make reindex`", tuple(found))


def _candidates(var: Path, passed_over: str | None) -> tuple[list[str], tuple[Problem, ...]]:
    manifests: list[Manifest] = []
    unreadable: list[Problem] = []
    for snapshot_id in snapshot_ids(var):
        if snapshot_id != passed_over:
            try:
                manifests.append(read_manifest(var, snapshot_id))
            except DamagedSnapshotError as error:
                unreadable.extend(error.problems)
    withdrawn = _withdrawn(var)
    manifests.sort(key=lambda each: (each.snapshot_id not in withdrawn, each.created_at, each.snapshot_id))
    return [each.snapshot_id for each in reversed(manifests)], tuple(unreadable)


def _withdrawn(var: Path) -> frozenset[str]:
    # An unreadable log must not keep a good snapshot from serving.
    try:
        return history(var).withdrawn
    except SnapshotError:
        return frozenset()


def _info(var: Path, snapshot_id: str, named: str | None, *, hashes: bool) -> SnapshotInfo:
    manifest: Manifest | None = None
    with contextlib.suppress(DamagedSnapshotError):
        manifest = read_manifest(var, snapshot_id)
    return SnapshotInfo(
        id=snapshot_id,
        created_at=manifest.created_at if manifest else None,
        counts=manifest.counts if manifest else {},
        bytes=_bytes_on_disk(snapshot_directory(var, snapshot_id)),
        is_current=snapshot_id == named,
        problems=verify(var, snapshot_id, hashes=hashes),
    )


def _bytes_on_disk(directory: Path) -> int:
    total = 0
    with contextlib.suppress(OSError):  # it may be deleted while we look
        for path in directory.iterdir():
            total += path.stat().st_size
    return total
