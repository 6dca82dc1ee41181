"""The audit: who changed what and when, in the transaction of the change itself.

Contents are told by their hashes, so that the audit holds no word of any record; ``contents`` keeps what they stand
for until it is erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, select

from corpus.models import Kind
from corpus.stored import Key
from corpus.tables import audit

AuditAction = Literal["put", "remove", "withdrawn", "erased", "import", "undo", "activate", "rollback", "purge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One change. ``by`` is the id of an API key, or a name for whoever was at the command line.

    ``before`` and ``after`` are the content hashes of the record that was live; ``detail`` is plain JSON.
    """

    id: int
    at: datetime
    by: str | None
    action: AuditAction
    kind: Kind | None
    record_id: str | None
    before: str | None
    after: str | None
    detail: Mapping[str, Any] | None


def note(
    connection: Connection,
    action: AuditAction,
    *,
    at: datetime,
    by: str | None,
    key: Key | None = None,
    before: str | None = None,
    after: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry as part of the open transaction."""
    kind, record_id = key or (None, None)
    connection.execute(
        insert(audit).values(
            at=at,
            by=by,
            action=action,
            kind=kind,
            record_id=record_id,
            before_hash=before,
            after_hash=after,
            detail=dict(detail) if detail is not None else None,
        )
    )


def read_audit(connection: Connection, *, since: datetime | None, key: Key | None) -> tuple[AuditEntry, ...]:
    """Return the entries since a time and of one record, both if given, oldest first."""
    query = select(audit).order_by(audit.c.id)
    if since is not None:
        query = query.where(audit.c.at >= since)
    if key is not None:
        query = query.where(audit.c.kind == key[0], audit.c.record_id == key[1])
    return tuple(
        AuditEntry(
            id=row.id,
            at=row.at,
            by=row.by,
            action=row.action,
            kind=row.kind,
            record_id=row.record_id,
            before=row.before_hash,
            after=row.after_hash,
            detail=row.detail,
        )
        for row in connection.execute(query)
    )
