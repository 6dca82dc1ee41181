"""Streams that give up when an archive unpacks to more than it may."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from corpus.importers.limits import ImportFailedError

_CHUNK = 1 << 20
_MAX_READ = 2 * _CHUNK  # no name and no attribute of a tar entry is longer
_OPENERS: tuple[tuple[bytes, Any], ...] = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open))


class Budget:
    """How many bytes may still come out of an archive; raises ImportFailedError when there are more."""

    def __init__(self, path: Path, allowed: int) -> None:
        self._path, self._allowed = path, allowed
        self._spent = 0

    def spend(self, count: int) -> None:
        """Take note of bytes that came out."""
        self._spent += count
        self.check(self._spent)

    def check(self, position: int) -> None:
        """Refuse a position beyond what is allowed."""
        if position > self._allowed:
            found = f"found an archive that unpacks to more than {self._allowed} bytes"
            raise ImportFailedError(
                f"{self._path}: {found}, expected at most that: unpack it, look at it, import the folder"
            )

    def read_all(self, stream: IO[bytes]) -> bytes:
        """Return what is left in ``stream``, piece by piece, so that a bomb is seen before it fills the memory."""
        pieces = []
        while piece := stream.read(_CHUNK):
            self.spend(len(piece))
            pieces.append(piece)
        return b"".join(pieces)


@contextmanager
def open_unpacked(path: Path, budget: Budget) -> Iterator[BinaryIO]:
    """Open a file as what it unpacks to (gzip, bzip2, xz, or itself), bounded by a budget of its own positions."""
    with path.open("rb") as raw:
        start = raw.read(8)
    opener = next((opener for magic, opener in _OPENERS if start.startswith(magic)), None)
    with path.open("rb") if opener is None else opener(path, "rb") as stream:
        yield cast(BinaryIO, _Bounded(stream, budget))


class _Bounded(io.RawIOBase):
    """Lets the reader of a tar archive go no further than the budget, and read no header larger than any real one."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        super().__init__()
        self._stream, self._budget = stream, budget

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _MAX_READ:  # whole headers are read at once, contents in smaller pieces
            raise ImportFailedError(f"found a tar header of {size} bytes, expected at most {_MAX_READ}: pack it again")
        data = self._stream.read(size)
        self._budget.check(self._stream.tell())
        return data

    def seek(self, position: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_SET:
            self._budget.check(position)
        return self._stream.seek(position, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True
