"""The store of record: the truth about the corpus, from which every snapshot can be rebuilt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from corpus import edits, import_log
from corpus.audit import AuditAction, AuditEntry, note, read_audit
from corpus.contents import HASHES_AT_ONCE, in_steps, read_payloads
from corpus.database import reading, writing
from corpus.diff import CorpusDiff, diff
from corpus.feedback import Evidence
from corpus.feedback_store import read_evidence
from corpus.imports import Generation, ImportReport, collect, write_import
from corpus.layers import Layers, read_layers, read_live_state, read_sequence
from corpus.models import Kind
from corpus.opened import OpenDatabase
from corpus.store_errors import StoreError
from corpus.stored import (
    BurialReason,
    Conflict,
    ImportEntry,
    Key,
    LiveState,
    Mode,
    StoredRecord,
    Tombstone,
)


class Store(OpenDatabase):
    """Keeps every version of every record; ``corpus.layers`` defines which one is live.

    Every method is one transaction (``live_records`` several short ones) and raises ``StoreError`` when the database
    cannot be used, ``StoreBusyError`` when another process held it for too long. One store may be shared by threads.
    """

    def import_records(
        self,
        records_by_kind: Mapping[Kind, Iterable[StoredRecord]],
        *,
        source: str,
        mode: Mode = "full",
        check: Callable[[CorpusDiff], Mapping[str, Any] | None] | None = None,
        written: Callable[[ImportReport], None] | None = None,
        by: str | None = None,
    ) -> ImportReport:
        """Write an import as one generation; all of it or nothing.

        ``full`` replaces all that earlier imports brought, also of kinds that are not named; ``upsert`` leaves alone
        what it does not name. ``check`` sees the diff that is about to be written, under the write lock; what it
        raises is passed on and nothing is written (a guard against shrinking belongs there), what it returns stands in
        the audit with the import. ``written`` sees the report when all is written but not yet committed; what it raises
        undoes that.
        """
        started = self._clock()
        generation = Generation(source=source, mode=mode, started_at=started, records=collect(records_by_kind))
        with writing(self._engine) as connection:
            layers = read_layers(connection)
            difference = diff(layers, generation.hashes(), mode)
            checked = check(difference) if check is not None else None
            report = write_import(connection, generation, layers, difference, self._clock)
            detail = {"import": report.import_id, "mode": mode, "source": source, "counts": report.counts()}
            detail |= checked or {}
            note(connection, "import", at=self._clock(), by=by, detail=detail)
            if written is not None:
                written(report)
            return report

    def undo_import(
        self,
        import_id: int,
        *,
        by: str | None = None,
        written: Callable[[LiveState, LiveState], None] | None = None,
    ) -> ImportEntry:
        """Undo an import: what it brought or removed falls back to earlier imports; edits and tombstones stay.

        ``written`` sees the live corpus before and after, not yet committed; what it raises undoes the undoing.
        """
        with writing(self._engine) as connection:
            now = self._clock()
            before = read_live_state(connection)
            undone = import_log.undo(connection, import_id, now)
            note(connection, "undo", at=now, by=by, detail={"import": import_id})
            if written is not None:
                written(before, read_live_state(connection))
            return undone

    def note_change(
        self, action: AuditAction, *, by: str | None = None, detail: Mapping[str, Any] | None = None
    ) -> None:
        """Write a change that is not one of records, such as another snapshot that serves, into the audit."""
        with writing(self._engine) as connection:
            note(connection, action, at=self._clock(), by=by, detail=detail)

    def imports(self) -> tuple[ImportEntry, ...]:
        """Return all imports, also undone ones, oldest first."""
        with reading(self._engine) as connection:
            return import_log.read_imports(connection)

    def conflicts(self, import_id: int | None = None) -> tuple[Conflict, ...]:
        """Return the conflicts with live edits that one import met, or all."""
        with reading(self._engine) as connection:
            return import_log.read_conflicts(connection, import_id)

    def put(
        self,
        record: StoredRecord,
        *,
        expected_hash: str | None = None,
        only_new: bool = False,
        by: str | None = None,
    ) -> bool:
        """Write a record as a live edit, which no import overrules; returns whether it was not live before.

        With ``expected_hash`` only if that is the live content, with ``only_new`` only if there is none, else
        ``RecordChangedError``; ``RecordBuriedError`` when the record was erased or withdrawn.
        """
        with writing(self._engine) as connection:
            return edits.put(connection, record, expected_hash, self._clock(), only_new=only_new, by=by)

    def remove(self, kind: Kind, record_id: str, *, expected_hash: str | None = None, by: str | None = None) -> bool:
        """Remove a record as a live edit, which no import overrules; returns whether it was live."""
        with writing(self._engine) as connection:
            return edits.remove(connection, (kind, record_id), expected_hash, self._clock(), by=by)

    def bury(
        self, kind: Kind, record_id: str, reason: BurialReason, *, by: str | None = None, receipt: str | None = None
    ) -> Tombstone:
        """Make sure that a record, known or not, is not live and never will be.

        ``withdrawn`` keeps its history; ``erased`` deletes every content that it ever had, and cannot be weakened.
        Returns the tombstone that stands.
        """
        stone = Tombstone(
            kind=kind, record_id=record_id, reason=reason, recorded_at=self._clock(), recorded_by=by, receipt=receipt
        )
        with writing(self._engine) as connection:
            return edits.bury(connection, stone)

    def tombstones(self) -> tuple[Tombstone, ...]:
        """Return all tombstones, by kind and id."""
        with reading(self._engine) as connection:
            return edits.read_tombstones(connection)

    def audit(self, *, since: datetime | None = None, key: Key | None = None) -> tuple[AuditEntry, ...]:
        """Return who changed what, oldest first: since a time, of one record, both if given."""
        with reading(self._engine) as connection:
            return read_audit(connection, since=since, key=key)

    def evidence(self) -> Iterator[Evidence]:
        """Yield what feedback tells of cases, by its keys."""
        return read_evidence(self._engine)

    def layers(self) -> Layers:
        """Return the deciding version of every record in each layer."""
        with reading(self._engine) as connection:
            return read_layers(connection)

    def live_state(self) -> LiveState:
        """Return sequence number, fingerprint and content hashes of the live corpus, all of one moment."""
        with reading(self._engine) as connection:
            return read_live_state(connection)

    def live_records(self, kind: Kind, *, of: LiveState | None = None) -> Iterator[tuple[str, str, str]]:
        """Yield ``(id, content_hash, payload)`` of the live records of a kind, ids ascending by code point.

        The records are those of one moment, ``of`` or that of the first step, however long the caller takes: no lock
        is held between steps. What is erased meanwhile is left out.
        """
        live = (of or self.live_state()).hashes[kind]
        for step in in_steps(live.items(), HASHES_AT_ONCE):
            with reading(self._engine) as connection:
                payloads = read_payloads(connection, [content_hash for _, content_hash in step])
            for record_id, content_hash in step:
                if content_hash in payloads:
                    yield record_id, content_hash, payloads[content_hash]

    def get(self, kind: Kind, record_id: str) -> StoredRecord | None:
        """Return a live record, or None."""
        key = (kind, record_id)
        with reading(self._engine) as connection:
            content_hash = read_layers(connection, key).live_hash(key)
            if content_hash is None:
                return None
            payload = read_payloads(connection, [content_hash])[content_hash]
        return StoredRecord(kind=kind, id=record_id, content_hash=content_hash, payload=payload)

    def sequence(self) -> int:
        """Return the number of the newest version.

        Imports that bring or remove something, edits and burials raise it. Undoing an import does not: whether a
        snapshot still shows the live corpus is told by the fingerprint.
        """
        with reading(self._engine) as connection:
            return read_sequence(connection)

    def fingerprint(self) -> str:
        """Return the fingerprint of the live corpus."""
        return self.live_state().fingerprint

    def healthy(self) -> bool:
        """Return whether the database answers."""
        try:
            self.sequence()
        except StoreError:
            return False
        return True
