"""Which actions may be suggested now: their rules and how often they were done already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from assist.models import SuggestRequest
from corpus.eligibility import holds
from corpus.models import Action, Case, primary_language

Facts = Mapping[str, object]


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


def is_eligible(action: Action, facts: Facts, done: Counter[str], as_of: datetime) -> bool:
    """Whether the rule holds and the action was not done as often as it may be."""
    if action.max_per_case is not None and done[action.id] >= action.max_per_case:
        return False
    return holds(action.when, facts, as_of)


def _language(case: Case, identified: str) -> str:
    return primary_language(case.language) or identified
