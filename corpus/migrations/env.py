"""Run by Alembic: applies the revisions on the connection that ``corpus.migrate`` hands over.

The caller owns the transaction, so an upgrade happens as a whole or not at all.
"""

from __future__ import annotations

from alembic import context

from corpus.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    version_table=context.config.attributes["version_table"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters most things only by copying the table
)
context.run_migrations()
