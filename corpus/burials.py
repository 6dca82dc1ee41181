"""What was erased or withdrawn, for programs that serve from a snapshot, which may be older than that."""

from __future__ import annotations

from pathlib import Path

from corpus.database import create_engine, reading
from corpus.layers import read_buried
from corpus.stored import Key


def buried_keys(location: str | Path) -> frozenset[Key]:
    """Return kind and id of every record with a tombstone in the store at a path or URL, which must exist.

    Raises ``StoreError`` when the database cannot be read, for then nobody knows what may be shown.
    """
    engine = create_engine(location, create=False)
    try:
        with reading(engine) as connection:
            return read_buried(connection)
    finally:
        engine.dispose()
