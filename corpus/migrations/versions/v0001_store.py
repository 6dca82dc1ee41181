"""The store of record: contents, imports, versions, tombstones and conflicts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables."""
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    time = sa.DateTime(timezone=True)
    op.create_table(
        "contents",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_contents")),
    )
    op.create_table(
        "imports",
        sa.Column("id", serial, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("started_at", time, nullable=False),
        sa.Column("finished_at", time, nullable=False),
        sa.Column("corpus_fingerprint", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("undone_at", time),
        sa.CheckConstraint("mode IN ('full', 'upsert')", name=op.f("ck_imports_mode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "record_versions",
        sa.Column("seq", serial, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("import_id", serial),
        sa.Column("content_hash", sa.Text()),
        sa.Column("recorded_at", time, nullable=False),
        sa.CheckConstraint("origin IN ('import', 'rest')", name=op.f("ck_record_versions_origin")),
        sa.CheckConstraint(
            "(origin = 'import') = (import_id IS NOT NULL)", name=op.f("ck_record_versions_import_has_id")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_record_versions_import_id")),
        sa.ForeignKeyConstraint(["content_hash"], ["contents.hash"], name=op.f("fk_record_versions_content_hash")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_record_versions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_record_versions_kind_record_id"), "record_versions", ["kind", "record_id"])
    op.create_index(op.f("ix_record_versions_import_id"), "record_versions", ["import_id"])
    op.create_index(op.f("ix_record_versions_content_hash"), "record_versions", ["content_hash"])
    op.create_table(
        "tombstones",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", time, nullable=False),
        sa.Column("recorded_by", sa.Text()),
        sa.Column("receipt", sa.Text()),
        sa.CheckConstraint("reason IN ('erased', 'withdrawn')", name=op.f("ck_tombstones_reason")),
        sa.PrimaryKeyConstraint("kind", "record_id", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "conflicts",
        sa.Column("id", serial, nullable=False),
        sa.Column("import_id", serial, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("detected_at", time, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_conflicts_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_conflicts_import_id"), "conflicts", ["import_id"])
