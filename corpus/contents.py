"""The contents of records, each kept once by its hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, delete, exists, insert, select

from corpus.stored import StoredRecord
from corpus.tables import contents, record_versions

HASHES_AT_ONCE = 500  # bound parameters of one statement: every database takes that many
_ROWS_AT_ONCE = 10_000

T = TypeVar("T")


def write_contents(connection: Connection, records: Iterable[StoredRecord]) -> None:
    """Write the contents that the store does not have yet."""
    payloads = {record.content_hash: record.payload for record in records}
    missing = sorted(payloads.keys() - _known(connection, payloads))
    insert_rows(connection, contents, ({"hash": found, "payload": payloads[found]} for found in missing))


def read_payloads(connection: Connection, hashes: Sequence[str]) -> dict[str, str]:
    """Return the payloads of up to 500 content hashes; a hash that the store lacks is left out."""
    query = select(contents.c.hash, contents.c.payload).where(contents.c.hash.in_(hashes))
    return {row.hash: row.payload for row in connection.execute(query)}


def delete_unused(connection: Connection, hashes: Iterable[str]) -> None:
    """Delete those of the contents that no version of any record refers to."""
    used = exists().where(record_versions.c.content_hash == contents.c.hash)
    for content_hash in hashes:
        connection.execute(delete(contents).where(contents.c.hash == content_hash, ~used))


def insert_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert any number of rows with bounded memory."""
    for step in in_steps(rows, _ROWS_AT_ONCE):
        connection.execute(insert(table), step)


def in_steps(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield ``items`` in lists of up to ``size``."""
    iterator = iter(items)
    while step := list(islice(iterator, size)):
        yield step


def _known(connection: Connection, hashes: Iterable[str]) -> set[str]:
    known: set[str] = set()
    for step in in_steps(hashes, HASHES_AT_ONCE):
        known.update(connection.scalars(select(contents.c.hash).where(contents.c.hash.in_(step))))
    return known
