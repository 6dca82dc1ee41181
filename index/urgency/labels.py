"""Which solved cases were urgent, by what colleagues recorded: the priority, or that it was escalated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.models import PUBLIC, Case
from corpus.nearness import words_of
from corpus.privacy.masking import MASKED, Masking
from index.urgency.customers import opening_words

URGENT_PRIORITIES = frozenset({"high", "urgent", "critical", "hoch", "dringend", "kritisch"})
MOST_CASES = 20_000
"""So many of the newest labelled cases teach and judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Public solved cases that say how urgent they were, in the order of their opening, and what customers wrote.

    ``urgent`` has shape (n,). ``groups`` name the cases that count as one: of one customer, or in the same words.
    """

    cases: Sequence[Case]
    texts: Sequence[str]
    urgent: NDArray[np.bool_]
    groups: Sequence[str]


def was_urgent(case: Case) -> bool | None:
    """Return whether a case was urgent; ``None`` where nobody recorded anything about it."""
    escalated = None if case.outcome is None else case.outcome.escalated
    if case.priority is None and escalated is None:
        return None
    return bool(escalated) or (case.priority or "").strip().casefold() in URGENT_PRIORITIES


def labelled_cases(cases: Sequence[Case], masking: Masking = MASKED) -> Labelled:
    """Return what there is to learn from; empty where no case was recorded as urgent.

    Whoever may not see a case must not be told of it by what others taught: only public ones count.
    """
    known = [case for case in cases if case.is_solved_history and PUBLIC in case.audience]
    told = sorted((case for case in known if was_urgent(case) is not None), key=_order)[-MOST_CASES:]
    if not any(map(was_urgent, told)):
        told = []
    pairs = [(case, text) for case in told if (text := opening_words(case, masking))]
    return Labelled(
        cases=[case for case, _ in pairs],
        texts=[text for _, text in pairs],
        urgent=np.array([bool(was_urgent(case)) for case, _ in pairs], dtype=np.bool_),
        groups=_groups(pairs),
    )


def _groups(pairs: Sequence[tuple[Case, str]]) -> list[str]:
    """Name the group of each case; of cases in the same words the first one's customer stands for all."""
    first: dict[frozenset[str], str] = {}
    for case, text in pairs:
        first.setdefault(words_of(text), case.customer_id or case.id)
    return [first[words_of(text)] for _, text in pairs]


def _order(case: Case) -> tuple[float, str]:
    moment = case.opened_at or case.closed_at
    return (moment.timestamp() if moment else 0.0, case.id)
