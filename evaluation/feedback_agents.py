"""Agents at work, simulated: what they do with suggestions, in ways that whoever learns from it does not assume.

They look at the first suggestion more than at the third, have days on which they look at none, copy a text and send it
from elsewhere, write themselves though the right item is there, send a wrong one in haste, and differ in all of this.
The shares are ours, chosen beforehand and not fitted to anything.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.feedback import FeedbackEvent

# The chance that somebody who looks at suggestions looks at the first, the second, the third.
LOOKS = (0.95, 0.65, 0.4)
# What somebody does who found the right item; the rest writes without it.
SENDS, SENDS_EDITED, COPIES, ONLY_PRAISES = 0.35, 0.2, 0.25, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """One agent: how often suggestions are looked at, the right one is seen, a wrong one sent or dismissed."""

    name: str
    diligence: float
    care: float
    haste: float
    complains: float


def team(size: int, chance: random.Random) -> tuple[Habits, ...]:
    """Return agents of varying habits."""
    return tuple(
        Habits(
            name=f"2026Q4-{number:04d}",
            diligence=chance.uniform(0.25, 0.95),
            care=chance.uniform(0.7, 0.98),
            haste=chance.uniform(0.0, 0.12),
            complains=chance.uniform(0.0, 0.3),
        )
        for number in range(size)
    )


def reactions(
    habits: Habits, shown: Sequence[str], right: frozenset[str], chance: random.Random
) -> Iterator[tuple[str, FeedbackEvent]]:
    """Yield what an agent does with the items shown in one case, by item; ``right`` are the right ones."""
    yield from ((item, "shown") for item in shown)
    mood = chance.uniform(0.5, 1.0)
    if chance.random() > habits.diligence * mood:
        return
    for item, looks in zip(shown, LOOKS, strict=False):
        if chance.random() > looks:
            continue
        done: list[FeedbackEvent] = []
        if item in right and chance.random() < habits.care:
            done = _with_right(chance)
        elif item not in right:
            done = _with_wrong(habits, chance)
        yield from ((item, event) for event in done)
        if done and done[-1] in ("sent", "copied"):
            return


def _with_right(chance: random.Random) -> list[FeedbackEvent]:
    drawn = chance.random()
    if drawn < SENDS:
        return ["inserted", "sent"]
    if drawn < SENDS + SENDS_EDITED:
        return ["inserted", "edited", "sent"]
    if drawn < SENDS + SENDS_EDITED + COPIES:
        return ["opened", "copied"]
    return ["opened", "helpful"] if drawn < SENDS + SENDS_EDITED + COPIES + ONLY_PRAISES else []


def _with_wrong(habits: Habits, chance: random.Random) -> list[FeedbackEvent]:
    if chance.random() < habits.haste:
        return ["inserted", "sent"]
    if chance.random() < habits.complains:
        return ["dismissed"]
    return ["opened"] if chance.random() < 0.15 else []
