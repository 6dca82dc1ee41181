"""Which snapshot serves: reading and replacing ``CURRENT``, and going back. Changes need the writer lock."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from index.activation_log import Activation, Direction, History, append_activation, read_history
from index.durable import replace_file, sync_directory
from index.failpoints import reach
from index.snapshot_errors import (
    DamagedSnapshotError,
    NoSnapshotError,
    Problem,
    UnknownSnapshotError,
    storage_errors,
)
from index.snapshot_records import ID_PATTERN
from index.snapshot_verify import snapshot_ids, snapshots_root, verify

CURRENT = "CURRENT"
_POINTER = re.compile(rf"({ID_PATTERN.pattern})\n", re.ASCII)
_LONGEST = 100


def current(var: Path) -> str | None:
    """Return the id that ``CURRENT`` names, ``None`` when there is no such file.

    Whether that snapshot exists and is good is another question. Raises `DamagedSnapshotError` when the file holds
    anything but an id and a newline.
    """
    path = snapshots_root(var) / CURRENT
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedSnapshotError((pointer_problem(error.strerror or str(error)),)) from error
    match = _POINTER.fullmatch(data.decode("ascii", errors="replace"))
    if match is None:
        raise DamagedSnapshotError((pointer_problem(f"{len(data)} bytes, {data!r}"),))
    return match.group(1)


def pointer_problem(found: str) -> Problem:
    """Return the problem of a ``CURRENT`` that names no snapshot."""
    return Problem(snapshot=None, file=CURRENT, found=found, expected="a snapshot id (16 hexadecimal digits), newline")


def activate(var: Path, snapshot_id: str, *, at: datetime | None = None) -> bool:
    """Verify a snapshot, then make it the one that serves, in one step; return False when it serves already.

    Raises `UnknownSnapshotError`, `DamagedSnapshotError` naming every damaged file, and `SnapshotError` when the disk
    is full or fails.
    """
    return _switch(var, snapshot_id, "activate", at or datetime.now(UTC))


def rollback(var: Path, *, at: datetime | None = None) -> str:
    """Go back to `previous` and return its id; doing so again goes further back.

    Raises `NoSnapshotError` when there is nothing to go back to, and `SnapshotError` as `activate` does.
    """
    target = previous(var)
    if target is None:
        raise NoSnapshotError(
            f"found nothing to go back to among {len(snapshot_ids(var))} snapshots, expected a good one that served "
            "before the present one. Activate a snapshot by its id, or build a new one with `make reindex`"
        )
    _switch(var, target, "rollback", at or datetime.now(UTC))
    return target


def previous(var: Path) -> str | None:
    """Return the good snapshot that served last before the present one and wasn't gone back from, if there is one."""
    *earlier, present = history(var).served or ("",)
    existing = set(snapshot_ids(var)) - {present}
    candidates = (snapshot_id for snapshot_id in reversed(earlier) if snapshot_id in existing)
    return next((snapshot_id for snapshot_id in candidates if not verify(var, snapshot_id)), None)


def history(var: Path) -> History:
    """Return what has served so far; raises `SnapshotError` when the log can't be read."""
    root = snapshots_root(var)
    with storage_errors("reading the activations", root):
        return read_history(root, _current_or_none(var))


def _switch(var: Path, snapshot_id: str, direction: Direction, at: datetime) -> bool:
    if snapshot_id not in snapshot_ids(var):
        raise UnknownSnapshotError(snapshot_id)
    if problems := verify(var, snapshot_id):
        raise DamagedSnapshotError(problems)
    present = _current_or_none(var)
    if present == snapshot_id:
        return False
    root = snapshots_root(var)
    stamp = at.astimezone(UTC).isoformat(timespec="seconds")
    with storage_errors(f"activating snapshot {snapshot_id}", root):
        append_activation(root, Activation(id=snapshot_id, came_from=present, at=stamp, direction=direction))
        replace_file(
            root / CURRENT, f"{snapshot_id}\n".encode("ascii"), before=partial(reach, "current.before_replace")
        )
    left = f"snapshot {snapshot_id} is activated, though a power cut now might undo that"
    with storage_errors(f"synchronising {root}", root, left=left):
        reach("current.after_replace")
        sync_directory(root)
        reach("current.after_sync")
    return True


def _current_or_none(var: Path) -> str | None:
    try:
        return current(var)
    except DamagedSnapshotError:
        return None
