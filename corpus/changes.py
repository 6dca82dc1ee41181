"""Live edits, erasures and withdrawals, for programs that serve from a snapshot and follow what happens since.

The store may come to be, go away, or be replaced by a backup while somebody follows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from corpus.contents import HASHES_AT_ONCE, in_steps, read_payloads
from corpus.database import create_engine, file_identity, reading, sqlite_file
from corpus.layers import read_buried, read_sequence
from corpus.ledger import read_ledger
from corpus.migrate import schema_revision
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

    def __init__(self, location: str, ledger: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self._location = location
        self._ledger = ledger
        self._ledger_seen: tuple[int, int] | None = None
        self._erased: frozenset[Key] = frozenset()
        self._file = sqlite_file(location)
        self._busy_timeout_s = busy_timeout_s
        self._engine: Engine | None = None
        self._opened_file: tuple[int, int] | None = None
        self._replaced = False
        self._known = self._seen = self._told = Changes()
        self._seen_erased: frozenset[Key] = frozenset()

    def changes(self) -> Changes:
        """Return what changed so far: the same object as before where nothing did.

        Where there has never been a database file, or one on a server is empty, nothing has changed but what the ledger
        of erasures tells.
        """
        erased, known = self._erased_by_ledger(), self._changes_in_store()
        if known is not self._seen or erased is not self._seen_erased:
            # A database restored from a backup knows less of erasures than the ledger does.
            self._told = replace(known, buried=known.buried | erased)
            self._seen, self._seen_erased = known, erased
        return self._told

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

    def _erased_by_ledger(self) -> frozenset[Key]:
        try:
            found = self._ledger.stat()
            state = (found.st_size, found.st_mtime_ns)
            if state != self._ledger_seen:
                self._erased, self._ledger_seen = read_ledger(self._ledger).keys, state
        except FileNotFoundError:
            return self._erased
        except OSError as error:
            raise StoreAwayError(
                f"The ledger of erasures {self._ledger} cannot be read ({error.strerror}), and nobody knows then what "
                "may be shown. Expected a readable file; check its permissions"
            ) from error
        return self._erased

    def _changes_in_store(self) -> Changes:
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

    def _opened(self) -> Engine:
        if self._engine is None:
            self._engine = create_engine(self._location, create=False, busy_timeout_s=self._busy_timeout_s)
        return self._engine

    def _has_schema(self) -> bool:
        if not self._known.sequence:
            with reading(self._opened()) as connection:
                return schema_revision(connection) is not None
        return True

    def _follow_file(self) -> bool:
        """Return whether there is a database; an open connection would go on reading a file that was replaced."""
        if self._file is None:
            return self._has_schema()
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
