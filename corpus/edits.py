"""Live edits and burials: what happens to single records between imports."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

from sqlalchemy import Connection, Row, delete, insert, select, update

from corpus.audit import note
from corpus.contents import delete_unused, write_contents
from corpus.layers import read_layers
from corpus.models import KINDS
from corpus.store_errors import RecordBuriedError, RecordChangedError, StoreError
from corpus.stored import BurialReason, Key, StoredRecord, Tombstone
from corpus.tables import audit, record_versions, tombstones


def put(
    connection: Connection,
    record: StoredRecord,
    expected_hash: str | None,
    now: datetime,
    *,
    only_new: bool = False,
    by: str | None = None,
) -> bool:
    """Write a record as a live edit; returns whether it was not live before.

    Raises ``RecordBuriedError`` and ``RecordChangedError``.
    """
    layers = read_layers(connection, record.key)
    if record.key in layers.buried:
        raise RecordBuriedError(
            f"Found {record.kind}/{record.id} erased or withdrawn; expected one that may be written. Use another id"
        )
    live = layers.live_hash(record.key)
    _check_unchanged(record.key, live, expected_hash)
    if only_new and live is not None:
        raise RecordChangedError(
            f"Found {record.kind}/{record.id} with the content {live}; expected no record. Read it and edit that"
        )
    write_contents(connection, [record])
    _append(connection, record.key, record.content_hash, now)
    note(connection, "put", at=now, by=by, key=record.key, before=live, after=record.content_hash)
    return live is None


def remove(
    connection: Connection, key: Key, expected_hash: str | None, now: datetime, *, by: str | None = None
) -> bool:
    """Remove a record as a live edit; returns whether it was live. Raises ``RecordChangedError``."""
    live = read_layers(connection, key).live_hash(key)
    _check_unchanged(key, live, expected_hash)
    if live is None:
        return False
    _append(connection, key, None, now)
    note(connection, "remove", at=now, by=by, key=key, before=live)
    return True


def bury(connection: Connection, stone: Tombstone) -> Tombstone:
    """Set a tombstone; an erasure also deletes every content the record ever had.

    A removal is appended in both cases, so that who follows the sequence number learns of it. A record that is
    buried already keeps its tombstone, but withdrawn may become erased. Returns the tombstone that stands.
    """
    if stone.kind not in KINDS or stone.reason not in get_args(BurialReason):
        raise StoreError(
            f"Found {stone.kind!r} to be {stone.reason!r}; expected one of {', '.join(KINDS)}, erased or withdrawn"
        )
    standing = _standing(connection, stone)
    if standing is not None and (standing.reason == "erased" or stone.reason == "withdrawn"):
        return standing
    key: Key = (stone.kind, stone.record_id)
    live = read_layers(connection, key).live_hash(key)
    if stone.reason == "erased":
        _erase(connection, key)
    _append(connection, key, None, stone.recorded_at)
    _set_stone(connection, stone, replace=standing is not None)
    # The hash of what was erased could be compared with guesses at it.
    before = None if stone.reason == "erased" else live
    note(connection, stone.reason, at=stone.recorded_at, by=stone.recorded_by, key=key, before=before)
    return stone


def read_tombstones(connection: Connection) -> tuple[Tombstone, ...]:
    """Return all tombstones, by kind and id."""
    stones = (_tombstone(row) for row in connection.execute(select(tombstones)))
    return tuple(sorted(stones, key=lambda stone: (stone.kind, stone.record_id)))


def _check_unchanged(key: Key, live: str | None, expected: str | None) -> None:
    if expected is not None and live != expected:
        raise RecordChangedError(
            f"Found {key[0]}/{key[1]} with the content {live or 'of no record'}; expected {expected}. "
            "Read the record again and repeat the edit"
        )


def _append(connection: Connection, key: Key, content_hash: str | None, now: datetime) -> None:
    row = {"kind": key[0], "record_id": key[1], "origin": "rest", "content_hash": content_hash, "recorded_at": now}
    connection.execute(insert(record_versions), row)


def _erase(connection: Connection, key: Key) -> None:
    versions = record_versions.c
    mine = (versions.kind == key[0], versions.record_id == key[1])
    hashes = connection.scalars(
        select(versions.content_hash).where(*mine, versions.content_hash.is_not(None)).distinct()
    )
    held = [content_hash for content_hash in hashes if content_hash is not None]
    connection.execute(delete(record_versions).where(*mine))
    audited = (audit.c.kind == key[0], audit.c.record_id == key[1])
    connection.execute(update(audit).where(*audited).values(before_hash=None, after_hash=None))
    delete_unused(connection, held)


def _standing(connection: Connection, stone: Tombstone) -> Tombstone | None:
    row = connection.execute(select(tombstones).where(*_place(stone))).one_or_none()
    return None if row is None else _tombstone(row)


def _set_stone(connection: Connection, stone: Tombstone, *, replace: bool) -> None:
    values = {
        "reason": stone.reason,
        "recorded_at": stone.recorded_at,
        "recorded_by": stone.recorded_by,
        "receipt": stone.receipt,
    }
    if replace:
        connection.execute(update(tombstones).where(*_place(stone)).values(values))
    else:
        connection.execute(insert(tombstones).values(kind=stone.kind, record_id=stone.record_id, **values))


def _place(stone: Tombstone) -> tuple[Any, Any]:
    return tombstones.c.kind == stone.kind, tombstones.c.record_id == stone.record_id


def _tombstone(row: Row[Any]) -> Tombstone:
    return Tombstone(
        kind=row.kind,
        record_id=row.record_id,
        reason=row.reason,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        receipt=row.receipt,
    )
