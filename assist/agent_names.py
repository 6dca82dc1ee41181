"""What names the agent of a question, and the pseudonym that stands for it in suggestion ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

# What names an agent in ``context.agent``, the most lasting first.
_NAMED_BY = ("id", "email", "name")

Pseudonym = Callable[[str, datetime], str | None]


def no_pseudonym(agent: str, at: datetime) -> str | None:
    """Return None, for whoever needs no pseudonyms."""
    return None


def agent_named(context: Mapping[str, Any]) -> str | None:
    """Return what names the agent in the context of a question: an id, else an address, else a name.

    >>> agent_named({"agent": {"name": "Jana Weiß", "id": 4711}})
    '4711'
    """
    agent = context.get("agent")
    if not isinstance(agent, Mapping):
        return None
    for field in _NAMED_BY:
        value = agent.get(field)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return None
