"""Choosing which of the near cases an agent should read: none twice, and not only those that teach the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.ranking import Floats
from corpus.models import Case
from corpus.nearness import enough_shared
from index.filters import Mask

DIVERSITY = 0.1
"""Share of what a case adds in what makes it worth showing; the rest is how near it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCases:
    """Cases worth a look (n), and how they compare.

    ``meaning`` (n,) says how near each is, in standard deviations above the background; ``closeness`` (n, n) how near
    they are to each other, on the same scale. ``repeats`` and ``solved_alike`` (n, n) say which of them say the same,
    and which were solved in the same way.
    """

    cases: Sequence[Case]
    meaning: Floats
    closeness: Floats
    repeats: Mask
    solved_alike: Mask


def choose(near: NearCases, wanted: Iterable[int], limit: int) -> list[int]:
    """Return the positions of up to ``limit`` of the ``wanted`` cases, nearest first; ties by id.

    Of cases that say the same one is left, see ``without_repeats``. Which of those are shown is chosen by maximal
    marginal relevance (Carbonell and Goldstein, SIGIR 1998): the nearest first, then each time the one with the highest
    ``.9 * meaning - .1 * closeness``, the closeness being that to the closest of the chosen that was solved in the
    same way, or 0.

    Those chosen are ordered by how near they are, so that scores and confidences fall from rank to rank: what adds
    something gets a place on the list, and no better one than it deserves.
    """
    left = without_repeats(near, wanted)
    chosen: list[int] = []
    shadow = np.zeros_like(near.meaning)
    while left and len(chosen) < limit:
        worth = np.round((1 - DIVERSITY) * near.meaning - DIVERSITY * shadow, 5)
        best = min(left, key=lambda place: (-float(worth[place]), near.cases[place].id))
        chosen.append(best)
        left.remove(best)
        shadow = np.maximum(shadow, np.where(near.solved_alike[best], near.closeness[best], 0.0))
    return _nearest_first(near, chosen)


def without_repeats(near: NearCases, wanted: Iterable[int]) -> list[int]:
    """Return positions, nearest first, of cases none of which repeats another.

    From the nearest on, each stands for all that repeat it, and is itself replaced by the one of them that ended best:
    solved is better than nothing known, and that than reopened or escalated; then a resolution is better than none;
    then the nearest, then the newest is best. Whoever repeats the one that is kept goes as well.
    """
    left, kept = _nearest_first(near, wanted), []
    while left:
        nearest = left[0]
        same = [place for place in left if near.repeats[nearest, place]]
        best = min(same, key=lambda place: _ending(near, place)) if same else nearest
        kept.append(best)
        left = [place for place in left[1:] if not (near.repeats[nearest, place] or near.repeats[best, place])]
    return _nearest_first(near, kept)


def distinct(repeats: Mask) -> NDArray[np.int64]:
    """Return the positions, in order, of those of n that repeat none before them that was kept; ``repeats`` is (n, n).

    >>> distinct(np.array([[True, True, False], [True, True, True], [False, True, True]])).tolist()
    [0, 2]
    """
    kept: list[int] = []
    for place in range(len(repeats)):
        if not repeats[place, kept].any():
            kept.append(place)
    return np.array(kept, dtype=np.int64)


def near_matrix(sets: Sequence[NDArray[np.integer]]) -> Mask:
    """Return which of n sets of numbers are near-duplicates (n, n), see ``corpus.nearness``; an empty one is to none.

    >>> near_matrix([np.array([1, 2, 3]), np.array([1, 2, 3, 4])])[0, 1]
    np.True_
    """
    members, columns = np.unique(np.concatenate([*sets, np.zeros(0, dtype=np.int64)]), return_inverse=True)
    held = np.zeros((len(sets), members.size), dtype=np.float32)
    held[np.repeat(np.arange(len(sets)), [each.size for each in sets]), columns] = 1.0
    shared = (held @ held.T).astype(np.int64)
    sizes = np.diagonal(shared)
    near: Mask = enough_shared(shared, sizes[:, None] + sizes[None, :]) & (shared > 0)
    return near


def _nearest_first(near: NearCases, places: Iterable[int]) -> list[int]:
    return sorted(places, key=lambda place: (-float(near.meaning[place]), near.cases[place].id))


def _ending(near: NearCases, place: int) -> tuple[int, bool, float, float, str]:
    """Return how a case ended: the smaller, the better."""
    case = near.cases[place]
    closed = case.closed_at.timestamp() if case.closed_at else 0.0
    return _trouble(case), not case.resolution, -float(near.meaning[place]), -closed, case.id


def _trouble(case: Case) -> int:
    outcome = case.outcome
    if outcome is None:
        return 1
    if outcome.reopened or outcome.escalated:
        return 2
    return 0 if outcome.solved else 1
