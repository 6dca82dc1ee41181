"""Which actions may be suggested now: what was declined, how often they were done already, and their rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assist.models import SuggestRequest
from corpus.eligibility import holds
from corpus.models import Action, Case, primary_language

Facts = Mapping[str, object]
Obstacle = Literal["declined", "max_per_case", "rule"]
DECLINED = "declined"
"""What the CRM names declined actions by, in the context of a question."""
OFFER = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What decides about actions in one case.

    ``facts`` is what rules may ask about, ``done`` how often each action was done. ``declined`` names what the CRM says
    the customer declined, ``remembered`` the offers whose decline was told with feedback about this very case.
    """

    facts: Facts
    done: Counter[str]
    declined: frozenset[str]
    remembered: frozenset[str]
    as_of: datetime

    def obstacles(self, action: Action) -> tuple[Obstacle, ...]:
        """Return all that keeps an action from being suggested now; empty where it may be."""
        found: list[Obstacle] = []
        if self.is_declined(action):
            found.append("declined")
        if action.max_per_case is not None and self.done[action.id] >= action.max_per_case:
            found.append("max_per_case")
        if not holds(action.when, self.facts, self.as_of):
            found.append("rule")
        return tuple(found)

    def is_declined(self, action: Action) -> bool:
        """Whether the action is an offer that the customer declined, under its id or one that it replaces."""
        return action.kind == OFFER and not (self.declined | self.remembered).isdisjoint((action.id, *action.replaces))


def situation_of(request: SuggestRequest, language: str, as_of: datetime, remembered: Collection[str]) -> Situation:
    """Return the situation in which a question is asked; ``remembered`` are declined offers that feedback told of."""
    return Situation(
        facts=facts_of(request, language),
        done=Counter(request.actions_done),
        declined=_named(request.context.get(DECLINED)),
        remembered=frozenset(remembered),
        as_of=as_of,
    )


def facts_of(request: SuggestRequest, language: str) -> Facts:
    """Return what rules may ask about: ``case``, ``customer`` and ``context``."""
    case = request.case
    return {
        "case": {
            "product": case.product,
            "channel": case.channel,
            "language": _language(case, language),
            "priority": case.priority,
            "actions_done": list(request.actions_done),
        },
        "customer": dict(case.customer),
        "context": dict(request.context),
    }


def _language(case: Case, identified: str) -> str:
    return primary_language(case.language) or identified


def _named(value: object) -> frozenset[str]:
    parts = value if isinstance(value, list | tuple) else (value,)
    return frozenset(part for part in parts if isinstance(part, str))
