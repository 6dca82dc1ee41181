"""A store that somebody serves from: it may come to be, go away or be replaced by a backup meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from corpus.database import file_identity, sqlite_file
from corpus.opened import OpenDatabase

StoreT = TypeVar("StoreT", bound=OpenDatabase)


class Followed(Generic[StoreT]):
    """Holds the store at a location open, and opens it anew when its file is another one; safe for threads."""

    def __init__(self, location: str, open_store: Callable[[], StoreT]) -> None:
        self._file = sqlite_file(location)
        self._open = open_store
        self._lock = threading.Lock()
        self._store: StoreT | None = None
        self._opened: tuple[int, int] | None = None

    def store(self) -> StoreT | None:
        """Return the open store, or None where there is none (yet); raise ``StoreError`` when it cannot be opened."""
        with self._lock:
            found = file_identity(self._file)
            if self._file is not None and found is None:
                self._close()
                return None
            if self._store is None or found != self._opened:
                self._close()
                self._store, self._opened = self._open(), found
            return self._store

    def close(self) -> None:
        """Give back all connections; the next call opens the store again."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
        self._store = None
