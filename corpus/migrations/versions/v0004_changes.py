"""Who changed what, what agents did with suggestions, and receipts of erasures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    time = sa.DateTime(timezone=True)
    op.create_table(
        "audit",
        sa.Column("id", serial, nullable=False),
        sa.Column("at", time, nullable=False),
        sa.Column("by", sa.Text()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text()),
        sa.Column("record_id", sa.Text()),
        sa.Column("before_hash", sa.Text()),
        sa.Column("after_hash", sa.Text()),
        sa.Column("detail", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_kind_record_id"), "audit", ["kind", "record_id"])
    op.create_table(
        "feedback_events",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("received_at", time, nullable=False),
        sa.Column("at", time, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("case_id", sa.Text()),
        sa.Column("channel", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("agent", sa.Text()),
        sa.Column("api_key", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("text_length", sa.Integer()),
        sa.Column("position", sa.Integer()),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feedback_events")),
    )
    op.create_index(op.f("ix_feedback_events_kind_item_id"), "feedback_events", ["kind", "item_id"])
    op.create_index(op.f("ix_feedback_events_case_id"), "feedback_events", ["case_id"])
    op.create_index(op.f("ix_feedback_events_received_at"), "feedback_events", ["received_at"])
    op.create_table(
        "receipts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", time, nullable=False),
        sa.Column("by", sa.Text()),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("last_copy_gone_by", time),
        sa.Column("completed_at", time),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
    )
