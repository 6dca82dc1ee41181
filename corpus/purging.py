"""What goes by age: old cases, superseded versions, old feedback and old entries of the audit.

A purged case leaves no tombstone. It cannot come back all the same, for imports pass over cases that are too old.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, select, update

from corpus.contents import HASHES_AT_ONCE, in_steps
from corpus.erasure import forget_cases
from corpus.receipts import add_up
from corpus.retention import Retention
from corpus.tables import audit, conflicts, contents, feedback_events, imports, record_versions

_versions = record_versions.c


def purge(connection: Connection, retention: Retention, now: datetime) -> dict[str, int]:
    """Delete what is older than the settings allow, and return what went, by place."""
    gone = _purge_cases(connection, retention.cases_closed_before(now))
    gone = add_up(gone, {"superseded versions": _purge_versions(connection, retention.versions_before(now))})
    gone = add_up(gone, {"contents": _delete_unused(connection)})
    feedback, old_audit = retention.feedback_before(now), retention.audit_before(now)
    if feedback is not None:
        old = delete(feedback_events).where(feedback_events.c.received_at < feedback)
        gone = add_up(gone, {"feedback events": connection.execute(old).rowcount})
    if old_audit is not None:
        gone = add_up(gone, {"audit": connection.execute(delete(audit).where(audit.c.at < old_audit)).rowcount})
    return gone


def _purge_cases(connection: Connection, closed_before: datetime | None) -> dict[str, int]:
    if closed_before is None:
        return {}
    old = sorted(
        row.record_id
        for row in connection.execute(_newest_cases())
        if (closed := json.loads(row.payload).get("closed_at")) and datetime.fromisoformat(closed) < closed_before
    )
    gone = {"cases": len(old), "events without their case": forget_cases(connection, old)}
    for step in in_steps(old, HASHES_AT_ONCE):
        mine = and_(_versions.kind == "cases", _versions.record_id.in_(step))
        gone = add_up(gone, {"versions": connection.execute(delete(record_versions).where(mine)).rowcount})
        connection.execute(delete(conflicts).where(conflicts.c.kind == "cases", conflicts.c.record_id.in_(step)))
        audited = and_(audit.c.kind == "cases", audit.c.record_id.in_(step))
        # The hash of what is gone could be compared with guesses at it.
        connection.execute(update(audit).where(audited).values(before_hash=None, after_hash=None))
    return gone


def _newest_cases() -> Select[Any]:
    """Select id and newest content of every case, live or not."""
    has_content = and_(_versions.kind == "cases", _versions.content_hash.is_not(None))
    newest = select(func.max(_versions.seq).label("seq")).where(has_content).group_by(_versions.record_id).subquery()
    joined = record_versions.join(newest, _versions.seq == newest.c.seq)
    return select(_versions.record_id, contents.c.payload).select_from(
        joined.join(contents, contents.c.hash == _versions.content_hash)
    )


def _purge_versions(connection: Connection, before: datetime | None) -> int:
    """Delete versions that had been superseded at a time: each import since then can still be undone."""
    if before is None:
        return 0
    old = _versions.recorded_at <= before
    undone = exists().where(imports.c.id == _versions.import_id, imports.c.undone_at.is_not(None))
    layer: ColumnElement[bool] = _versions.import_id.is_(None)
    deciding = select(func.max(_versions.seq)).where(old, ~undone)
    deciding = deciding.group_by(_versions.kind, _versions.record_id, layer)
    return connection.execute(delete(record_versions).where(old, _versions.seq.not_in(deciding))).rowcount


def _delete_unused(connection: Connection) -> int:
    used = exists().where(_versions.content_hash == contents.c.hash)
    return connection.execute(delete(contents).where(~used)).rowcount
