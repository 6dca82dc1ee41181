"""Corpora that were sent over REST: a few, kept for a day at most, that wait to be checked and imported.

An id is all that a caller ever names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from assist.job_starting import NotNowError
from corpus.models import Kind

DEFAULT_UPLOAD_MB = 32
MIB = 1 << 20
Form = Kind | Literal["zip"]


class UploadTooLargeError(Exception):
    """More bytes came than an upload may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A corpus that was sent: its files with their sizes in bytes, and what of a zip was left out."""

    id: str
    created_at: datetime
    files: tuple[tuple[str, int], ...]
    ignored: tuple[str, ...] = ()


class Uploads(Protocol):
    """Keeps what was sent, for a day at most."""

    @property
    def most_bytes(self) -> int:
        """So large an upload may be."""
        ...

    def keep(self, pieces: Iterable[bytes], form: Form) -> Upload:
        """Keep a zip, or the one file of a kind.

        Raises ``NotNowError`` where nothing can be kept, ``UploadTooLargeError`` and ``UnusableUploadError``.
        """
        ...

    def all(self) -> Sequence[Upload]:
        """Return what is there, newest first."""
        ...

    def folder(self, upload_id: str) -> Path | None:
        """Return the corpus folder of an upload, or ``None`` where there is none of that id."""
        ...

    def remove(self, upload_id: str) -> bool:
        """Remove an upload; return whether there was one."""
        ...


class NoUploads:
    """Where nothing can be kept."""

    most_bytes = DEFAULT_UPLOAD_MB * MIB

    def keep(self, pieces: Iterable[bytes], form: Form) -> Upload:
        """Refuse."""
        raise NotNowError("This service has no state directory to keep an upload in.")

    def all(self) -> Sequence[Upload]:
        """Return nothing."""
        return ()

    def folder(self, upload_id: str) -> Path | None:
        """Return ``None``."""
        return None

    def remove(self, upload_id: str) -> bool:
        """Return that there was none."""
        return False
