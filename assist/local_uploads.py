"""Uploads in the state directory of this machine.

    var/uploads/<id>/    the files of one upload; hidden while it is being received

What is erased takes every upload with it, for nobody has looked into them.
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from assist.unavailable import Unavailable
from assist.upload_reading import UNPACKED_FACTOR, UnusableUploadError, unpack
from assist.uploads import DEFAULT_UPLOAD_MB, MIB, Form, Upload, UploadTooLargeError
from corpus.wording import Problem
from index.durable import TEMPORARY, unused_name
from index.erased_lines import UPLOADS

KEPT = 5
KEPT_S = 24 * 3_600.0
SWEEP_S = 600.0
_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)


class LocalUploads:
    """Keeps uploads in the state directory. Safe to share between threads."""

    def __init__(self, var: Path, *, most_bytes: int = DEFAULT_UPLOAD_MB * MIB) -> None:
        self._root = var / UPLOADS
        self.most_bytes = most_bytes
        self._turn = threading.Lock()

    def keep(self, pieces: Iterable[bytes], form: Form) -> Upload:
        """Receive an upload beside the others and give it its name once it is whole."""
        # One at a time: what a zip unpacks to passes through the memory.
        if not self._turn.acquire(blocking=False):
            raise Unavailable("Another upload is being received")
        try:
            self.sweep()
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            return self._receive(pieces, form)
        except OSError as error:
            raise Unavailable(f"The upload could not be kept ({error.strerror})", retry_after_s=30) from error
        finally:
            self._turn.release()

    def _receive(self, pieces: Iterable[bytes], form: Form) -> Upload:
        beside = unused_name(self._root, TEMPORARY)
        corpus = beside / "corpus"
        corpus.mkdir(mode=0o700, parents=True)
        try:
            ignored: tuple[str, ...] = ()
            if form == "zip":
                self._write(pieces, beside / "sent.zip")
                ignored = unpack(beside / "sent.zip", corpus, self.most_bytes * UNPACKED_FACTOR)
            else:
                self._write(pieces, corpus / f"{form}.jsonl")
            name = secrets.token_hex(8)
            corpus.rename(self._root / name)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        self.sweep()
        return Upload(id=name, ignored=ignored, created_at=self._time(name), files=self._files(name))

    def _write(self, pieces: Iterable[bytes], path: Path) -> None:
        received = 0
        with path.open("xb") as file:
            for piece in pieces:
                received += len(piece)
                if received > self.most_bytes:
                    raise UploadTooLargeError
                file.write(piece)
        if not received:
            raise UnusableUploadError([Problem("", "found an empty body, expected a file: send it as the body")])

    def all(self) -> Sequence[Upload]:
        """Return the uploads of the last day, newest first."""
        self.sweep()
        found = []
        for name in self._names():
            with suppress(FileNotFoundError):  # removed while we looked
                found.append(Upload(id=name, created_at=self._time(name), files=self._files(name)))
        return found

    def folder(self, upload_id: str) -> Path | None:
        """Return the corpus folder of an upload of the last day."""
        self.sweep()
        path = self._root / upload_id
        return path if _ID.fullmatch(upload_id) and path.is_dir() else None

    def remove(self, upload_id: str) -> bool:
        """Remove an upload."""
        path = self.folder(upload_id)
        if path is not None:
            shutil.rmtree(path, ignore_errors=True)
        return path is not None

    def sweep(self) -> None:
        """Remove what is older than a day, all but the newest few, and what was never received whole."""
        oldest = time.time() - KEPT_S
        names = self._names()
        gone = [
            self._root / name for position, name in enumerate(names) if position >= KEPT or self._age(name) < oldest
        ]
        half = self._root.glob(f"{TEMPORARY}*") if self._root.is_dir() else ()
        gone += [path for path in half if self._age(path.name) < time.time() - SWEEP_S]
        for path in gone:
            shutil.rmtree(path, ignore_errors=True)

    def _names(self) -> list[str]:
        if not self._root.is_dir():
            return []
        names = [path.name for path in self._root.iterdir() if _ID.fullmatch(path.name)]
        return sorted(names, key=lambda name: (-self._age(name), name))

    def _age(self, name: str) -> float:
        try:
            return (self._root / name).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def _time(self, name: str) -> datetime:
        return datetime.fromtimestamp((self._root / name).stat().st_mtime, UTC)

    def _files(self, name: str) -> tuple[tuple[str, int], ...]:
        return tuple((path.name, path.stat().st_size) for path in sorted((self._root / name).iterdir()))
