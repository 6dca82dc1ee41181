"""Erasing cases, customers' cases and agents from the tables of the store, as part of an open transaction.

A case goes with every version and content that it ever had, and leaves a tombstone. Of an agent the pseudonyms go out
of the contents of cases and out of feedback; the cases stay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from corpus import edits
from corpus.contents import HASHES_AT_ONCE, in_steps
from corpus.receipts import add_up
from corpus.stored import Key, Tombstone
from corpus.tables import audit, conflicts, contents, feedback_events, record_versions, tombstones

_FEEDBACK_AGENT = feedback_events.c["agent"]


def cases_of_customer(connection: Connection, customer_id: str) -> frozenset[str]:
    """Return the ids of all cases that name a customer in any version, live or not."""
    found = _contents_with("customer_id", customer_id)
    rows = connection.execute(select(contents.c.payload).where(found, contents.c.hash.in_(_of_cases())))
    cases = (json.loads(payload) for (payload,) in rows)
    return frozenset(case["id"] for case in cases if case.get("customer_id") == customer_id)


def unerased(connection: Connection, cases: Iterable[str]) -> tuple[str, ...]:
    """Return those of the cases that have no tombstone of an erasure yet, ascending."""
    query = select(tombstones.c.record_id).where(tombstones.c.kind == "cases", tombstones.c.reason == "erased")
    return tuple(sorted(set(cases) - set(connection.scalars(query))))


def erase_cases(
    connection: Connection, cases: Sequence[str], *, at: datetime, by: str | None, receipt: str
) -> dict[str, int]:
    """Erase cases, known or not, and return what went, by place."""
    erased: dict[str, int] = {}
    for case in cases:
        key: Key = ("cases", case)
        held = _held(connection, key)
        stone = Tombstone(
            kind="cases", record_id=case, reason="erased", recorded_at=at, recorded_by=by, receipt=receipt
        )
        edits.bury(connection, stone)
        gone = connection.execute(
            delete(conflicts).where(conflicts.c.kind == "cases", conflicts.c.record_id == case)
        ).rowcount
        erased = add_up(erased, {**held, "conflicts": gone})
    return add_up(erased, {"feedback events": forget_cases(connection, cases)})


def forget_cases(connection: Connection, cases: Iterable[str]) -> int:
    """Take cases, and what was written about them, out of feedback, and return the number of its events."""
    gone = 0
    for step in in_steps(cases, HASHES_AT_ONCE):
        named = feedback_events.c.case_id.in_(step)
        gone += connection.execute(update(feedback_events).where(named).values(case_id=None, reason=None)).rowcount
    return gone


def erase_agent(connection: Connection, pseudonyms: Collection[str]) -> dict[str, int]:
    """Take an agent out of all cases, in every version, and out of feedback; return how many of each."""
    rewritten = 0
    for pseudonym in sorted(pseudonyms):
        found = select(contents.c.hash, contents.c.payload).where(
            _contents_with("agent", pseudonym), contents.c.hash.in_(_of_cases())
        )
        for old, payload in connection.execute(found).all():
            rewritten += _without_agent(connection, old, json.loads(payload), pseudonyms)
    named = _FEEDBACK_AGENT.in_(sorted(pseudonyms))
    events = connection.execute(update(feedback_events).where(named).values({_FEEDBACK_AGENT: None})).rowcount
    return add_up({}, {"contents without the agent": rewritten, "feedback events": events})


def _held(connection: Connection, key: Key) -> dict[str, int]:
    versions = record_versions.c
    mine = (versions.kind == key[0], versions.record_id == key[1], versions.content_hash.is_not(None))
    number, different = connection.execute(
        select(func.count(), func.count(versions.content_hash.distinct())).where(*mine)
    ).one()
    return {"cases": 1 if number else 0, "versions": number, "contents": different}


def _without_agent(connection: Connection, old: str, case: dict[str, Any], pseudonyms: Collection[str]) -> int:
    if case.get("agent") not in pseudonyms:
        return 0
    del case["agent"]
    payload = json.dumps(case, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    new = hashlib.sha256(payload.encode("utf-8")).hexdigest()
    # Two contents that differed in their agents only become one.
    if connection.scalar(select(contents.c.hash).where(contents.c.hash == new)) is None:
        connection.execute(insert(contents).values(hash=new, payload=payload))
    for column in (record_versions.c.content_hash, audit.c.before_hash, audit.c.after_hash):
        connection.execute(update(column.table).where(column == old).values({column: new}))
    connection.execute(delete(contents).where(contents.c.hash == old))
    return 1


def _contents_with(name: str, value: str) -> ColumnElement[bool]:
    """Return which contents may hold a member of JSON; LIKE ignores case, so that the caller has to look again."""
    return contents.c.payload.contains(f'"{name}":{json.dumps(value, ensure_ascii=False)}', autoescape=True)


def _of_cases() -> Any:
    return select(record_versions.c.content_hash).where(record_versions.c.kind == "cases").distinct()
