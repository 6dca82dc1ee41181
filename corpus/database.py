"""Opening the database: everything that is particular to SQLite or PostgreSQL is here.

Transactions begin explicitly (SQLAlchemy's recipe for the ``sqlite3`` driver), because the driver of Python 3.11
begins none for reading or for changes of the schema. A writing transaction takes the write lock at its start, so
it never fails half-way because another one was quicker.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, Engine, event
from sqlalchemy import create_engine as sqlalchemy_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from corpus.store_errors import StoreAwayError, StoreBusyError, StoreError

BUSY_TIMEOUT_S = 5.0

_WRITES = "stichwort_writes"
_WRITER_LOCK = 7_305_119  # any number, as long as all programs of this product take the same

# How a reading and a writing transaction starts, by dialect: readers see one state, writers wait for each other.
_BEGIN = {
    "sqlite": ("BEGIN", "BEGIN IMMEDIATE"),
    "postgresql": (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})",
    ),
}

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=DELETE",  # write-ahead logs of SQLite before 3.51.3 can corrupt the file
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_spill=OFF",  # spilling takes the exclusive lock: readers would wait from then on, not at commit only
)

# What PostgreSQL says of a lock that was not free within the timeout.
_LOCK_NOT_AVAILABLE = "55P03"
# A server that does not answer must not hold a request for longer: to connect, and until what was sent is confirmed.
_CONNECT_TIMEOUT_S = 5
_SERVER_TIMEOUT_S = 10

_REMEDIES = {
    sqlite3.SQLITE_NOTADB: "is not an SQLite database. Expected a database made by this program; name another file, "
    "or move this one away to start with an empty store",
    sqlite3.SQLITE_CORRUPT: "is damaged. Expected an intact SQLite database; restore the last backup, or move the file "
    "away and import the corpus again",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened. Expected a readable and writable file in a writable folder; check the "
    "path and its permissions",
    sqlite3.SQLITE_READONLY: "cannot be written. Expected a writable file in a writable folder; check the permissions "
    "of both",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full. Expected free space; free some and try again",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error. Check the disk and its free space",
}
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def create_engine(location: str | Path, *, create: bool = True, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """Return an engine for ``location``: a path of an SQLite file, or a URL of SQLite or PostgreSQL.

    With ``create`` missing folders are made and a missing file comes to be at the first connection; without it a
    missing file is an error. ``busy_timeout_s`` is how many seconds to wait for another process that holds the
    SQLite file, or the lock of writers on a server.

    Errors never show bound parameters: these are what customers wrote, and errors end up in logs.
    Raises ``StoreError`` where the location makes no sense or its folder cannot be made.
    """
    url = _url(location)
    if url.get_backend_name() == "sqlite":
        _prepare_file(url, create=create)
        engine = sqlalchemy_engine(url, connect_args={"timeout": busy_timeout_s}, hide_parameters=True)
        event.listen(engine, "connect", _set_up_sqlite)
    else:
        engine = _server_engine(url, busy_timeout_s)
    event.listen(engine, "begin", _begin)
    return engine


def sqlite_file(location: str | Path) -> Path | None:
    """Return the file of an SQLite database, or None for a database on a server; may raise ``StoreError``."""
    url = _url(location)
    return _file(str(url.database)) if url.get_backend_name() == "sqlite" else None


def file_identity(file: Path | None) -> tuple[int, int] | None:
    """Return what tells the file of a database from another of the same name; None where there is no file.

    An open SQLite connection goes on with a file that another one has replaced, such as a backup.
    """
    if file is None:
        return None
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreAwayError(
            f"The database {file} cannot be looked at ({error.strerror}). Expected a readable file; "
            "check the path and its permissions"
        ) from error
    return found.st_dev, found.st_ino


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose statements all see one state; keep it short, as it delays commits in SQLite."""
    with _explained(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection that holds the write lock; everything is committed at the end, or nothing is."""
    with (
        _explained(engine),
        engine.connect().execution_options(**{_WRITES: True}) as connection,
        connection.begin(),
    ):
        yield connection


def rewrite(engine: Engine) -> None:
    """Write an SQLite file anew, so that no part of a page is left of what was deleted; a server does so by itself."""
    if engine.dialect.name != "sqlite":
        return
    with _explained(engine):
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA cache_spill=ON")  # the whole file passes through: it must not fill the memory
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA cache_spill=OFF")
        finally:
            connection.close()


def _url(location: str | Path) -> URL:
    if isinstance(location, Path) or "://" not in location:
        return URL.create("sqlite", database=str(location))
    try:
        url = make_url(location)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise StoreError(f"Found a database URL that cannot be read; {_EXPECTED_LOCATION}") from error
    if backend not in _BEGIN:
        raise StoreError(f"Found a database URL for {backend!r}; {_EXPECTED_LOCATION}")
    return url


_EXPECTED_LOCATION = "expected a file path, sqlite:///path or postgresql+psycopg://user@host/name"


def _prepare_file(url: URL, *, create: bool) -> None:
    if url.database in (None, "", ":memory:"):
        raise StoreError(f"Found a database in memory; {_EXPECTED_LOCATION}, since the store must outlive its process")
    path = _file(str(url.database))
    if not create:
        if not path.is_file():
            raise StoreError(f"Found no database at {path}; expected one made by an import. Import a corpus first")
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {path.parent} of the database cannot be made ({error.strerror}). "
            "Expected a writable place; name another path or mend the permissions"
        ) from error


def _file(database: str) -> Path:
    """Return the file of an SQLite database, which may be named by a path or as ``file:`` URI."""
    return Path(unquote(urlsplit(database).path) if database.startswith("file:") else database)


def _server_engine(url: URL, busy_timeout_s: float) -> Engine:
    waits = {"connect_timeout": _CONNECT_TIMEOUT_S, "tcp_user_timeout": _SERVER_TIMEOUT_S * 1000}
    asked = {name: value for name, value in waits.items() if name not in url.query}  # the URL wins
    try:
        engine = sqlalchemy_engine(url, connect_args=asked, pool_pre_ping=True, hide_parameters=True)
    except (SQLAlchemyError, ImportError) as error:
        raise StoreError(
            f"No driver for {url.drivername!r} is installed ({error}). Expected one beside this program; "
            "install it (for PostgreSQL: pip install 'psycopg[binary]') and write the URL as postgresql+psycopg://…"
        ) from error

    def set_up(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        with closing(connection.cursor()) as cursor:
            cursor.execute(f"SET lock_timeout = {round(busy_timeout_s * 1000)}")
        connection.commit()

    event.listen(engine, "connect", set_up)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin or commit by itself
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma).close()


def _begin(connection: Connection) -> None:
    read, write = _BEGIN[connection.dialect.name]
    connection.exec_driver_sql(write if connection.get_execution_options().get(_WRITES) else read)


@contextmanager
def _explained(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _explain(engine.url, error.orig or error) from error
    except sqlite3.Error as error:  # raised while a connection was set up
        raise _explain(engine.url, error) from error


def _explain(url: URL, error: BaseException) -> StoreAwayError:
    name = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the class of an extended code
    if code in _BUSY or getattr(error, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
        return StoreBusyError(
            f"The database {name} is locked by another process. Expected it to be free within the busy timeout; "
            "wait until the import or edit that holds it has ended, then try again"
        )
    if code in _REMEDIES:
        free = _free(Path(str(name))) if code == sqlite3.SQLITE_FULL else ""
        return StoreAwayError(f"The database {name} {_REMEDIES[code]} (SQLite says: {error}{free})")
    return StoreAwayError(
        f"The database {name} refused a statement: {error}. Expected a reachable database of this program; "
        "check its address, permissions and log"
    )


def _free(database: Path) -> str:
    try:
        free, size = shutil.disk_usage(database.parent).free, database.stat().st_size
    except OSError:
        return ""
    # until the commit the journal holds what changes as it was: at most the whole file
    return f"; {free} bytes are free in {database.parent}, a change needs its own size and up to {size} bytes more"
