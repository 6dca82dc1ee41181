"""Ways to make one number of the cosines of a whole article and of its passages, all from the same vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from evaluation.bench import Asked
from evaluation.shelf import Floats, Rows, Shelf
from index.hits import dot


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosines:
    """How near a question is to every row, float32 (n,) each: to the ``whole``, and to its two nearest passages.

    A row with one passage repeats it as ``second``; one without passages repeats ``whole``.
    """

    whole: Floats
    best: Floats
    second: Floats


Blend = Callable[[Cosines], Floats]


def shared(share: float) -> Blend:
    """Return the blend in which the whole has a share (0 to 1), and the best passage the rest."""
    return lambda found: np.float32(share) * found.whole + np.float32(1.0 - share) * found.best


def _two(found: Cosines) -> Floats:
    return (found.best + found.second) / np.float32(2)


SHIPPED_BLEND = "half whole, half best passage"
BLENDS: Mapping[str, Blend] = MappingProxyType(
    {
        SHIPPED_BLEND: lambda found: (found.whole + found.best) / np.float32(2),
        "whole alone": lambda found: found.whole,
        "best passage alone": lambda found: found.best,
        ".3 whole, .7 best passage": shared(0.3),
        ".7 whole, .3 best passage": shared(0.7),
        "mean of the two best passages": _two,
        "half whole, half two best passages": lambda found: (found.whole + _two(found)) / np.float32(2),
        "higher of whole and best passage": lambda found: np.maximum(found.whole, found.best),
    }
)


def cosines_of(shelf: Shelf, vector: Floats) -> Cosines:
    """Return the cosines of a question's vector (d,); raises ``ValueError`` for a shelf without wholes."""
    if shelf.wholes is None:
        raise ValueError("found a shelf without vectors of wholes, expected one of articles")
    whole = dot(shelf.wholes, vector)
    best, second = _two_best(dot(shelf.parts, vector), shelf.starts, whole)
    return Cosines(whole=whole, best=best, second=second)


class KnownCosines:
    """The cosines of the questions of one shelf, computed once for all blends."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._known: dict[str, Cosines] = {}

    def of(self, asked: Asked) -> Cosines:
        """Return the cosines of a question."""
        key = asked.question.id
        if key not in self._known:
            self._known[key] = cosines_of(self._shelf, asked.case.vector)
        return self._known[key]


def _two_best(parts: Floats, starts: Rows, otherwise: Floats) -> tuple[Floats, Floats]:
    best, second = otherwise.copy(), otherwise.copy()
    filled = np.flatnonzero(starts[:-1] < starts[1:])
    if filled.size:
        row_of = np.repeat(np.arange(starts.size - 1), np.diff(starts))
        falling = parts[np.lexsort((-parts, row_of))]
        first, last = starts[:-1][filled], starts[1:][filled] - 1
        best[filled] = falling[first]
        second[filled] = falling[np.minimum(first + 1, last)]
    return best, second
