"""No figure about fewer than ten agents is shown, directly or by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.privacy.agent_figures import LEAST_AGENTS, AgentFigure, shown_figure, shown_figures


def figure(count: int, *, value: float = 1.0, first: int = 0, quarter: str = "2026Q4") -> AgentFigure:
    return AgentFigure(value, frozenset(f"{quarter}-{number:016x}" for number in range(first, first + count)))


def test_ten_agents_are_shown_and_nine_are_not() -> None:
    assert shown_figure(figure(10, value=0.75)) == 0.75
    assert shown_figure(figure(9)) is None
    assert shown_figure(AgentFigure(0.0, frozenset())) is None


def test_one_person_in_two_quarters_counts_once() -> None:
    five_people_twice = figure(5).agents | figure(5, quarter="2026Q3").agents

    assert shown_figure(AgentFigure(1.0, five_people_twice)) is None


def test_a_small_group_takes_the_smallest_other_with_it() -> None:
    groups = {
        "nord": figure(30, value=3.0),
        "sued": figure(12, value=2.0, first=100),
        "west": figure(4, value=1.0, first=200),
    }

    assert shown_figures(groups) == {"nord": 3.0, "sued": None, "west": None}


def test_small_groups_that_are_ten_together_take_no_other_with_them() -> None:
    groups = {"a": figure(6), "b": figure(6, first=50), "c": figure(20, value=5.0, first=100)}

    assert shown_figures(groups) == {"a": None, "b": None, "c": 5.0}


def test_without_small_groups_all_are_shown() -> None:
    assert shown_figures({"a": figure(10), "b": figure(11, first=50)}) == {"a": 1.0, "b": 1.0}
    assert shown_figures({}) == {}


@given(st.lists(st.integers(0, 25), max_size=6))
def test_what_is_held_back_is_nothing_or_a_group_of_ten_or_all(sizes: list[int]) -> None:
    groups = {str(number): figure(size, first=100 * number) for number, size in enumerate(sizes)}
    shown = shown_figures(groups)
    held = sum(groups[name].size for name, value in shown.items() if value is None)

    assert all(groups[name].size >= LEAST_AGENTS for name, value in shown.items() if value is not None)
    assert held == 0 or held >= LEAST_AGENTS or held == sum(sizes)
