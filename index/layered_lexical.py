"""BM25 over an index and a few texts that came since, by the statistics of the index alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.lexical import LexicalIndex, LexicalQuery, TermMatch
from index.lexicon import AskedText, FieldedText, Lexicon
from index.space import WordIndex

Rows = NDArray[np.int64]


class LayeredLexical:
    """Scores two indexes as one; both read with the same lexicon, so that their scores compare.

    ``places`` (n,) tells of each item its number in ``base`` or, counted on behind the base, in ``delta``.
    """

    def __init__(self, base: WordIndex, delta: LexicalIndex, places: Rows) -> None:
        self.size = int(places.size)
        self.lexicon: Lexicon = base.lexicon
        self._base, self._delta, self._places = base, delta, places

    def query(self, text: str | FieldedText | AskedText) -> LexicalQuery:
        """Analyse a query; see ``LexicalIndex.query``."""
        return self._base.query(text)

    def scores(self, query: LexicalQuery) -> NDArray[np.float32]:
        """Return the score of every item, (size,) float32."""
        both = np.concatenate([self._base.scores(query), self._delta.scores(query)])
        scores: NDArray[np.float32] = both[self._places]
        return scores

    def matched(self, query: LexicalQuery, item: int, *, least: float = 0.0) -> tuple[TermMatch, ...]:
        """Return the terms that add at least ``least`` to the score of an item; see ``LexicalIndex.matched``."""
        place = int(self._places[item])
        if place < self._base.size:
            return self._base.matched(query, place, least=least)
        return self._delta.matched(query, place - self._base.size, least=least)
