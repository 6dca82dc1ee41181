"""Receipts: what was erased or purged, where copies of it are left, and when the last one is gone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from corpus.tables import receipts

_ID_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The receipt of one erasure or purge; it names no customer and no agent.

    ``what`` says what was asked for: ``case ID``, ``customer HASH``, ``agent HASH`` or ``purge``. ``erased`` counts
    what went so far, by place. ``pseudonyms`` are those of an agent; ``closed_before`` tells the cases of a purge, and
    ``versions_before`` up to when it took superseded versions.
    ``left`` says where copies are still known to lie and ``kept`` what stays for good, both in plain sentences.
    ``last_copy_gone_by`` is a promise until ``completed_at`` is set, and counts backups from then on.
    """

    id: str
    at: datetime
    by: str | None
    what: str
    erased: Mapping[str, int] = field(default_factory=dict)
    pseudonyms: frozenset[str] = frozenset()
    closed_before: datetime | None = None
    versions_before: datetime | None = None
    left: Sequence[str] = ()
    kept: Sequence[str] = ()
    last_copy_gone_by: datetime | None = None
    completed_at: datetime | None = None


def new_receipt_id() -> str:
    """Return 16 random hexadecimal digits."""
    return secrets.token_hex(_ID_BYTES)


def add_up(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Return the sums of two sets of counts, in the order of the first; what is nothing is left out."""
    names = [*counts, *(name for name in more if name not in counts)]
    sums = {name: counts.get(name, 0) + more.get(name, 0) for name in names}
    return {name: number for name, number in sums.items() if number}


def write_receipt(connection: Connection, receipt: Receipt) -> None:
    """Write a receipt, in place of the one of that id if there is one."""
    values = {
        "at": receipt.at,
        "by": receipt.by,
        "what": receipt.what,
        "counts": _counts(receipt),
        "last_copy_gone_by": receipt.last_copy_gone_by,
        "completed_at": receipt.completed_at,
    }
    this = receipts.c.id == receipt.id
    if connection.execute(update(receipts).where(this).values(values)).rowcount == 0:
        connection.execute(insert(receipts).values(id=receipt.id, **values))


def read_receipt(connection: Connection, receipt_id: str) -> Receipt | None:
    """Return the receipt of that id, or ``None``."""
    row = connection.execute(select(receipts).where(receipts.c.id == receipt_id)).one_or_none()
    return None if row is None else _receipt(row)


def read_receipts(connection: Connection, *, what: str | None = None, is_open: bool = False) -> tuple[Receipt, ...]:
    """Return receipts, oldest first: all, those of one thing, or those of which copies are left."""
    query = select(receipts).order_by(receipts.c.at, receipts.c.id)
    if what is not None:
        query = query.where(receipts.c.what == what)
    if is_open:
        query = query.where(receipts.c.completed_at.is_(None))
    return tuple(map(_receipt, connection.execute(query)))


def _counts(receipt: Receipt) -> dict[str, Any]:
    return {
        "erased": dict(receipt.erased),
        "pseudonyms": sorted(receipt.pseudonyms),
        "closed_before": _told(receipt.closed_before),
        "versions_before": _told(receipt.versions_before),
        "left": list(receipt.left),
        "kept": list(receipt.kept),
    }


def _receipt(row: Row[Any]) -> Receipt:
    counts = row.counts
    return Receipt(
        id=row.id,
        at=row.at,
        by=row.by,
        what=row.what,
        erased=counts["erased"],
        pseudonyms=frozenset(counts["pseudonyms"]),
        closed_before=_time(counts["closed_before"]),
        versions_before=_time(counts["versions_before"]),
        left=tuple(counts["left"]),
        kept=tuple(counts["kept"]),
        last_copy_gone_by=row.last_copy_gone_by,
        completed_at=row.completed_at,
    )


def _told(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()


def _time(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
