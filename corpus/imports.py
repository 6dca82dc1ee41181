"""Importing records as one generation of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from corpus.contents import insert_rows, write_contents
from corpus.diff import CorpusDiff, absent, conflict_message
from corpus.layers import Layers, read_live_state
from corpus.models import KINDS, Kind
from corpus.store_errors import StoreError
from corpus.stored import Key, Mode, StoredRecord
from corpus.tables import conflicts, imports, record_versions


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did.

    ``import_id`` is its number in the store, ``sequence`` and ``fingerprint`` describe the live corpus after it,
    ``diff`` holds the ids; the properties count them over all kinds.
    """

    import_id: int
    sequence: int
    fingerprint: str
    diff: CorpusDiff

    @property
    def added(self) -> int:
        """Number of records that were not live before."""
        return self.diff.total("new")

    @property
    def changed(self) -> int:
        """Number of live records with a new content."""
        return self.diff.total("changed")

    @property
    def removed(self) -> int:
        """Number of records that are no longer live."""
        return self.diff.total("removed")

    @property
    def unchanged(self) -> int:
        """Number of records that were live with the same content."""
        return self.diff.total("unchanged")

    @property
    def refused(self) -> int:
        """Number of records refused because they had been erased or withdrawn."""
        return self.diff.total("refused")

    @property
    def conflicts(self) -> int:
        """Number of records where a live edit stayed against the import."""
        return self.diff.total("conflicts")

    def counts(self) -> dict[str, dict[str, int]]:
        """Return ``{kind: {verdict: number}}``."""
        return self.diff.counts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One import that is about to be written, all of it in memory."""

    source: str
    mode: Mode
    started_at: datetime
    records: Mapping[Key, StoredRecord]

    def hashes(self) -> dict[Key, str]:
        """Return the content hash of every record."""
        return {key: record.content_hash for key, record in self.records.items()}


def collect(records_by_kind: Mapping[Kind, Iterable[StoredRecord]]) -> dict[Key, StoredRecord]:
    """Read all records into memory, so that a slow source never holds the write lock.

    Raises ``StoreError`` for an unknown kind, a record under another kind than its own, and an id that comes twice.
    """
    found: dict[Key, StoredRecord] = {}
    for kind, records in records_by_kind.items():
        if kind not in KINDS:
            raise StoreError(f"Found records of the kind {kind!r}; expected one of {', '.join(KINDS)}")
        for record in records:
            if record.kind != kind:
                raise StoreError(f"Found {record.kind}/{record.id} among the {kind}; expected {kind} only")
            if record.key in found:
                raise StoreError(f"Found {kind}/{record.id} twice; expected every id once. Remove one of the two")
            found[record.key] = record
    return found


def write_import(
    connection: Connection, generation: Generation, layers: Layers, diff: CorpusDiff, clock: Callable[[], datetime]
) -> ImportReport:
    """Write a generation: its contents, a version of every record that it brings or lacks, and its conflicts.

    ``layers`` and ``diff`` are what was read, and decided, in the same transaction.
    """
    now = clock()
    import_id = _open(connection, generation, diff, now)
    kept = [record for key, record in generation.records.items() if key not in layers.buried]
    write_contents(connection, kept)
    versions: list[tuple[Key, str | None]] = [(record.key, record.content_hash) for record in kept]
    versions += ((key, None) for key in absent(layers, generation.records, generation.mode))
    insert_rows(connection, record_versions, (_version(import_id, key, found, now) for key, found in versions))
    insert_rows(connection, conflicts, _conflict_rows(import_id, generation, layers, diff, now))
    return _close(connection, import_id, diff, clock())


def _open(connection: Connection, generation: Generation, diff: CorpusDiff, now: datetime) -> int:
    row = insert(imports).values(
        source=generation.source,
        mode=generation.mode,
        started_at=generation.started_at,
        finished_at=now,
        corpus_fingerprint="",
        counts=diff.counts(),
    )
    import_id: int = connection.execute(row.returning(imports.c.id)).scalar_one()
    return import_id


def _close(connection: Connection, import_id: int, diff: CorpusDiff, now: datetime) -> ImportReport:
    live = read_live_state(connection)
    done = update(imports).where(imports.c.id == import_id)
    connection.execute(done.values(corpus_fingerprint=live.fingerprint, finished_at=now))
    return ImportReport(import_id=import_id, sequence=live.sequence, fingerprint=live.fingerprint, diff=diff)


def _version(import_id: int, key: Key, content_hash: str | None, now: datetime) -> dict[str, Any]:
    return {
        "kind": key[0],
        "record_id": key[1],
        "origin": "import",
        "import_id": import_id,
        "content_hash": content_hash,
        "recorded_at": now,
    }


def _conflict_rows(
    import_id: int, generation: Generation, layers: Layers, diff: CorpusDiff, now: datetime
) -> Iterator[dict[str, Any]]:
    for kind, ids in diff.conflicts.items():
        for record_id in ids:
            message = conflict_message(layers, (kind, record_id), came=(kind, record_id) in generation.records)
            yield {
                "import_id": import_id,
                "kind": kind,
                "record_id": record_id,
                "detected_at": now,
                "message": message,
            }
