"""Figures about agents: none of fewer than ten, and none from which one of fewer could be worked out.

This is the one place through which such a figure may pass; nothing else groups by agent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus.models import Case
from corpus.privacy.agents import quarter_of

LEAST_AGENTS = 10


@dataclass(frozen=True, slots=True)
class AgentFigure:
    """A number about a group of agents; ``agents`` are their pseudonyms (``corpus.privacy.agents``)."""

    value: float
    agents: frozenset[str]

    @property
    def size(self) -> int:
        """How many people there are at least.

        A person has another pseudonym in each quarter, so only those of one quarter may be counted together.
        """
        by_quarter: dict[str, int] = {}
        for pseudonym in self.agents:
            quarter = pseudonym.partition("-")[0]
            by_quarter[quarter] = by_quarter.get(quarter, 0) + 1
        return max(by_quarter.values(), default=0)


def agents_of(cases: Iterable[Case]) -> frozenset[str]:
    """Return who solved the cases, by the quarter of each case; one without an agent or a time names nobody.

    The store knows agents by pseudonyms of a quarter, a corpus folder by names: within one quarter both tell people
    apart.
    """
    named = ((case.closed_at or case.opened_at, case.agent) for case in cases)
    return frozenset(f"{quarter_of(at)}-{agent}" for at, agent in named if at is not None and agent is not None)


def shown_figure(figure: AgentFigure) -> float | None:
    """Return the value of a figure of ten agents or more, else ``None``."""
    return figure.value if figure.size >= LEAST_AGENTS else None


def shown_figures(groups: Mapping[str, AgentFigure]) -> dict[str, float | None]:
    """Return the values by group, ``None`` for those that may not be shown.

    Where the groups held back have fewer than ten agents together, the smallest of the others is held back as well:
    else the total less what is shown would be their figure.
    """
    held = {name for name, figure in groups.items() if shown_figure(figure) is None}
    others = sorted((name for name in groups if name not in held), key=lambda name: (groups[name].size, name))
    while held and others and _together(groups[name] for name in held).size < LEAST_AGENTS:
        held.add(others.pop(0))
    return {name: None if name in held else figure.value for name, figure in groups.items()}


def _together(figures: Iterable[AgentFigure]) -> AgentFigure:
    return AgentFigure(0.0, frozenset(agent for figure in figures for agent in figure.agents))
