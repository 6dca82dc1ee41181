"""What solved cases say: those most like this one vote for the items that solved them.

All shares are normalised over what the caller may see, so that an invisible case or item changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.filters import Mask
from index.history import NO_ACTION, Uses

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The situations nearest to a case, best first: rows, their cases' rows, cosines and vote weights (sum 1)."""

    situations: Rows
    cases: Rows
    cosines: Floats
    weights: Floats

    def at(self, places: Rows) -> Neighbours:
        """Return those at some places, in their order; their weights sum to 1 again."""
        weights = self.weights[places]
        return Neighbours(
            situations=self.situations[places],
            cases=self.cases[places],
            cosines=self.cosines[places],
            weights=weights / max(float(weights.sum()), 1e-9),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """Votes for items of one kind. Arrays are indexed by item row (n,).

    ``share`` is the weight of the neighbours that used the item (0 to 1), ``supporters`` counts their cases, and
    ``electorate`` is the number of neighbouring cases that used any visible item of the kind.
    """

    share: Floats
    supporters: NDArray[np.int64]
    electorate: int

    @property
    def rows(self) -> Rows:
        """Rows of the items that got a vote."""
        return np.flatnonzero(self.supporters)


def neighbours(
    situations: Rows, cases: Rows, cosines: Floats, *, count: int, temperature: float, one_per_case: bool
) -> Neighbours:
    """Keep the ``count`` nearest situations, or the best one of each of the nearest cases; weigh them by a softmax.

    The inputs come sorted, best first. A temperature of .02 suits e5 embeddings, whose cosines lie close together.
    """
    first_of_case = np.sort(np.unique(cases, return_index=True)[1])
    kept = (first_of_case if one_per_case else np.arange(cases.size))[:count]
    if kept.size == 0:
        return Neighbours(situations=situations[:0], cases=cases[:0], cosines=cosines[:0], weights=cosines[:0])
    raw = np.exp((cosines[kept] - cosines[kept[0]]) / temperature)
    weights = (raw / raw.sum()).astype(np.float32)
    return Neighbours(situations=situations[kept], cases=cases[kept], cosines=cosines[kept], weights=weights)


def case_votes(nearest: Neighbours, uses: Uses, allowed: Mask) -> Votes:
    """Votes of the neighbouring cases for every item they used."""
    weight_of = dict(zip(nearest.cases.tolist(), nearest.weights.tolist(), strict=True))
    voting = np.isin(uses.case, nearest.cases) & allowed[uses.item]
    pairs = {(int(case), int(item)) for case, item in zip(uses.case[voting], uses.item[voting], strict=True)}
    return _count([(case, item, weight_of[case]) for case, item in sorted(pairs)], allowed.size)


def situation_votes(
    nearest: Neighbours, uses: Uses, allowed: Mask, *, previous: int | None, other_state: float
) -> Votes:
    """Votes of the neighbouring situations for the action that was taken in them.

    A situation that was reached by another last action than ``previous`` counts only ``other_state`` of its weight;
    see ``followed``.
    """
    weight_of = dict(zip(nearest.situations.tolist(), nearest.weights.tolist(), strict=True))
    voting = np.flatnonzero(np.isin(uses.situation, nearest.situations) & allowed[uses.item])
    alike = followed(uses, previous)
    # A use stands in several rows where several actions are heirs of the one before it; it votes once all the same.
    ballots: dict[tuple[int, int, int], tuple[int, int, float]] = {}
    for row in voting.tolist():
        situation, item = int(uses.situation[row]), int(uses.item[row])
        weight = weight_of[situation] * (1.0 if alike[row] else other_state)
        key = (situation, item, int(uses.done[row]))
        ballots[key] = max(ballots.get(key, (int(uses.case[row]), item, weight)), (int(uses.case[row]), item, weight))
    return _count(list(ballots.values()), allowed.size)


def followed(uses: Uses, previous: int | None) -> Mask:
    """Return which uses followed the action of a row; ``NO_ACTION`` for those that opened a case.

    ``None`` stands for an action that the caller may not see, or that the corpus lacks: nothing is known of either.
    """
    if previous is None:
        return np.zeros(uses.previous.shape, dtype=np.bool_)
    alike: Mask = uses.done == 0 if previous == NO_ACTION else uses.previous == previous
    return alike


def transition_shares(uses: Uses, visible_cases: Mask, allowed: Mask, *, previous: int | None) -> tuple[Floats, int]:
    """Share of each action among those that ``followed`` another in visible history, and how many there were."""
    following = followed(uses, previous) & visible_cases[uses.case] & allowed[uses.item]
    counts = np.bincount(uses.item[following], minlength=allowed.size).astype(np.float32)
    total = int(counts.sum())
    return counts / np.float32(max(total, 1)), total


def _count(ballots: list[tuple[int, int, float]], size: int) -> Votes:
    share = np.zeros(size, dtype=np.float32)
    cases_of: dict[int, set[int]] = {}
    for case, item, weight in ballots:
        share[item] += weight
        cases_of.setdefault(item, set()).add(case)
    total = share.sum() if ballots else 1.0
    supporters = np.zeros(size, dtype=np.int64)
    for item, cases in cases_of.items():
        supporters[item] = len(cases)
    electorate = len({case for case, _, _ in ballots})
    return Votes(share=share / max(float(total), 1e-9), supporters=supporters, electorate=electorate)
