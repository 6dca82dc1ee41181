"""An open database whose schema is up to date: what the store of records and that of API keys have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Engine

from corpus.database import BUSY_TIMEOUT_S, create_engine
from corpus.migrate import migrate
from corpus.times import now_utc


class OpenDatabase:
    """Holds the engine of a database and the clock by which its rows are dated, until it is closed."""

    def __init__(self, engine: Engine, *, clock: Callable[[], datetime] = now_utc) -> None:
        self._engine = engine
        self._clock = clock

    @classmethod
    def open(
        cls,
        location: str | Path,
        *,
        create: bool = True,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
        clock: Callable[[], datetime] = now_utc,
    ) -> Self:
        """Open the database at a path (SQLite) or URL (SQLite, PostgreSQL) and bring its schema up to date.

        Without ``create`` an SQLite file that is not there is an error instead of a new database.
        """
        engine = create_engine(location, create=create, busy_timeout_s=busy_timeout_s)
        try:
            migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, clock=clock)

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
