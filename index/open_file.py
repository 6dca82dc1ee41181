"""A file that is open and was verified: parts of it are read when they are needed, whatever becomes of its name."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from pathlib import Path


class OpenFile:
    """Reads parts of a file, from any thread; it is closed when nobody holds it any more.

    Nothing is mapped: a map of a file that is cut would end the process, a read comes back short.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._name = str(path)
        weakref.finalize(self, os.close, self._descriptor)

    def read(self, start: int, size: int) -> bytes:
        """Return up to ``size`` bytes from ``start``; fewer at the end of the file."""
        return os.pread(self._descriptor, size, start)

    def pieces(self, size: int) -> Iterator[bytes]:
        """Yield the file from its beginning, ``size`` bytes at a time."""
        start = 0
        while piece := self.read(start, size):
            yield piece
            start += len(piece)

    def fill(self, view: memoryview, start: int) -> None:
        """Fill a view with the bytes from ``start``; raises ``OSError`` where the file holds fewer."""
        filled = 0
        while filled < len(view):
            count = os.preadv(self._descriptor, [view[filled:]], start + filled)
            if count == 0:
                raise OSError(f"{self._name} ends at {start + filled} bytes, expected {start + len(view)}: make verify")
            filled += count
