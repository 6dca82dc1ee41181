"""Agents that an earlier version stored as they were given are taken out of the contents of cases.

They cannot be hashed here: the keys of the hashes lie beside the store, not in it. Importing the same cases again
brings their agents back as hashes, as far as those are kept (``corpus.privacy.agents``).
"""

from __future__ import annotations

import hashlib
import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_HASHED = re.compile(r"[0-9]{4}Q[1-4]-[0-9a-f]{16}")
_AT_ONCE = 500
_contents = sa.table("contents", sa.column("hash", sa.Text()), sa.column("payload", sa.Text()))
_versions = sa.table("record_versions", sa.column("kind", sa.Text()), sa.column("content_hash", sa.Text()))


def upgrade() -> None:
    """Give each case that names an agent a content without one; the old contents are deleted."""
    connection = op.get_bind()
    of_cases = sa.select(_versions.c.content_hash).where(_versions.c.kind == "cases").distinct()
    with_agents = sa.and_(_contents.c.hash.in_(of_cases), _contents.c.payload.contains('"agent":', autoescape=True))
    hashes = list(connection.scalars(sa.select(_contents.c.hash).where(with_agents).order_by(_contents.c.hash)))
    for begin in range(0, len(hashes), _AT_ONCE):
        _take_out(connection, hashes[begin : begin + _AT_ONCE])


def _take_out(connection: sa.Connection, hashes: list[str]) -> None:
    found = connection.execute(sa.select(_contents.c.hash, _contents.c.payload).where(_contents.c.hash.in_(hashes)))
    for old, payload in found.all():
        without = _without_agent(payload)
        if without is None:
            continue
        new = hashlib.sha256(without.encode("utf-8")).hexdigest()
        # Two contents that differed in their agents only become one.
        if connection.scalar(sa.select(_contents.c.hash).where(_contents.c.hash == new)) is None:
            connection.execute(sa.insert(_contents).values(hash=new, payload=without))
        connection.execute(sa.update(_versions).where(_versions.c.content_hash == old).values(content_hash=new))
        connection.execute(sa.delete(_contents).where(_contents.c.hash == old))


def _without_agent(payload: str) -> str | None:
    """Return canonical JSON of a case without its agent; None where there is none but a hash."""
    case = json.loads(payload)
    if "agent" not in case or _HASHED.fullmatch(str(case["agent"])):
        return None
    del case["agent"]
    return json.dumps(case, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
