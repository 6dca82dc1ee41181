"""Removing snapshot directories so that nobody ever sees one half removed. The caller holds the writer lock."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from index.durable import TEMPORARY, TRASH, nothing, sync_directory, unused_name
from index.snapshot_errors import storage_errors
from index.snapshot_verify import snapshots_root


def discard(path: Path, *, between: Callable[[], None] = nothing) -> None:
    """Take ``path`` out of sight in one step, then remove it. Raises ``OSError``; what stays is swept later.

    ``between`` is called when it is out of sight.
    """
    trash = set_aside(path)
    sync_directory(path.parent)
    between()
    remove(trash)


def set_aside(path: Path) -> Path:
    """Rename ``path`` to a name under which no snapshot is looked for, and return that."""
    return path.rename(unused_name(path.parent, TRASH))


def remove(path: Path) -> None:
    """Remove a directory with all it holds, or a file; nothing happens when it's gone already."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def remove_leftovers(var: Path) -> None:
    """Remove what killed runs left behind. Under the writer lock nothing of the kind can be in use.

    Raises `SnapshotError` when something can't be removed: it may hold personal data, so it must not stay unnoticed.
    """
    root = snapshots_root(var)
    with storage_errors("removing what an interrupted run left behind", root):
        for path in sorted(root.iterdir()) if root.is_dir() else ():
            if path.name.startswith((TEMPORARY, TRASH)):
                remove(path)
