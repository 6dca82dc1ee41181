"""Feedback events in the store of record: each once, whoever sends it how often; all of a body or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, Select, insert, select

from corpus.contents import HASHES_AT_ONCE, in_steps
from corpus.database import reading, writing
from corpus.feedback import PERHAPS_USED, SPEAKS_AGAINST, USED_FOR_CERTAIN, Evidence, FeedbackKind, FeedbackRow
from corpus.opened import OpenDatabase
from corpus.tables import feedback_events

_TEACHING = (*USED_FOR_CERTAIN, *PERHAPS_USED, *SPEAKS_AGAINST)
# Rows that one reading transaction takes: it is over in milliseconds, for who reads delays who writes.
_ROWS_AT_ONCE = 5_000


class FeedbackConflictError(Exception):
    """Keys that are known, or stand twice in one body, with other events; ``places`` are their positions."""

    def __init__(self, places: Sequence[int]) -> None:
        super().__init__(f"{len(places)} keys are known with other events")
        self.places = tuple(places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many events were new and are kept now, and how many had been kept before; ``fresh`` are the new ones."""

    accepted: int
    duplicates: int
    fresh: tuple[FeedbackRow, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What acceptance counts of one event; ``suggestion`` is the same for all events about one suggestion."""

    at: datetime
    event: str
    channel: str | None
    language: str | None
    agent: str | None
    reason: str | None
    suggestion: tuple[object, ...]


class FeedbackStore(OpenDatabase):
    """Keeps feedback beside the records. Every method may raise ``StoreError``; one store may be shared by threads."""

    def keep(self, rows: Sequence[FeedbackRow]) -> Counted:
        """Keep events in one transaction, all of them or none; events kept before are counted, not kept twice.

        Raises ``FeedbackConflictError`` for a key that is known with another event.
        """
        first = {row.key: row for row in reversed(rows)}
        with writing(self._engine) as connection:
            known = _known(connection, list(first))
            expected = {key: known.get(key, row.body_hash) for key, row in first.items()}
            conflicts = [place for place, row in enumerate(rows) if row.body_hash != expected[row.key]]
            if conflicts:
                raise FeedbackConflictError(conflicts)
            fresh = [row for key, row in first.items() if key not in known]
            if fresh:
                received = self._clock()
                connection.execute(insert(feedback_events), [{**asdict(row), "received_at": received} for row in fresh])
        return Counted(accepted=len(fresh), duplicates=len(rows) - len(fresh), fresh=tuple(fresh))

    def items(self) -> tuple[tuple[FeedbackKind, str], ...]:
        """Return kind and id of every item that there is feedback about, ordered."""
        columns = feedback_events.c.kind, feedback_events.c.item_id
        with reading(self._engine) as connection:
            return tuple(
                (row.kind, row.item_id) for row in connection.execute(select(*columns).distinct().order_by(*columns))
            )

    def reactions(self, kind: FeedbackKind, item_id: str, since: datetime | None) -> tuple[Reaction, ...]:
        """Return the events about one item that happened since a time, oldest first."""
        table = feedback_events.c
        query = select(feedback_events).where(table.kind == kind, table.item_id == item_id)
        if since is not None:
            query = query.where(table.at >= since)
        query = query.order_by(table.at, table.key)
        with reading(self._engine) as connection:
            return tuple(
                Reaction(
                    at=row.at,
                    event=row.event,
                    channel=row.channel,
                    language=row.language,
                    agent=row.agent,
                    reason=row.reason,
                    suggestion=(row.snapshot, row.rank, row.score, row.confidence, row.case_id, row.agent),
                )
                for row in connection.execute(query)
            )


def read_evidence(engine: Engine) -> Iterator[Evidence]:
    """Yield what history may learn from, by key, in short transactions: what is added meanwhile may be missed."""
    last = ""
    while True:
        with reading(engine) as connection:
            rows = connection.execute(_evidence_after(last)).all()
        for row in rows:
            yield Evidence(
                case_id=row.case_id,
                kind=row.kind,
                item_id=row.item_id,
                event=row.event,
                at=row.at,
                key=row.api_key or "",
                hand=row.agent or "",
            )
        if len(rows) < _ROWS_AT_ONCE:
            return
        last = rows[-1].key


def _known(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    known: dict[str, str] = {}
    for step in in_steps(keys, HASHES_AT_ONCE):
        table = feedback_events.c
        rows = connection.execute(select(table.key, table.body_hash).where(table.key.in_(step)))
        known |= {row.key: row.body_hash for row in rows}
    return known


def _evidence_after(key: str) -> Select[tuple[object, ...]]:
    table = feedback_events.c
    columns = table.key, table.case_id, table.kind, table.item_id, table.event, table.at, table.api_key, table.agent
    return (
        select(*columns)
        .where(table.key > key, table.case_id.is_not(None), table.event.in_(_TEACHING))
        .order_by(table.key)
        .limit(_ROWS_AT_ONCE)
    )
