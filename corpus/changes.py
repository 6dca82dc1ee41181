"""Live edits, erasures and withdrawals, for programs that serve from a snapshot and follow what happens since.

The store may come to be, go away, or be replaced by a backup while somebody follows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select

from corpus.contents import HASHES_AT_ONCE, in_steps, read_payloads
from corpus.database import create_engine, file_identity, reading, sqlite_file
from corpus.layers import read_buried, read_sequence
from corpus.store_errors import StoreAwayError
from corpus.stored import Key
from corpus.tables import record_versions

BUSY_TIMEOUT_S = 0.5
"""Whoever follows comes back soon; waiting for a lock would keep it from what else it follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All live edits up to a sequence number, by their latest version (``None``: removed), and what is buried."""

    sequence: int = 0
    edited: Mapping[Key, str | None] = field(default_factory=dict)
    buried: frozenset[Key] = field(default_factory=frozenset)


class ChangeFeed:
    """Reads changes from the store at a path or URL, each time only what is new. Used by one thread at a time.

    Every method raises ``StoreError`` when the store cannot be read: nobody knows then what may be shown.
    """

    def __init__(self, location: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self._location = location
        self._file = sqlite_file(location)
        self._busy_timeout_s = busy_timeout_s
        self._engine: Engine | None = None
        self._opened_file: tuple[int, int] | None = None
        self._replaced = False
        self._known = Changes()

    def changes(self) -> Changes:
        """Return what changed so far: the same object as before where nothing did.

        Where there has never been a database file, nothing has changed.
        """
        if not self._follow_file():
            return self._known
        with reading(self._opened()) as connection:
            sequence = read_sequence(connection)
            if sequence != self._known.sequence or self._replaced:
                anew = self._replaced or sequence < self._known.sequence
                known = Changes() if anew else self._known
                edited = {**known.edited, **_edits(connection, known.sequence)}
                self._known = Changes(sequence=sequence, edited=edited, buried=read_buried(connection))
        self._replaced = False
        return self._known

    def payloads(self, hashes: Sequence[str]) -> dict[str, str]:
        """Return contents by hash, each in a short transaction with others; what was erased is left out."""
        found: dict[str, str] = {}
        for step in in_steps(hashes, HASHES_AT_ONCE):
            with reading(self._opened()) as connection:
                found |= read_payloads(connection, step)
        return found

    def close(self) -> None:
        """Give back all connections; the next call opens the store again."""
        if self._engine is not None:
            self._engine.dispose()
        self._engine = None

    def _opened(self) -> Engine:
        if self._engine is None:
            self._engine = create_engine(self._location, create=False, busy_timeout_s=self._busy_timeout_s)
        return self._engine

    def _follow_file(self) -> bool:
        """Return whether there is a database; an open connection would go on reading a file that was replaced."""
        if self._file is None:
            return True
        identity = file_identity(self._file)
        if identity is None:
            self.close()
            if not self._known.sequence:
                return False
            raise StoreAwayError(
                f"Found no database at {self._file}, where there was one; expected it to stay. Restore it: until then "
                "what is known of changed and erased records goes on"
            )
        if identity != self._opened_file:
            self.close()
            self._replaced = self._opened_file is not None
            self._opened_file = identity
        return True


def _edits(connection: Connection, after: int) -> dict[Key, str | None]:
    versions = record_versions.c
    query = (
        select(versions.kind, versions.record_id, versions.content_hash)
        .where(versions.import_id.is_(None), versions.seq > after)
        .order_by(versions.seq)
    )
    return {(kind, record_id): content_hash for kind, record_id, content_hash in connection.execute(query)}
