"""How suggestions were taken: by suggestion, not by click, and never of fewer than ten agents, nor by subtraction."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corpus.acceptance import FEW, NO_REASON, Counts, KindAcceptance, acceptance, cells, large_cells
from corpus.feedback import FeedbackRow
from corpus.feedback_store import FeedbackStore
from corpus.privacy.agent_figures import LEAST_AGENTS

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
NUMBER = itertools.count()


def row(agent: int | None, event: Any = "sent", **parts: Any) -> FeedbackRow:
    number = next(NUMBER)
    given: dict[str, Any] = {
        "key": f"k{number}",
        "body_hash": "h",
        "at": NOW,
        "kind": "articles",
        "item_id": "rechnung",
        "snapshot": "s",
        "rank": 1,
        "score": 1.0,
        "confidence": 0.5,
        "case_id": f"c{number}",
        "channel": "email",
        "language": "de",
        "agent": None if agent is None else f"2026Q4-{agent:016x}",
        **parts,
    }
    return FeedbackRow(event=event, **given)


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore.open(tmp_path / "stichwort.db", clock=lambda: NOW)


def counted(store: FeedbackStore, rows: Iterable[FeedbackRow], since: datetime | None = None) -> KindAcceptance:
    store.keep(list(rows))
    (found,) = acceptance(store, since)
    return found


def test_one_suggestion_counts_once_however_much_was_done_with_it(store: FeedbackStore) -> None:
    rows = [row(agent, event, case_id=f"c-{agent}") for agent in range(10) for event in ("shown", "inserted", "sent")]
    rows += [row(agent, "shown", case_id=f"d-{agent}") for agent in range(10)]
    found = counted(store, [*rows, row(3, "dismissed"), row(4, "helpful"), row(5, "not_helpful"), row(6, "opened")])

    assert found.total == Counts(shown=24, used=10, sent=10, dismissed=1, helpful=1, not_helpful=1)
    assert [(item.id, item.counts) for item in found.items] == [("rechnung", found.total)]
    assert dict(found.channels) == {"email": found.total}
    assert dict(found.languages) == {"de": found.total}


def test_nine_agents_are_in_no_figure_and_their_rows_are_counted(store: FeedbackStore) -> None:
    found = counted(store, [row(agent) for agent in range(LEAST_AGENTS - 1)])

    assert found.total == Counts()
    assert found.items == ()
    assert found.hidden == 1


def test_who_is_not_known_is_no_agent(store: FeedbackStore) -> None:
    assert counted(store, [row(None) for _ in range(50)]).items == ()


def test_one_person_in_two_quarters_is_one(store: FeedbackStore) -> None:
    rows = [row(agent) for agent in range(5)]
    assert counted(store, [*rows, *(replace(row(agent), agent=f"2026Q3-{agent}") for agent in range(5))]).items == ()


def test_small_channels_of_an_item_are_counted_together(store: FeedbackStore) -> None:
    rows = [row(agent) for agent in range(20)]
    rows += [row(agent, channel="chat") for agent in range(6)] + [row(agent, channel="phone") for agent in range(5, 11)]
    found = counted(store, rows)

    assert {name: counts.sent for name, counts in found.channels.items()} == {"email": 20, FEW: 12}
    assert found.items[0].counts.sent == 32
    assert found.hidden == 0


def test_small_items_are_counted_together(store: FeedbackStore) -> None:
    rows = [row(agent, item_id=f"selten-{agent}") for agent in range(12)]
    found = counted(store, [*rows, *(row(agent) for agent in range(15))])

    assert [(item.id, item.counts.sent) for item in found.items] == [("rechnung", 15), (FEW, 12)]


def test_what_is_small_at_last_is_in_no_total(store: FeedbackStore) -> None:
    rows = [row(agent) for agent in range(15)]
    found = counted(store, [*rows, row(1, channel="chat"), row(2, item_id="selten")])

    assert found.total.sent == found.items[0].counts.sent == found.channels["email"].sent == 15
    assert found.hidden == 2


def test_months_are_not_counted_together_lest_one_is_told_by_subtraction(store: FeedbackStore) -> None:
    october = datetime(2026, 10, 5, tzinfo=UTC)
    rows = [row(agent, at=october) for agent in range(2)] + [row(agent) for agent in range(10)]
    store.keep(rows)
    (all_time,) = acceptance(store)
    (since,) = acceptance(store, datetime(2026, 11, 1, tzinfo=UTC))

    assert all_time.total == since.total == Counts(shown=10, used=10, sent=10)
    assert (all_time.hidden, since.hidden) == (1, 0)


def test_reasons_are_counted_and_one_of_few_agents_is_held_back(store: FeedbackStore) -> None:
    rows = [row(agent, "dismissed", reason="veraltet") for agent in range(12)]
    rows += [row(agent, "dismissed", reason="falsches_thema") for agent in range(11)]
    rows += [row(20, "not_helpful", reason="zu_lang"), row(21, "dismissed")]
    (item,) = counted(store, rows).items

    assert item.reasons == {"falsches_thema": None, "veraltet": 12, "zu_lang": None, NO_REASON: None}
    assert item.counts.dismissed == 24


@pytest.mark.parametrize("seed", range(5))
def test_every_figure_is_a_sum_of_cells_of_ten_agents(store: FeedbackStore, seed: int) -> None:
    chance = random.Random(seed)
    rows = [
        row(
            int(chance.paretovariate(0.6)) % 40,
            chance.choice(["shown", "sent", "dismissed"]),
            item_id=f"i{chance.randrange(6)}",
            channel=chance.choice(["email", "chat"]),
            language=chance.choice(["de", "en", None]),
            at=NOW.replace(month=chance.choice([10, 11])),
        )
        for _ in range(400)
    ]
    store.keep(rows)
    every = [cell for _, item in store.items() for cell in cells(item, store.reactions("articles", item, None))]
    large, _ = large_cells(every)
    found = next(acceptance(store), None)

    assert all(len(cell.agents) >= LEAST_AGENTS for cell in large)
    shown = sum(cell.counts.shown for cell in large)
    assert found is not None
    assert found.total.shown == shown
    for figures in ([item.counts for item in found.items], found.channels.values(), found.languages.values()):
        assert sum(counts.shown for counts in figures) == shown


def test_agents_of_one_cell_may_be_known_by_other_items_only(store: FeedbackStore) -> None:
    rows = [row(agent) for agent in range(10)]
    found = counted(store, [*rows, replace(row(None), channel=None, language=None)])

    assert found.total.sent == 10
    assert found.hidden == 1
