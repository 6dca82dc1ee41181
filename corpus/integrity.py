"""Whether a store still holds what was written to it: the database's own checks, and every content by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Engine, LargeBinary, cast, select

from corpus.contents import HASHES_AT_ONCE
from corpus.database import create_engine, reading
from corpus.tables import contents

_FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something in a store that is not as it was written; ``place`` says where."""

    place: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What a check of a store found; ``contents`` is the number of contents that were hashed."""

    contents: int
    faults: tuple[Fault, ...]


def check_integrity(location: str | Path) -> Integrity:
    """Check the store at a path or URL, which must exist; reads only.

    An SQLite file is checked by SQLite itself first, while which nobody can commit; the contents are read in short
    steps. Raises ``StoreError`` when the database cannot be read at all.
    """
    engine = create_engine(location, create=False)
    try:
        faults = list(_database_faults(engine)) if engine.dialect.name == "sqlite" else []
        if faults:  # what a broken database says of its rows is worth nothing
            return Integrity(contents=0, faults=tuple(faults))
        checked = 0
        for found, payload in _contents(engine):
            checked += 1
            digest = hashlib.sha256(payload).hexdigest()
            if digest != found:
                faults.append(Fault(place=f"content {found}", found=f"SHA-256 {digest}", expected=f"SHA-256 {found}"))
        return Integrity(contents=checked, faults=tuple(faults))
    finally:
        engine.dispose()


def _database_faults(engine: Engine) -> Iterator[Fault]:
    with reading(engine) as connection:
        for (line,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_FAULTS_SHOWN})"):
            if line != "ok":
                yield Fault(place="PRAGMA integrity_check", found=str(line), expected="ok")
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_FAULTS_SHOWN):
            yield Fault(
                place=f"{table}, row {row}", found=f"a reference to no row of {parent}", expected="a row that exists"
            )


def _contents(engine: Engine) -> Iterator[tuple[str, bytes]]:
    last = ""
    # As bytes: the driver would quote a text that is damaged in its error, and it may be a customer's.
    is_sqlite = engine.dialect.name == "sqlite"
    payload: ColumnElement[Any] = cast(contents.c.payload, LargeBinary) if is_sqlite else contents.c.payload
    query = select(contents.c.hash, payload).order_by(contents.c.hash).limit(HASHES_AT_ONCE)
    while True:
        with reading(engine) as connection:
            rows = connection.execute(query.where(contents.c.hash > last)).all()
        for found, text in rows:
            yield found, text if isinstance(text, bytes) else text.encode()
        if not rows:
            return
        last = rows[-1][0]
