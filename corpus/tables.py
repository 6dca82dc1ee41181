"""The tables of the store of record. Rows of records are only ever added; erasure alone deletes.

``record_versions`` is the history of every record, ``contents`` holds each content once, by its hash.
What is *live* follows from these tables and is defined in ``corpus.layers``.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself in an INTEGER key only.
SERIAL = BigInteger().with_variant(Integer, "sqlite")


class UtcTime(TypeDecorator[datetime]):
    """A zone-aware time, kept in UTC; SQLite forgets zones, so it is given back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return ``value`` in UTC; a naive time is refused with ``ValueError``."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(
                f"Found the time {value} without a zone; expected a zone-aware time such as datetime.now(UTC)"
            )
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return ``value`` as a zone-aware time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


contents = Table(
    "contents",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("payload", Text, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("source", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime, nullable=False),
    Column("corpus_fingerprint", Text, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("undone_at", UtcTime),
    CheckConstraint("mode IN ('full', 'upsert')", name="mode"),
    sqlite_autoincrement=True,
)

record_versions = Table(
    "record_versions",
    metadata,
    Column("seq", SERIAL, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("import_id", SERIAL, ForeignKey("imports.id")),
    Column("content_hash", Text, ForeignKey("contents.hash")),
    Column("recorded_at", UtcTime, nullable=False),
    CheckConstraint("origin IN ('import', 'rest')", name="origin"),
    CheckConstraint("(origin = 'import') = (import_id IS NOT NULL)", name="import_has_id"),
    Index(None, "kind", "record_id"),
    Index(None, "import_id"),
    Index(None, "content_hash"),
    sqlite_autoincrement=True,
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("recorded_by", Text),
    Column("receipt", Text),
    CheckConstraint("reason IN ('erased', 'withdrawn')", name="reason"),
)

conflicts = Table(
    "conflicts",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("import_id", SERIAL, ForeignKey("imports.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("detected_at", UtcTime, nullable=False),
    Column("message", Text, nullable=False),
    Index(None, "import_id"),
    sqlite_autoincrement=True,
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("audiences", JSON, nullable=False),
    Column("origins", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("revoked_at", UtcTime),
)

audit = Table(
    "audit",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("by", Text),
    Column("action", Text, nullable=False),
    Column("kind", Text),
    Column("record_id", Text),
    Column("before_hash", Text),
    Column("after_hash", Text),
    Column("detail", JSON),
    Index(None, "kind", "record_id"),
    sqlite_autoincrement=True,
)

feedback_events = Table(
    "feedback_events",
    metadata,
    Column("key", Text, primary_key=True),
    Column("body_hash", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("event", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("case_id", Text),
    Column("channel", Text),
    Column("language", Text),
    Column("agent", Text),
    Column("api_key", Text),
    Column("reason", Text),
    Column("text_length", Integer),
    Column("position", Integer),
    Index(None, "kind", "item_id"),
    Index(None, "case_id"),
    Index(None, "received_at"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("by", Text),
    Column("what", Text, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("last_copy_gone_by", UtcTime),
    Column("completed_at", UtcTime),
)
