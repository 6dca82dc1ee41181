"""The files below a folder, without following any link out of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from corpus.importers.files import Entry, SourceFile, UnusableEntry, is_hidden
from corpus.importers.limits import ImportFailedError, ImportLimits

_LINK = "a symbolic link, which is not followed, since it may lead out of the folder"
_COPY = "put a copy of the file in its place"


def folder_entries(folder: Path, limits: ImportLimits) -> Iterator[Entry]:
    """Yield what lies below ``folder``, sorted by name; hidden files and folders as one entry each."""
    count = 0
    stack = [folder]
    while stack:
        for path in _sorted(stack.pop(), stack, folder):
            count += 1
            if count > limits.entries:
                raise ImportFailedError(
                    f"{folder}: found more than {limits.entries} files, expected at most that: split it"
                )
            yield _entry(path, path.relative_to(folder).as_posix())


def single_file(path: Path) -> Iterator[Entry]:
    """Yield the one file that an export consists of."""
    yield _entry(path.resolve(), path.name)


def _sorted(folder: Path, stack: list[Path], root: Path) -> Iterator[Path]:
    """Yield the files of one folder, and put its folders on the stack, so that the first comes off first."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    folders = []
    for entry in entries:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False) and not is_hidden(path.relative_to(root).as_posix()):
            folders.append(path)
        else:
            yield path
    stack.extend(reversed(folders))


def _entry(path: Path, name: str) -> Entry:
    status = path.lstat()
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        shown = name.encode("utf-8", "replace").decode("utf-8")
        return UnusableEntry(shown, "a name that is not UTF-8", "rename the file")
    if stat.S_ISLNK(status.st_mode):
        return UnusableEntry(name, _LINK, _COPY)
    if is_hidden(name):
        return UnusableEntry(name, "hidden", harmless=True)
    if not stat.S_ISREG(status.st_mode):
        return UnusableEntry(name, "neither a file nor a folder", "remove it")
    return SourceFile(name, status.st_size, partial(_open, path))


def _open(path: Path) -> BinaryIO:
    """Open a regular file; what was put in its place since it was listed is refused."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ImportFailedError(f"{path}: found no regular file any more: leave the export alone while it is imported")
    return os.fdopen(descriptor, "rb")
