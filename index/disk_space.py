"""Whether the disk has room, asked before writing: an early refusal names what is missing and leaves nothing behind."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

_USUAL_BLOCK = 4096


def free_bytes(directory: Path) -> int | None:
    """Return the bytes that an ordinary user may still write in ``directory``; ``None`` where that isn't known."""
    usage = shutil.disk_usage(directory)
    return usage.free if usage.total > 0 else None


def bytes_on_disk(sizes: Iterable[int], directory: Path) -> int:
    """Return what files of these sizes take in ``directory``, where each fills whole blocks."""
    block = os.statvfs(directory).f_frsize or _USUAL_BLOCK
    return sum(-(-size // block) * block for size in sizes)


def require_space(directory: Path, needed: int) -> None:
    """Raise ``OSError`` (``ENOSPC``) saying how many bytes are missing, unless ``needed`` bytes are free."""
    free = free_bytes(directory)
    if free is not None and free < needed:
        raise OSError(
            errno.ENOSPC,
            f"{os.strerror(errno.ENOSPC)}: {needed} bytes are needed, {free} are free, {needed - free} are missing",
        )
