"""What an import writes: one corpus file, judged by the reader that indexing uses, in place at once or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.importers.limits import ImportFailedError
from corpus.importers.quarantine import FILE, lines_of_other_kinds
from corpus.models import Kind

_STAGING = ".import-"


@contextmanager
def staging_folder(corpus: Path) -> Iterator[Path]:
    """Make a folder within ``corpus`` to write in, alone; afterwards it is gone, and so is what killed imports left.

    Raises ImportFailedError when another import writes there.
    """
    is_new = not corpus.exists()
    corpus.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(corpus, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _lock(descriptor, corpus)
        for left in corpus.glob(f"{_STAGING}*"):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
        staging = corpus / f"{_STAGING}{os.getpid()}-{secrets.token_hex(4)}"
        staging.mkdir()
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    finally:
        os.close(descriptor)
        if is_new:
            with contextlib.suppress(OSError):  # there is something in it
                corpus.rmdir()


def _lock(descriptor: int, corpus: Path) -> None:
    try:  # the lock of the folder itself ends with its holder and leaves no file behind
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ImportFailedError(f"{corpus}: another import writes there: wait until it has finished") from None


def file_to_replace(corpus: Path, kind: Kind) -> Path:
    """Return the file of the kind: the packed one if there is one, so that never both are there.

    Raises ImportFailedError when both are, or when it is no regular file.
    """
    plain, packed = corpus / f"{kind}.jsonl", corpus / f"{kind}.jsonl.gz"
    if plain.exists() and packed.exists():
        raise ImportFailedError(f"{plain}: found beside {packed.name}, expected one of the two: remove the older one")
    path = packed if packed.exists() else plain
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise ImportFailedError(f"{path}: found a link or folder, expected a file that may be replaced: remove it")
    return path


def publish_records(staged: Path, target: Path) -> None:
    """Put the staged file in the place of ``target``, packed if that is; a reader sees the old or the new one."""
    if target.suffix == ".gz":
        packed = staged.with_name(target.name)
        # No time and no name in its head: the same records give the same bytes.
        with staged.open("rb") as plain, packed.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as out:
            shutil.copyfileobj(plain, out)
        staged = packed
    _replace(staged, target)


def publish_quarantine(corpus: Path, staging: Path, kind: Kind, rows: Path) -> bool:
    """Put the quarantine in place, with what other kinds have there; without any row there is no file."""
    target, staged = corpus / FILE, staging / FILE
    with staged.open("wb") as out:
        out.writelines(lines_of_other_kinds(target, kind))
        with rows.open("rb") as own:
            shutil.copyfileobj(own, out)
    if staged.stat().st_size == 0:
        target.unlink(missing_ok=True)
        return False
    _replace(staged, target)
    return True


def _replace(staged: Path, target: Path) -> None:
    with staged.open("rb") as written:
        os.fsync(written.fileno())
    staged.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
