"""What goes into the store and comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from corpus.models import Kind

Mode = Literal["full", "upsert"]
BurialReason = Literal["erased", "withdrawn"]
Key = tuple[Kind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """One record in its canonical form: ``payload`` is canonical JSON, ``content_hash`` the hash of it."""

    kind: Kind
    id: str
    content_hash: str
    payload: str

    @property
    def key(self) -> Key:
        """Return what names the record in the store."""
        return self.kind, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportEntry:
    """One import as the store remembers it; ``counts`` is ``{kind: {verdict: number}}``."""

    id: int
    source: str
    mode: Mode
    started_at: datetime
    finished_at: datetime
    corpus_fingerprint: str
    counts: Mapping[str, Mapping[str, int]]
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A record about which an import and a live edit disagreed; the live edit stayed."""

    import_id: int
    kind: Kind
    record_id: str
    detected_at: datetime
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A record that may not come back; ``receipt`` is the id of the receipt that its erasure was given, if any."""

    kind: Kind
    record_id: str
    reason: BurialReason
    recorded_at: datetime
    recorded_by: str | None = None
    receipt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveState:
    """The live corpus at one moment, without its contents.

    ``sequence`` is the number of the newest version row, ``hashes`` gives the content hash of every live record by
    kind and id (ids ascending by code point).
    """

    sequence: int
    fingerprint: str
    hashes: Mapping[Kind, Mapping[str, str]]
