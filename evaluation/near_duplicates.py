"""Texts that say nearly the same in the same words: found exactly, without comparing every pair.

What near-duplicates are, ``corpus.nearness`` says: their word sets have a Jaccard coefficient of at least 3/5. The
words of every text are sorted by rarity; two texts that are near share one of the first ``n - ceil(t n) + 1`` of their
``n`` words (prefix filtering: Chaudhuri, Ganti and Kaushik, *A Primitive Operator for Similarity Joins in Data
Cleaning*, ICDE 2006), and the shorter has at least ``t`` times the words of the longer (Bayardo, Ma and Srikant,
*Scaling Up All Pairs Similarity Search*, WWW 2007). Shared words of what remains are counted in the inverted index,
exactly and in whole numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.nearness import NEAR, Words, enough_shared

Numbers = NDArray[np.int64]


def near_any(texts: Sequence[Words], others: Collection[Words]) -> list[bool]:
    """Return for each of ``texts`` (n,) whether any of ``others`` is near it; texts without words are near to none."""
    known = frozenset(others)
    ranks = _ranks([*set(texts), *known])
    index = _Index([_numbers(text, ranks) for text in known])
    answers = {text: text in known or index.near(_numbers(text, ranks)).size > 0 for text in set(texts) if text}
    return [answers.get(text, False) for text in texts]


def near_groups(texts: Sequence[Words]) -> list[int]:
    """Return for each of ``texts`` (n,) the position of the first text of its group.

    A group is a connected component: two texts belong together when a chain of near-duplicates leads from one to the
    other. Texts without words stand alone.
    """
    first: dict[Words, int] = {}
    for position, text in enumerate(texts):
        first.setdefault(text, position)
    distinct = list(first)
    ranks = _ranks(distinct)
    numbers = [_numbers(text, ranks) for text in distinct]
    index = _Index(numbers)
    parents = list(range(len(texts)))
    for text, own in zip(distinct, numbers, strict=True):
        for row in index.near(own).tolist():
            _unite(parents, first[text], first[distinct[row]])
    return [_root(parents, first[text]) if text else position for position, text in enumerate(texts)]


class _Index:
    """Texts as ascending word numbers, the rarest first; where each word occurs, rows ordered by their size."""

    def __init__(self, texts: Sequence[Numbers]) -> None:
        sizes = np.array([text.size for text in texts], dtype=np.int64)
        self._rows = np.argsort(sizes, kind="stable")
        self._sizes = sizes[self._rows]
        words = np.concatenate([texts[row] for row in self._rows.tolist()] or [np.zeros(0, dtype=np.int64)])
        places = np.repeat(np.arange(sizes.size), self._sizes)
        self._places = places[np.argsort(words, kind="stable")]
        counts = np.bincount(words, minlength=1)
        self._starts = np.concatenate([[0], np.cumsum(counts)])

    def near(self, text: Numbers) -> Numbers:
        """Return the rows of all texts that are near (the text itself too, if it is among them)."""
        least = -(-NEAR.numerator * text.size // NEAR.denominator)
        most = text.size * NEAR.denominator // NEAR.numerator
        low, high = (int(place) for place in np.searchsorted(self._sizes, [least, most + 1]))
        prefix = text.size - least + 1
        if text.size == 0 or low == high:
            return np.zeros(0, dtype=np.int64)
        rare = [self._within(word, low, high) for word in text[:prefix].tolist()]
        if not any(places.size for places in rare):
            return np.zeros(0, dtype=np.int64)
        usual = [self._within(word, low, high) for word in text[prefix:].tolist()]
        shared = np.bincount(np.concatenate([*rare, *usual]) - low, minlength=high - low)
        return self._rows[low:high][enough_shared(shared, text.size + self._sizes[low:high])]

    def _within(self, word: int, low: int, high: int) -> Numbers:
        if word + 1 >= self._starts.size:
            return self._places[:0]
        places = self._places[self._starts[word] : self._starts[word + 1]]
        begin, end = np.searchsorted(places, [low, high])
        return places[begin:end]


def _ranks(texts: Collection[Words]) -> Mapping[str, int]:
    """Return a number for every word, the rarest first; ties by the word itself, so that no hash seed shows."""
    counts = Counter(word for text in texts for word in text)
    return {word: rank for rank, word in enumerate(sorted(counts, key=lambda word: (counts[word], word)))}


def _numbers(text: Words, ranks: Mapping[str, int]) -> Numbers:
    return np.array(sorted(ranks[word] for word in text), dtype=np.int64)


def _unite(parents: list[int], one: int, other: int) -> None:
    # The smaller position becomes the root: a group is named by its first text.
    low, high = sorted((_root(parents, one), _root(parents, other)))
    parents[high] = low


def _root(parents: list[int], position: int) -> int:
    while parents[position] != position:
        parents[position] = parents[parents[position]]
        position = parents[position]
    return position
