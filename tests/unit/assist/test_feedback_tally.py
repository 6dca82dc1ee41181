from __future__ import annotations

import pytest

from assist.feedback_tally import FeedbackTally, TakenEvent
from corpus.privacy.agent_figures import LEAST_AGENTS


@pytest.fixture
def told() -> list[tuple[str, str, int]]:
    return []


@pytest.fixture
def tally(told: list[tuple[str, str, int]]) -> FeedbackTally:
    return FeedbackTally(lambda kind, event, number: told.append((kind, event, number)))


def of(agents: range, quarter: str = "2026Q4") -> list[TakenEvent]:
    return [("articles", "opened", f"{quarter}-{agent}") for agent in agents]


def test_nothing_is_told_of_fewer_than_ten_agents_however_much_they_do(tally: FeedbackTally, told: list) -> None:
    tally.add(of(range(LEAST_AGENTS - 1)) * 100)
    assert told == []


def test_with_the_tenth_agent_all_is_told_at_once_and_counting_begins_anew(tally: FeedbackTally, told: list) -> None:
    tally.add(of(range(LEAST_AGENTS - 1)))
    tally.add(of(range(LEAST_AGENTS)))
    assert told == [("articles", "opened", 2 * LEAST_AGENTS - 1)]

    tally.add(of(range(LEAST_AGENTS - 1)))
    assert len(told) == 1


def test_each_kind_and_event_needs_ten_agents_of_its_own(tally: FeedbackTally, told: list) -> None:
    tally.add([*of(range(LEAST_AGENTS)), ("articles", "dismissed", "2026Q4-1"), ("templates", "opened", "2026Q4-1")])
    assert told == [("articles", "opened", LEAST_AGENTS)]


def test_unknown_agents_count_but_nobody_knows_that_they_are_several(tally: FeedbackTally, told: list) -> None:
    tally.add([("actions", "executed", None)] * 50)
    assert told == []
    tally.add([("actions", "executed", f"2026Q4-{agent}") for agent in range(LEAST_AGENTS)])
    assert told == [("actions", "executed", 50 + LEAST_AGENTS)]


def test_an_agent_does_not_count_twice_for_having_a_new_pseudonym(tally: FeedbackTally, told: list) -> None:
    tally.add(of(range(5), "2026Q3") + of(range(5), "2026Q4"))
    assert told == []
