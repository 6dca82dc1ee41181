"""What the store remembers of its imports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from corpus.receipts import read_receipts
from corpus.store_errors import StoreError
from corpus.stored import Conflict, ImportEntry
from corpus.tables import conflicts, imports


def read_imports(connection: Connection) -> tuple[ImportEntry, ...]:
    """Return all imports, oldest first."""
    return tuple(map(_entry, connection.execute(select(imports).order_by(imports.c.id))))


def read_conflicts(connection: Connection, import_id: int | None) -> tuple[Conflict, ...]:
    """Return the conflicts of one import, or of all, in the order in which they were found."""
    query = select(conflicts).order_by(conflicts.c.id)
    if import_id is not None:
        query = query.where(conflicts.c.import_id == import_id)
    return tuple(map(_conflict, connection.execute(query)))


def undo(connection: Connection, import_id: int, now: datetime) -> ImportEntry:
    """Mark an import as undone. Raises ``StoreError`` when there is none of that number or it is undone already."""
    this = imports.c.id == import_id
    row = connection.execute(select(imports).where(this)).one_or_none()
    if row is None:
        raise StoreError(f"Found no import {import_id}; expected the number of one in the list of imports")
    if row.undone_at is not None:
        raise StoreError(
            f"Import {import_id} was undone at {row.undone_at:%Y-%m-%d %H:%M} UTC; nothing is left to undo"
        )
    purged = max((each.versions_before for each in read_receipts(connection) if each.versions_before), default=None)
    if purged is not None and row.finished_at <= purged:
        raise StoreError(
            f"Import {import_id} is of {row.finished_at:%Y-%m-%d %H:%M} UTC, and what had been there before it was "
            f"purged up to {purged:%Y-%m-%d %H:%M} UTC; expected a later import. Import the right corpus instead"
        )
    connection.execute(update(imports).where(this).values(undone_at=now))
    return _entry(connection.execute(select(imports).where(this)).one())


def _entry(row: Row[Any]) -> ImportEntry:
    return ImportEntry(
        id=row.id,
        source=row.source,
        mode=row.mode,
        started_at=row.started_at,
        finished_at=row.finished_at,
        corpus_fingerprint=row.corpus_fingerprint,
        counts=row.counts,
        undone_at=row.undone_at,
    )


def _conflict(row: Row[Any]) -> Conflict:
    return Conflict(
        import_id=row.import_id,
        kind=row.kind,
        record_id=row.record_id,
        detected_at=row.detected_at,
        message=row.message,
    )
