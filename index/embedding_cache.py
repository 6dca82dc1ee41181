"""Vectors kept between builds, so that a rebuild encodes only the texts that changed."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, Role
from index.tokens import TokenVectors

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_LAYOUT = 2
_EMPTY = 0.1  # the share of a file that may stand empty before it is written anew
_TABLE = """
CREATE TABLE IF NOT EXISTS vectors (
    fingerprint TEXT NOT NULL, role TEXT NOT NULL, text_sha256 BLOB NOT NULL,
    vector BLOB NOT NULL, vector_check BLOB NOT NULL,
    PRIMARY KEY (fingerprint, role, text_sha256)
) WITHOUT ROWID
"""
_TABLE_OF_TOKENS = """
CREATE TABLE IF NOT EXISTS tokens (
    fingerprint TEXT NOT NULL, role TEXT NOT NULL, text_sha256 BLOB NOT NULL,
    ids BLOB NOT NULL, codes BLOB NOT NULL, tokens_check BLOB NOT NULL,
    PRIMARY KEY (fingerprint, role, text_sha256)
) WITHOUT ROWID
"""
_SELECT_TOKENS = (
    "SELECT text_sha256, ids, codes, tokens_check FROM tokens WHERE fingerprint = ? AND role = ? AND text_sha256 = ?"
)
_SELECT = "SELECT text_sha256, vector, vector_check FROM vectors WHERE fingerprint = ? AND role = ? AND text_sha256 = ?"
_DELETES = (
    "DELETE FROM vectors WHERE text_sha256 NOT IN (SELECT text_sha256 FROM kept)",
    "DELETE FROM tokens WHERE text_sha256 NOT IN (SELECT text_sha256 FROM kept)",
)


class EmbeddingCacheError(RuntimeError):
    """What must go from the cache could not be removed."""


class EmbeddingCache:
    """Vectors by encoder fingerprint, role and the SHA-256 of the text, in one SQLite file. Safe to share by threads.

    A cache is never worth a failed build: a damaged file is thrown away and begun anew, a file that cannot be read or
    written now counts as empty, and each is logged as a warning. Only `prune` insists.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._asked: set[bytes] = set()

    @property
    def asked(self) -> frozenset[bytes]:
        """The digests of all texts whose vectors were asked for; those of a whole build are all that it needs."""
        return frozenset(self._asked)

    def __enter__(self) -> EmbeddingCache:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            self._close()

    def get(self, encoder: Encoder, role: Role, digests: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Return the vectors that are there, shape (dimension,) each, by text digest."""
        self._asked.update(digests)
        size = encoder.dimension * 4
        return {
            digest: np.frombuffer(raw, dtype="<f4").astype(np.float32)
            for digest, raw, check in self._read(_SELECT, encoder, role, digests)
            if len(raw) == size and check == _check(raw)
        }

    def put(self, encoder: Encoder, role: Role, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Keep vectors by text digest, all of them or none."""
        raws = {digest: vector.astype("<f4").tobytes() for digest, vector in vectors.items()}
        rows = [(encoder.fingerprint, role, digest, raw, _check(raw)) for digest, raw in raws.items()]
        self._write("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?)", rows)

    def get_tokens(self, encoder: Encoder, role: Role, digests: Sequence[bytes]) -> dict[bytes, TokenVectors]:
        """Return the tokens that are there, by text digest."""
        return {
            digest: _tokens(ids, codes, encoder.token_dimension)
            for digest, ids, codes, check in self._read(_SELECT_TOKENS, encoder, role, digests)
            if check == _check(ids + codes) and len(codes) * 4 == len(ids) * encoder.token_dimension
        }

    def put_tokens(self, encoder: Encoder, role: Role, tokens: Mapping[bytes, TokenVectors]) -> None:
        """Keep tokens by text digest, all of them or none."""
        raws = {digest: (each.ids.astype("<i4").tobytes(), each.codes.tobytes()) for digest, each in tokens.items()}
        rows = [(encoder.fingerprint, role, digest, *raw, _check(raw[0] + raw[1])) for digest, raw in raws.items()]
        self._write("INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?, ?, ?)", rows)

    def prune(self, keep: Iterable[bytes]) -> int:
        """Remove all that belongs to texts not in ``keep``, of any encoder and role; return how many vectors went.

        What is removed is overwritten in the file. Raises `EmbeddingCacheError` when that is not possible now.
        """

        def remove(connection: sqlite3.Connection) -> int:
            with connection:
                connection.execute("CREATE TEMP TABLE IF NOT EXISTS kept (text_sha256 BLOB PRIMARY KEY)")
                connection.execute("DELETE FROM kept")
                connection.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((digest,) for digest in keep))
                gone, tokens = (connection.execute(delete).rowcount for delete in _DELETES)
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            (free,) = connection.execute("PRAGMA freelist_count").fetchone()
            # What was removed is overwritten already. Writing the file anew takes as long as the file is large.
            if (gone or tokens) and free >= _EMPTY * pages:
                connection.execute("VACUUM")
            return gone

        if not self._path.exists():
            return 0
        return self._use(remove, 0, insist=True)

    def _read(self, select: str, encoder: Encoder, role: Role, digests: Sequence[bytes]) -> list[tuple[bytes, ...]]:
        """Return the rows that a query finds for each digest in turn; none where the file cannot be read."""

        def read(connection: sqlite3.Connection) -> list[tuple[bytes, ...]]:
            # In the order of the file: one row after the other, not one page after another.
            asked = ((encoder.fingerprint, role, digest) for digest in sorted(digests))
            return [row for parameters in asked for row in connection.execute(select, parameters)]

        return self._use(read, [])

    def _write(self, insert: str, rows: Sequence[tuple[object, ...]]) -> None:
        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany(insert, rows)

        self._use(write, None)

    def _use(self, work: Callable[[sqlite3.Connection], T], otherwise: T, *, insist: bool = False) -> T:
        with self._lock:
            try:
                return work(self._open())
            except (sqlite3.OperationalError, OSError) as error:  # locked, full, read-only: the file itself is sound
                self._close()
                if insist:
                    raise EmbeddingCacheError(
                        f"{self._path} cannot be pruned ({error}): mend that and repeat, or delete the file"
                    ) from error
                _LOG.warning("%s cannot be used now (%s): going on without it", self._path, error)
            except sqlite3.DatabaseError as error:
                self._discard(str(error))
            return otherwise

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _connect(self._path)
            (layout,) = self._connection.execute("PRAGMA user_version").fetchone()
            if layout > _LAYOUT:  # earlier layouts lack a table, and are right as far as they go
                raise sqlite3.DatabaseError(f"layout {layout}, expected {_LAYOUT}")
            self._connection.execute(_TABLE)
            self._connection.execute(_TABLE_OF_TOKENS)
            self._connection.execute(f"PRAGMA user_version = {_LAYOUT}")
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _discard(self, reason: str) -> None:
        # Deleted, not set aside: a forgotten copy would keep vectors of texts that were erased since.
        self._close()
        for path in (self._path, self._path.with_name(f"{self._path.name}-journal")):
            path.unlink(missing_ok=True)
        _LOG.warning("%s was damaged (%s) and is begun anew: all texts are encoded again", self._path, reason)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10, check_same_thread=False)
    # The rollback journal, not WAL: SQLite before 3.51.3 can lose committed pages when it resets a WAL.
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _tokens(ids: bytes, codes: bytes, dimension: int) -> TokenVectors:
    found = np.frombuffer(ids, dtype="<i4").astype(np.int32)
    return TokenVectors(ids=found, codes=np.frombuffer(codes, dtype=np.int8).reshape(len(found), dimension))


def _check(raw: bytes) -> bytes:
    return hashlib.blake2b(raw, digest_size=8).digest()


def text_digest(text: str) -> bytes:
    """Return the SHA-256 by which the cache knows a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
