"""Who was given an item: cases that were shown it, sent it, or were solved with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from corpus.database import reading
from corpus.models import Case, Kind
from corpus.opened import OpenDatabase
from corpus.tables import feedback_events


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """A case that met an item; ``how`` is the feedback event (``shown``, ``sent``, …) or ``used`` for a solved case.

    ``case`` is None where the program that told of the event named no case, ``at`` where a solved case has no time.
    """

    case: str | None
    at: datetime | None
    how: str


class FeedbackLog(OpenDatabase):
    """Reads feedback events of a store."""

    def exposures(self, kind: Kind, item_id: str, since: datetime | None) -> tuple[Exposure, ...]:
        """Return the events about an item since a time, oldest first."""
        column = feedback_events.c
        query = select(column.case_id, column.at, column.event).where(column.kind == kind, column.item_id == item_id)
        if since is not None:
            query = query.where(column.at >= since)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(column.at, column.key)).all()
        return tuple(Exposure(case=row.case_id, at=row.at, how=row.event) for row in rows)


def used_in(cases: Iterable[Case], kind: Kind, item_id: str, since: datetime | None) -> Iterator[Exposure]:
    """Yield the solved cases that name an item among what was used, as far as they closed since a time."""
    for case in cases:
        uses = {"articles": case.articles, "templates": case.templates, "actions": case.actions}.get(kind, ())
        if case.is_solved_history and any(use.id == item_id for use in uses):
            at = case.closed_at
            if since is None or (at is not None and at >= since):
                yield Exposure(case=case.id, at=at, how="used")
