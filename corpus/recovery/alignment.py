"""Where a message says, in the same order, what a document says.

Shingles that both have are paired, and the longest chain of pairs that ascends in both is kept (the longest increasing
subsequence by patience sorting: Fredman, *On computing the length of longest increasing subsequences*, 1975).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """The positions of equal words, in the document and in the message."""

    document: frozenset[int]
    message: frozenset[int]


def align(document: Mapping[str, Sequence[int]], message: Sequence[tuple[int, str]], size: int) -> Alignment:
    """Align a document (where each of its shingles begins) with the shingles of a message (position and shingle).

    ``size`` is how many words a shingle has.
    """
    # Of pairs with the same place in the document the chain takes one: the later place in the message comes first.
    pairs = sorted((start, -place) for place, shingle in message for start in document.get(shingle, ()))
    chain = _ascending([-place for _, place in pairs])
    words = range(size)
    return Alignment(
        document=frozenset(pairs[each][0] + word for each in chain for word in words),
        message=frozenset(-pairs[each][1] + word for each in chain for word in words),
    )


def _ascending(places: Sequence[int]) -> list[int]:
    """Return the positions of a longest strictly ascending subsequence, last first."""
    ends: list[int] = []  # for each length, the smallest place that a chain of that length ends at
    last: list[int] = []  # for each length, the position of that end
    before: list[int] = []
    for position, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(place)
            last.append(position)
        else:
            ends[length], last[length] = place, position
    chain: list[int] = []
    position = last[-1] if last else -1
    while position >= 0:
        chain.append(position)
        position = before[position]
    return chain
