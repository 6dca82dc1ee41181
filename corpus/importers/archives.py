"""The files of zip and tar archives, read in place: nothing is ever unpacked to the disk.

An archive may unpack to so many bytes in all (``ImportLimits.budget``). What is counted are the bytes that come out;
what an archive says of its own sizes is not believed.
"""

from __future__ import annotations

import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from corpus.importers.bounded import Budget, open_unpacked
from corpus.importers.files import Entry, EntryFault, SourceFile, UnusableEntry, is_hidden, safe_name
from corpus.importers.limits import ImportFailedError, ImportLimits

_OUTSIDE = "a name that leads out of the archive"
_PACK_AGAIN = "pack the archive again, with plain relative names"
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, OSError)


def zip_entries(path: Path, limits: ImportLimits) -> Iterator[Entry]:
    """Yield the entries of a zip archive, sorted by name."""
    budget = Budget(path, limits.budget(path.stat().st_size))
    try:
        archive = zipfile.ZipFile(path)
    except (*BROKEN, ValueError) as error:
        raise ImportFailedError(f"{path}: found a damaged zip archive ({error}): export or pack it again") from None
    with archive:
        infos = archive.infolist()
        _check_count(path, len(infos), limits)
        seen: set[str] = set()
        for info in sorted(infos, key=lambda each: each.filename):
            if not info.is_dir():
                yield _zip_entry(archive, info, seen, budget)


def _zip_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, seen: set[str], budget: Budget) -> Entry:
    mode = info.external_attr >> 16
    # The name in the archive itself: zipfile cuts it at a NUL and turns the separators of the system into slashes.
    if unusable := _unusable(info.orig_filename, seen, is_link=stat.S_ISLNK(mode), is_file=_may_be_file(mode)):
        return unusable
    if info.flag_bits & 1:
        return UnusableEntry(info.filename, "an encrypted file", "pack the archive without a password")
    name = safe_name(info.filename) or info.filename
    return SourceFile(name, info.file_size, partial(_open_zipped, archive, info, budget))


def _may_be_file(mode: int) -> bool:
    return stat.S_IFMT(mode) in (0, stat.S_IFREG)  # 0: packed by a system that keeps no modes


def _open_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> BinaryIO:
    try:
        with archive.open(info) as stream:
            return io.BytesIO(budget.read_all(stream))
    except BROKEN as error:
        raise EntryFault(f"a damaged entry of the archive ({error})", "export or pack it again") from None


def tar_entries(path: Path, limits: ImportLimits) -> Iterator[Entry]:
    """Yield the entries of a tar archive, packed or not, in its own order."""
    budget = Budget(path, limits.budget(path.stat().st_size))
    seen: set[str] = set()
    with open_unpacked(path, budget) as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r:") as archive:
                for count, member in enumerate(archive, start=1):
                    _check_count(path, count, limits)
                    if not member.isdir():
                        yield _tar_entry(archive, member, seen, budget)
        except (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
            raise ImportFailedError(f"{path}: found a damaged tar archive ({error}): pack it again") from None


def _tar_entry(archive: tarfile.TarFile, member: tarfile.TarInfo, seen: set[str], budget: Budget) -> Entry:
    is_link = member.issym() or member.islnk()
    if unusable := _unusable(member.name, seen, is_link=is_link, is_file=member.isreg() and not member.issparse()):
        return unusable
    return SourceFile(
        safe_name(member.name) or member.name, member.size, partial(_open_tarred, archive, member, budget)
    )


def _open_tarred(archive: tarfile.TarFile, member: tarfile.TarInfo, budget: Budget) -> BinaryIO:
    stream = archive.extractfile(member)
    if stream is None:
        raise EntryFault("no content", "pack the archive again")
    with stream:
        return io.BytesIO(budget.read_all(stream))


def _unusable(found: str, seen: set[str], *, is_link: bool, is_file: bool) -> UnusableEntry | None:
    name = safe_name(found)
    shown = found.encode("utf-8", "replace").decode("utf-8")
    if name is None or shown != found:
        return UnusableEntry(shown.replace("\0", "\ufffd"), _OUTSIDE, _PACK_AGAIN)
    if is_link:
        return UnusableEntry(
            name, "a link, which is not followed, since it may lead out of the archive", "pack the file itself"
        )
    if is_hidden(name):
        return UnusableEntry(name, "hidden", harmless=True)
    if not is_file:
        return UnusableEntry(name, "neither a file nor a folder", _PACK_AGAIN)
    if name in seen:
        return UnusableEntry(name, "a name that the archive has twice", "remove the one that is out of date")
    seen.add(name)
    return None


def _check_count(path: Path, count: int, limits: ImportLimits) -> None:
    if count > limits.entries:
        raise ImportFailedError(f"{path}: found more than {limits.entries} entries, expected at most that: split it")
