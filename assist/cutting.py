"""What of a ranking is shown: nothing where the first item is not likely to help, and nothing next to hopeless."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

# Behind a good first item, one with less than this share of the threshold only costs the agent attention.
HOPELESS_SHARE = 0.1
Verdict = Literal["pinned", "shown", "abstained", "hopeless", "beyond_limit"]


def verdicts(confidences: Sequence[float], threshold: float, limit: int) -> tuple[Verdict, ...]:
    """Return what becomes of each item of a ranking, best first; ``limit`` items are shown at most.

    All are held back when the first is below the threshold.

    >>> verdicts([0.6, 0.04, 0.5], 0.5, 2), verdicts([0.4, 0.3], 0.5, 2)
    (('shown', 'hopeless', 'beyond_limit'), ('abstained', 'abstained'))
    """
    if not confidences or confidences[0] < threshold:
        return tuple("abstained" for _ in confidences)
    return tuple(_verdict(place, each, threshold, limit) for place, each in enumerate(confidences))


def _verdict(place: int, confidence: float, threshold: float, limit: int) -> Verdict:
    if place >= limit:
        return "beyond_limit"
    return "shown" if confidence >= HOPELESS_SHARE * threshold else "hopeless"


def with_pinned(said: Sequence[Verdict], pinned: Collection[int], limit: int) -> tuple[Verdict, ...]:
    """Return what becomes of each item of a ranking when those at some places are pinned.

    They are shown whatever they are worth, and what was to be shown stands behind them.

    >>> with_pinned(("shown", "shown", "hopeless"), [2], 2), with_pinned(("abstained", "abstained"), [1], 2)
    (('shown', 'beyond_limit', 'pinned'), ('abstained', 'pinned'))
    """
    left = limit - len(pinned)
    found: list[Verdict] = []
    for place, verdict in enumerate(said):
        if place in pinned:
            found.append("pinned")
            continue
        left -= verdict == "shown"
        found.append("beyond_limit" if verdict == "shown" and left < 0 else verdict)
    return tuple(found)
