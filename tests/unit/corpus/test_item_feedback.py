"""What agents did with an item is told in the figures of acceptance, and in no others."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corpus.acceptance import FEW, acceptance
from corpus.feedback import FeedbackRow
from corpus.feedback_store import FeedbackStore
from corpus.item_feedback import ItemFeedback, item_feedback

NOW = datetime(2026, 5, 5, 12, tzinfo=UTC)


def row(item: str, agent: int | None, event: Any, **parts: Any) -> FeedbackRow:
    given: dict[str, Any] = {
        "key": f"{item}-{agent}-{event}-{len(parts)}-{parts.get('case_id')}",
        "body_hash": "h",
        "at": NOW,
        "kind": "articles",
        "item_id": item,
        "snapshot": "s",
        "rank": 1,
        "score": 1.0,
        "confidence": 0.5,
        "channel": "email",
        "language": "de",
        "agent": None if agent is None else f"2026Q2-{agent}",
        **parts,
    }
    return FeedbackRow(event=event, **given)


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore.open(tmp_path / "stichwort.db", clock=lambda: NOW)


def figures(store: FeedbackStore, rows: list[FeedbackRow]) -> dict[str, ItemFeedback]:
    store.keep(rows)
    return {each.item_id: each for each in item_feedback(store)}


def test_figures_of_fewer_than_ten_agents_are_held_back(store: FeedbackStore) -> None:
    rows = [row(f"a{agents}", agent, "shown") for agents in (9, 10) for agent in range(agents)]
    rows += [row("unnamed", None, "dismissed", case_id=f"c{number}") for number in range(50)]

    found = figures(store, rows)

    assert found["a9"].shown is None
    assert found["unnamed"].refused is None
    assert (found["a10"].shown, found["a10"].taken, found["a10"].refused) == (10, 0, 0)


def test_a_suggestion_is_taken_or_refused_once_however_often_an_agent_said_so(store: FeedbackStore) -> None:
    events = ("shown", "opened", "edited", "dismissed", "not_helpful")
    rows = [row("a", agent, event) for agent in range(10) for event in events]

    found = figures(store, [*rows, *(row("a", agent, "shown", case_id="c2") for agent in range(10))])

    assert found["a"] == ItemFeedback(kind="articles", item_id="a", shown=20, taken=10, refused=10)


def test_nothing_about_few_agents_is_left_when_what_acceptance_tells_is_subtracted(store: FeedbackStore) -> None:
    rows = [row("a", agent, "dismissed") for agent in range(10)]
    rows += [row("a", agent, "opened", at=NOW.replace(month=4), channel="chat") for agent in range(2)]
    rows += [row("b", agent, "opened", case_id="c2") for agent in range(9)]

    found = figures(store, rows)
    (told,) = acceptance(store)

    assert (found["a"].shown, found["a"].taken, found["a"].refused) == (10, 0, 10)
    assert found["b"].shown is None
    assert FEW not in found
    assert told.total.shown == told.items[0].counts.shown == found["a"].shown
