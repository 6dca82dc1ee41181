"""What can be wrong with snapshots, in words that name the file, what was found and what was expected."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.disk_space import free_bytes

_REMEDIES = {
    errno.ENOSPC: "Make room on the disk, then run the command again",
    errno.EDQUOT: "Raise the quota of this user or make room, then run the command again",
    errno.EFBIG: "Raise the file size limit (`ulimit -f`), then run the command again",
    errno.EACCES: "Give this user the right to write there, then run the command again",
    errno.EPERM: "Give this user the right to write there, then run the command again",
    errno.EROFS: "Mount the file system writable, then run the command again",
    errno.EIO: "Check the disk, then run the command again",
}
_NOTHING_CHANGED = "temporary files were removed and the snapshot in use is untouched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One damaged file. ``snapshot`` is ``None`` for a file that belongs to no snapshot, such as ``CURRENT``."""

    snapshot: str | None
    file: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = f"snapshot {self.snapshot}: " if self.snapshot else ""
        return f"{place}{self.file}: found {self.found}, expected {self.expected}"


class SnapshotError(Exception):
    """A snapshot could not be written, activated or removed."""


class UnknownSnapshotError(SnapshotError):
    """There is no snapshot of that id."""

    def __init__(self, snapshot_id: str) -> None:
        super().__init__(f"found no snapshot {snapshot_id[:40]!r}, expected the id of one that exists; list them first")


class DamagedSnapshotError(SnapshotError):
    """Files of a snapshot, or the pointer to it, are not what was written; ``problems`` names each."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        listed = "; ".join(map(str, problems))
        super().__init__(f"{listed}. Build again with `make reindex`, or go back with `make rollback`.")


class NoSnapshotError(SnapshotError):
    """There is no snapshot that could be used; ``problems`` says why, and is empty where there never was one."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        self.problems = problems
        super().__init__("; ".join((message, *map(str, problems))))


@contextmanager
def storage_errors(doing: str, root: Path, *, left: str = _NOTHING_CHANGED) -> Iterator[None]:
    """Turn an ``OSError`` while ``doing`` something below ``root`` into a `SnapshotError` that says how to mend it.

    ``left`` says in what state things are left.
    """
    try:
        yield
    except OSError as error:
        code = error.errno or 0
        remedy = _REMEDIES.get(code, "Mend that, then run the command again")
        raise SnapshotError(
            f"{doing} failed: {error.strerror or error} (below {root}{_free(root, code)}). {remedy}; {left}."
        ) from error


def _free(root: Path, code: int) -> str:
    if code not in (errno.ENOSPC, errno.EDQUOT):
        return ""
    try:
        return f", {free_bytes(root)} bytes are free"
    except OSError:
        return ""
