"""What of a ranking is shown: nothing where the first item is not likely to help, and nothing next to hopeless."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

# Behind a good first item, one with less than this share of the threshold only costs the agent attention.
HOPELESS_SHARE = 0.1
Verdict = Literal["shown", "abstained", "hopeless", "beyond_limit"]


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
