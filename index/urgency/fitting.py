"""Learning urgency from solved cases, and proving it on those that came later, before any of it may be used.

The first part of the cases only teaches. What follows is asked block by block, each learned from the cases that had
closed before it began; the answers of all blocks together are judged. What serves is fitted on all cases afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.models import Case
from corpus.privacy.masking import MASKED, Masking
from index.encoder import Role
from index.urgency.labels import Labelled, labelled_cases
from index.urgency.model import Belief, UrgencyHead, UrgencyModel
from index.urgency.proof import Figure, Standing, compare
from index.urgency.signals import ENOUGH
from index.urgency.ways import Floats, Material, Rows, Way, fit_head, scores

FIRST = 0.4
BLOCKS = 3
LEAST_URGENT = 10
"""So many of the later cases must have been urgent: intervals of fewer mean nothing."""
NEEDED: tuple[Way, ...] = ("rules", "both")


class Encodes(Protocol):
    """Encodes texts in a role; ``what`` they are is for the progress bar."""

    def vectors(self, texts: Sequence[str], role: Role, what: str) -> NDArray[np.float32]:
        """Return vectors (len(texts), d)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was found: how many cases say how urgent they were, how many of them are later ones, and the verdict.

    ``standings`` are empty where there were too few cases to judge by.
    """

    cases: int
    urgent: int
    later: int
    later_urgent: int
    standings: Mapping[Way, Standing]
    model: UrgencyModel


def learn_urgency(cases: Sequence[Case], encode: Encodes, masking: Masking = MASKED) -> UrgencyModel:
    """Return what may be used of urgency, by the public solved cases of a corpus; nothing is encoded without need."""
    return judge(cases, encode, masking).model


def judge(cases: Sequence[Case], encode: Encodes, masking: Masking = MASKED, *, ways: Sequence[Way] = NEEDED) -> Judged:
    """Judge ways of telling, the needed ones among them, and return the verdict."""
    labelled = labelled_cases(cases, masking)
    later = np.arange(int(FIRST * len(labelled.cases)), len(labelled.cases))
    later_urgent = int(labelled.urgent[later].sum())
    why = _too_few(labelled, later_urgent)
    standings: Mapping[Way, Standing] = {}
    model = UrgencyModel(serves="off", why=why or "")
    if why is None:
        of = Material.of(labelled, encode.vectors(labelled.texts, "query", "urgency"))
        found = {way: _out_of_time(way, of, later) for way in ways}
        groups = [labelled.groups[row] for row in later.tolist()]
        standings = compare(found, labelled.urgent[later], groups, rules="rules")
        model = _verdict(of, later, found, standings)
    return Judged(
        cases=len(labelled.cases),
        urgent=int(labelled.urgent.sum()),
        later=later.size,
        later_urgent=later_urgent,
        standings=standings,
        model=model,
    )


def _too_few(labelled: Labelled, later_urgent: int) -> str | None:
    if not labelled.cases:
        return "no public solved case with a customer's words was of high priority or escalated: nothing to learn from"
    if later_urgent < LEAST_URGENT:
        return (
            f"{later_urgent} of the later cases were urgent, expected at least {LEAST_URGENT} to judge by "
            f"({len(labelled.cases)} cases say how urgent they were, {int(labelled.urgent.sum())} were)"
        )
    return None


def _out_of_time(way: Way, of: Material, later: Rows) -> Floats:
    """Return the scores of the later cases, each learned from cases that had closed before its block began."""
    closed = np.array([_seconds(case.closed_at) for case in of.labelled.cases])
    parts = []
    for block in np.array_split(later, BLOCKS):
        if block.size:
            first = of.labelled.cases[int(block[0])]
            before = np.flatnonzero(closed[: block[0]] < _seconds(first.opened_at or first.closed_at))
            parts.append(scores(way, of, before, block))
    return np.concatenate(parts)


def _verdict(of: Material, later: Rows, found: Mapping[Way, Floats], standings: Mapping[Way, Standing]) -> UrgencyModel:
    urgent = of.labelled.urgent[later]
    rules, both = standings["rules"], standings["both"]
    rules_belief = _belief(found["rules"] >= ENOUGH, urgent)
    if both.over_chance.low > 0 and both.over_rules.low > 0:
        threshold = float(np.sort(found["both"])[-int(urgent.sum())])
        head = fit_head(of, np.arange(urgent.size + int(later[0])), threshold=threshold)
        return UrgencyModel(
            serves="learned",
            why=f"learned, {_told(both)}, and better than rules alone",
            head=_needed(head),
            belief=_belief(found["both"] >= threshold, urgent),
            rules_belief=rules_belief,
        )
    if rules.over_chance.low > 0:
        why = f"rules alone, {_told(rules)}; what was learned is not proven to be better"
        return UrgencyModel(serves="rules", why=why, belief=rules_belief, rules_belief=rules_belief)
    why = f"not proven: rules alone, {_told(rules)}; learned, {_told(both)}, over rules {_signed(both.over_rules)}"
    return UrgencyModel(serves="off", why=why, rules_belief=rules_belief)


def _belief(high: NDArray[np.bool_], urgent: NDArray[np.bool_]) -> Belief:
    """Return how often each level was right, as if one more case of each had been right and one wrong (Laplace)."""
    return Belief(
        high=round(float((urgent[high].sum() + 1) / (high.sum() + 2)), 4),
        normal=round(float(((~urgent[~high]).sum() + 1) / ((~high).sum() + 2)), 4),
    )


def _told(standing: Standing) -> str:
    return f"average precision {standing.average_precision.value:.3f}, over chance {_signed(standing.over_chance)}"


def _signed(figure: Figure) -> str:
    return f"{figure.value:+.3f} ({figure.low:+.3f} to {figure.high:+.3f})"


def _needed(head: UrgencyHead | None) -> UrgencyHead:
    if head is None:
        raise ValueError("found no urgent case or nothing else among those that teach, expected both")
    return head


def _seconds(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()
