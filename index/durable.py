"""File operations that have happened for good once they return, or leave what was there before."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

TEMPORARY = ".tmp-"
TRASH = ".trash-"
CHUNK = 1 << 20
"""So many bytes of a file are read at a time."""


def nothing() -> None:
    """Do nothing: the default of hooks."""


def unused_name(directory: Path, prefix: str) -> Path:
    """Return a path in ``directory`` that nothing uses: the prefix, this process's id and a random part."""
    return directory / f"{prefix}{os.getpid()}-{secrets.token_hex(6)}"


def write_file(
    path: Path, data: bytes, *, halfway: Callable[[], None] = nothing, before_sync: Callable[[], None] = nothing
) -> None:
    """Create ``path`` with ``data`` and wait until the device has it.

    ``halfway`` is called when the first half is written, ``before_sync`` when all is, but not yet on the device.
    Raises ``FileExistsError`` when ``path`` exists, and ``OSError`` when the disk is full, a limit is reached or the
    device fails; the file is then incomplete.
    """
    view = memoryview(data)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        _write_all(descriptor, view[: len(view) // 2])
        halfway()
        _write_all(descriptor, view[len(view) // 2 :])
        before_sync()
        os.fsync(descriptor)
        _forget_cached_pages(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, data: bytes, *, before: Callable[[], None] = nothing) -> None:
    """Replace ``path`` by ``data`` atomically: a reader sees the old or the new content, never a part of either.

    ``before`` is called when the new content lies beside the old one. The caller synchronises the directory.
    """
    with _draft_of(path) as draft:
        write_file(draft, data)
        before()


def copy_file(source: Path, target: Path) -> None:
    """Put a copy of a file at ``target`` for good, with its times and rights, as ``replace_file`` does with bytes."""
    with _draft_of(target) as draft:
        shutil.copy2(source, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
    sync_directory(target.parent)


def append_line(path: Path, line: str, *, halfway: Callable[[], None] = nothing) -> None:
    """Append one line and wait until the device has it; after an error the file is as it was.

    A last line that a killed process left unfinished is closed first. ``halfway`` is called when half is written.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
    try:
        size = os.fstat(descriptor).st_size
        unfinished = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        data = (f"\n{line}\n" if unfinished else f"{line}\n").encode()
        try:
            _write_all(descriptor, memoryview(data)[: len(data) // 2])
            halfway()
            _write_all(descriptor, memoryview(data)[len(data) // 2 :])
            os.fsync(descriptor)
        except BaseException:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)


def sync_directory(directory: Path) -> None:
    """Wait until the device knows the names in ``directory``."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, reading it in pieces of 1 MiB."""
    with path.open("rb", buffering=0) as file:
        return hash_pieces(iter(lambda: file.read(CHUNK), b""))[1]


def hash_pieces(pieces: Iterable[bytes]) -> tuple[int, str]:
    """Return the size in bytes and the SHA-256 in hexadecimal of pieces of data, joined."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


@contextlib.contextmanager
def _draft_of(path: Path) -> Iterator[Path]:
    """Give a name beside ``path`` to write to; what stands there takes its place, or goes after an error."""
    draft = unused_name(path.parent, TEMPORARY)
    try:
        yield draft
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _write_all(descriptor: int, view: memoryview) -> None:
    while view:
        view = view[os.write(descriptor, view) :]


def _forget_cached_pages(descriptor: int) -> None:
    # Reading back is worth something only when the device is asked, not the memory that we have just filled.
    with contextlib.suppress(OSError, AttributeError):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
