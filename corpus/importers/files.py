"""The files of an export, whether it is a file, a folder or an archive; none of them leads out of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from corpus.importers.limits import ImportFailedError


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A regular file: its name within the export, parted by ``/``, its size, and how to open it for reading.

    ``open`` may be called only until the next file is asked for: archives are read in one go.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]

    @property
    def suffix(self) -> str:
        """The ending in lower case, such as ``.md``."""
        return PurePosixPath(self.name).suffix.lower()

    def read(self, limit: int) -> bytes:
        """Return the content, raising EntryFault when it is longer than ``limit`` bytes."""
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise EntryFault(f"found more than {limit} bytes, expected at most that", "split the file")
        return data


class EntryFault(Exception):  # noqa: N818 - becomes a quarantined row, and is never an error of the program
    """What makes one file of an export unusable."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


@dataclass(frozen=True, slots=True)
class UnusableEntry:
    """An entry that is no file to read: a link, a device, a name that leads out of the export, a hidden folder.

    ``harmless`` marks what is left out on purpose.
    """

    name: str
    reason: str
    hint: str = ""
    harmless: bool = False


_DRIVE = re.compile("[A-Za-z]:")

Entry = SourceFile | UnusableEntry
Source = Callable[[], Iterator[Entry]]
"""Yields the entries of an export; each call begins anew, in the same order."""


def safe_name(name: str) -> str | None:
    r"""Return the name of an archive's entry if it stays within the archive, else ``None``.

    >>> safe_name("hilfe/umzug.md"), safe_name("../umzug.md"), safe_name("C:\\umzug.md")
    ('hilfe/umzug.md', None, None)
    """
    parts = name.split("/")
    if not name or "\\" in name or "\0" in name or name.startswith("/") or _DRIVE.match(name) or ".." in parts:
        return None
    return "/".join(part for part in parts if part not in ("", ".")) or None


def is_hidden(name: str) -> bool:
    """Whether a file or one of its folders is hidden, or made by a program that packs archives."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def must_exist(path: Path) -> None:
    """Raise ImportFailedError unless the export is there."""
    if not path.exists():
        raise ImportFailedError(f"{path}: found nothing of this name, expected a file, folder or archive to import")
