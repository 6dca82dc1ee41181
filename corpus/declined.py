"""Declined offers in the feedback of the store: what customers said no to, by case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from corpus.database import reading
from corpus.followed import Followed
from corpus.opened import OpenDatabase
from corpus.tables import feedback_events

DECLINED = "declined"
"""The reason of a ``dismissed`` that says: the customer declined it, not the agent."""
BUSY_TIMEOUT_S = 0.5
# Each step is a reading transaction of its own, over in milliseconds: who reads delays who writes.
_STEP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Declined:
    """One action that was declined in one case. ``at`` is when that happened, as far as clocks can be believed."""

    case_id: str
    action_id: str
    at: datetime


class _DeclinedStore(OpenDatabase):
    def since(self, begin: datetime, end: datetime) -> Iterator[Declined]:
        """Yield what was told from ``begin`` on and before ``end``, in no order."""
        with reading(self._engine) as connection:
            first = connection.execute(select(func.min(feedback_events.c.received_at))).scalar_one()
        step = end
        while first is not None and step > max(begin, first):
            lower = max(begin, step - _STEP)
            with reading(self._engine) as connection:
                yield from _told(connection, lower, step)
            step = lower


class StoredDeclined:
    """Reads declined offers of a store that may come to be, go away or be replaced while somebody serves."""

    def __init__(self, location: str) -> None:
        self._followed = Followed(
            location, lambda: _DeclinedStore.open(location, create=False, busy_timeout_s=BUSY_TIMEOUT_S)
        )

    def __call__(self, begin: datetime, end: datetime) -> tuple[Declined, ...]:
        """Return what was told in a time, nothing where there is no store yet; raises ``StoreError``."""
        store = self._followed.store()
        return () if store is None else tuple(store.since(begin, end))

    def close(self) -> None:
        """Give back all connections; the next call opens the store again."""
        self._followed.close()


def _told(connection: Connection, begin: datetime, end: datetime) -> Iterator[Declined]:
    table = feedback_events.c
    columns = table.case_id, table.item_id, table.kind, table.event, table.at, table.received_at
    # Kind and case are looked at here: asked of the database, it would go through all that is known of actions.
    told = table.received_at >= begin, table.received_at < end, table.reason == DECLINED
    for row in connection.execute(select(*columns).where(*told)):
        if row.kind == "actions" and row.event == "dismissed" and row.case_id is not None:
            yield Declined(row.case_id, row.item_id, min(row.at, row.received_at))
