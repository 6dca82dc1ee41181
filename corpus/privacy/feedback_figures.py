"""What agents did with the suggestions of an item: counted over ten agents at least, else not at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from corpus.database import reading
from corpus.opened import OpenDatabase
from corpus.privacy.agent_figures import AgentFigure, shown_figure
from corpus.tables import feedback_events

TAKEN = frozenset({"opened", "copied", "inserted", "attached", "edited", "sent", "executed", "helpful"})
REFUSED = frozenset({"dismissed", "not_helpful"})


class Event(NamedTuple):
    """One feedback event; ``agent`` is the pseudonym of who caused it, if the caller told."""

    kind: str
    item_id: str
    event: str
    agent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFeedback:
    """How often an item was shown, taken and refused.

    All three are ``None`` where fewer than ten agents saw it, or nobody knows how many did.
    """

    kind: str
    item_id: str
    shown: int | None
    taken: int | None
    refused: int | None


class FeedbackFigures(OpenDatabase):
    """Reads the feedback events of a database, as figures only."""

    def read(self) -> tuple[ItemFeedback, ...]:
        """Return the figures of every item that feedback names, by kind and id."""
        table = feedback_events.c
        with reading(self._engine) as connection:
            rows = connection.execute(select(table.kind, table.item_id, table.event, table.agent))
            return item_feedback(Event(*row) for row in rows)


def item_feedback(events: Iterable[Event]) -> tuple[ItemFeedback, ...]:
    """Count events by item."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    agents: dict[tuple[str, str], set[str]] = defaultdict(set)
    for event in events:
        key = (event.kind, event.item_id)
        counts[key][event.event] += 1
        agents[key].update({event.agent} if event.agent else ())
    return tuple(_figures(sorted(counts.items()), agents))


def _figures(
    counts: Iterable[tuple[tuple[str, str], Counter[str]]], agents: dict[tuple[str, str], set[str]]
) -> Iterator[ItemFeedback]:
    for (kind, item_id), count in counts:
        seen_by = frozenset(agents[kind, item_id])
        # Who was shown an item without doing anything is among its agents too: all three go by the same people.
        figures = {
            name: shown_figure(AgentFigure(float(value), seen_by))
            for name, value in (
                ("shown", count["shown"]),
                ("taken", sum(count[event] for event in TAKEN)),
                ("refused", sum(count[event] for event in REFUSED)),
            )
        }
        yield ItemFeedback(
            kind=kind, item_id=item_id, **{name: None if f is None else round(f) for name, f in figures.items()}
        )
