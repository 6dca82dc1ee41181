"""Where the workers of a service keep their figures, one set of small files for each.

The files are mapped into memory: a page that the disk has no room for would kill the worker that writes it. So all
room that a worker can need is taken when it starts, and where that fails it goes without figures.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import time
from pathlib import Path

_ROOM = {"counter": 1 << 19, "histogram": 1 << 19, "gauge_livesum": 1 << 16, "gauge_livemax": 1 << 16} | {
    "gauge_liveall": 1 << 16
}
_LEFT_BEHIND_S = 7 * 86_400


def folder_of(var: Path, port: int) -> Path:
    """Return where the service of a port keeps its figures: several may share a state, also from several machines."""
    return var / "metrics" / f"{socket.gethostname()}-{port}"


def begin_anew(folder: Path) -> None:
    """Empty the folder of a service that starts, and remove those that services left behind a week ago or earlier.

    What cannot be tidied up stays: whether there is room for figures is found out, and told, when it is taken.
    """
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for other in folder.parent.iterdir():
            if other.is_dir() and time.time() - _last_written(other) > _LEFT_BEHIND_S:
                shutil.rmtree(other, ignore_errors=True)


def _last_written(folder: Path) -> float:
    return max(path.stat().st_mtime for path in (folder, *folder.iterdir()))


def take_room(folder: Path, process: int) -> None:
    """Take all the room that the figures of a process can need; raises ``OSError`` where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, room in _ROOM.items():
        descriptor = os.open(folder / f"{name}_{process}.db", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, room)
        finally:
            os.close(descriptor)


def forget_worker(folder: Path, process: int) -> None:
    """Take back what a worker that ended told of how it was; what it counted stays."""
    # Imported by need: the parent of all workers needs nothing else of it.
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(process, path=str(folder))  # type: ignore[no-untyped-call]
