"""A copy of a store that is in use: whole, of one moment, and as good as the store itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from corpus.database import BUSY_TIMEOUT_S
from corpus.store_errors import StoreAwayError


def copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite store to a new file while others read and write it, by SQLite's own online backup.

    Commits wait while it copies. Raises ``StoreAwayError`` where the store cannot be read or the copy not be written.
    """
    address = f"{source.resolve().as_uri()}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_S)) as opened,
            closing(sqlite3.connect(target)) as copy,
        ):
            opened.backup(copy)  # in one step: in several, each commit meanwhile would begin it anew
            found = [row[0] for row in copy.execute("PRAGMA quick_check(1)")]
    except sqlite3.Error as error:
        raise StoreAwayError(
            f"{source} cannot be copied to {target} (SQLite says: {error}). Expected a readable store and room for a "
            "copy; try again, or see `make verify`"
        ) from error
    if found != ["ok"]:
        raise StoreAwayError(f"{source} was copied, and the copy is damaged ({found[0]}): see `make verify`")
