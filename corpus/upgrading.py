"""Bringing a database to the schema of this program, by Alembic's revisions.

A new revision is written by a developer with

    with writing(engine) as connection:
        alembic.command.revision(alembic_config(connection), "what changes", autogenerate=True)

and ``NEWEST`` of ``corpus/migrate.py`` names it.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from corpus.database import reading, writing
from corpus.migrate import VERSION_TABLE, schema_revision
from corpus.store_errors import StoreError

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Create or upgrade the schema in one transaction; safe when several processes start at once.

    Raises ``StoreError`` when the database has a newer schema than this program knows.
    """
    with reading(engine) as connection:
        if _is_current(connection):
            return
    with writing(engine) as connection:  # the lock makes a second process wait, and find the work done
        if not _is_current(connection):
            command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's settings for ``connection``, which must be in a transaction; no ini file is needed."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = VERSION_TABLE
    return config


def _is_current(connection: Connection) -> bool:
    scripts = ScriptDirectory(SCRIPTS)
    newest = scripts.get_current_head()
    found = schema_revision(connection)
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"Found a database with schema {found!r}; expected one up to {newest!r}, the newest that this version "
            "knows. A newer version wrote it: install that version, or restore a backup made by this one"
        )
    return found == newest
