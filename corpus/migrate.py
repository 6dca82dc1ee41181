"""Seeing to it that a database has the schema of this program."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, String, column, inspect, select, table

from corpus.database import reading

NEWEST = "0004"
"""The newest revision under ``corpus/migrations``."""
VERSION_TABLE = "corpus_schema"
_REVISION = select(column("version_num", String)).select_from(table(VERSION_TABLE))


def migrate(engine: Engine) -> None:
    """Create or upgrade the schema in one transaction; safe when several processes start at once.

    The newest schema is recognised by reading alone, so a running writer does not delay a start.
    Raises ``StoreError`` when the database has a newer schema than this program knows.
    """
    with reading(engine) as connection:
        if schema_revision(connection) == NEWEST:
            return
    # Imported by need: every program opens a store, and hardly ever one of another schema.
    from corpus.upgrading import upgrade

    upgrade(engine)


def schema_revision(connection: Connection) -> str | None:
    """Return the revision of the schema, or None in a database without one."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(_REVISION).scalar_one_or_none()
