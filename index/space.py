"""A space: the items of one kind with everything by which they can be found.

Articles are found as wholes and by their passages; templates and actions as wholes. Every item is also in the
BM25 index of its language.
"""

from __future__ import annotations

import logging
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.models import Item
from index.background import LEAST_DEVIATION, Average
from index.filters import ItemMasks, Mask
from index.hits import Hits, best
from index.itemtext import item_text
from index.lexical import LexicalQuery, TermMatch
from index.lexicon import AskedText, FieldedText, Lexicon
from index.passage_table import PassageTable
from index.tokens import TokenVectors
from index.vectors import VectorIndex

_log = logging.getLogger(__name__)

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]

EXCERPT = 300
"""So many characters of a text are shown, at most."""


class WordIndex(Protocol):
    """BM25 over items by their numbers, 0 to ``size`` - 1; see ``index.lexical.LexicalIndex``."""

    size: int
    lexicon: Lexicon

    def query(self, text: str | FieldedText | AskedText) -> LexicalQuery:
        """Analyse a query."""

    def scores(self, query: LexicalQuery) -> Floats:
        """Return the score of every item, (size,), 0 or more."""

    def matched(self, query: LexicalQuery, item: int, *, least: float = 0.0) -> tuple[TermMatch, ...]:
        """Return the terms that add at least ``least`` to the score of an item."""


class Alignment(Protocol):
    """Compares token by token; see ``index.alignment.TokenTable``."""

    def standing(self, query: TokenVectors, rows: Rows) -> Floats:
        """Return how far items (m,) stand out, in standard deviations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageIndex:
    """The BM25 index of the items of one language; ``rows`` (ascending) maps its documents to rows of the space."""

    rows: Rows
    index: WordIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class WordQuery:
    """A query's words, analysed for each language of the space, with the best score any item reaches."""

    queries: Mapping[str, LexicalQuery]
    scores: Floats
    best: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What may be suggested, with its evidence from content. Arrays have shape (m,), rows ascending.

    ``document`` and ``passage`` are cosines (an item without passages repeats the former), ``words`` is BM25 over the
    best BM25 score of this query (0 to 1).
    """

    rows: Rows
    document: Floats
    passage: Floats
    best_passage: Rows
    words: Floats

    @property
    def cosine(self) -> Floats:
        """Return the mean of the whole item's cosine and its best passage's: what it is about, and what answers."""
        return (self.document + self.passage) / np.float32(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSpace:
    """The items of one kind (n rows; those of a snapshot ordered by id, later ones behind them) and their indexes.

    ``background`` holds the vectors (b, d) of up to a few hundred public items of the snapshot, the same for every
    caller: what an average item scores.
    ``ids`` are those of the items: to know them, none has to be read.
    ``tokens`` are there where the encoder knows tokens. ``heirs`` names, for an id that items replace, their rows.
    """

    items: Sequence[Item]
    ids: Sequence[str]
    row_of: Mapping[str, int]
    masks: ItemMasks
    languages: Sequence[str]
    documents: VectorIndex
    passages: PassageTable | None
    lexicons: Mapping[str, LanguageIndex]
    background: Floats
    tokens: Alignment | None
    heirs: Mapping[str, Sequence[int]]

    def word_query(self, text: str | AskedText, allowed: Mask) -> WordQuery:
        """Analyse a text for each language and score every item; items not allowed score 0."""
        asked = AskedText(text) if isinstance(text, str) else text
        scores: Floats = np.zeros(len(self.items), dtype=np.float32)
        queries = {}
        for language, lexicon in self.lexicons.items():
            queries[language] = lexicon.index.query(asked)
            scores[lexicon.rows] = lexicon.index.scores(queries[language])
        scores[~allowed] = 0.0
        return WordQuery(queries=queries, scores=scores, best=float(scores.max(initial=0.0)))

    def candidates(self, vector: Floats, words: WordQuery, allowed: Mask, *, depth: int, extra: Rows) -> Candidates:
        """Return the ``depth`` best by document, by passage and by words, and the ``extra`` rows, all if allowed."""
        wholes = self.documents.search(vector, depth, allowed)
        rows = np.unique(
            np.concatenate(
                [
                    wholes.ids,
                    self._by_passage(vector, allowed, depth, wholes),
                    _top(words.scores, depth),
                    extra[allowed[extra]],
                ]
            )
        ).astype(np.int64)
        document = (self.documents.vectors(rows) @ vector).astype(np.float32)
        passage, best_passage = self._best_passages(vector, rows, document)
        return Candidates(
            rows=rows,
            document=document,
            passage=passage,
            best_passage=best_passage,
            words=words.scores[rows] / max(words.best, 1e-9),
        )

    def average(self, vector: Floats) -> Average:
        """Return the query's cosine with an average item."""
        return Average.of(self.background @ vector, LEAST_DEVIATION)

    def alignment(self, query: TokenVectors, rows: Rows) -> Floats | None:
        """Return how far items (m,) stand out by alignment, in standard deviations; ``None`` without tokens.

        Tokens of a large index are read from their file: if that breaks, there are none, and no answer fails.
        """
        if self.tokens is None or not len(query):
            return None
        try:
            return self.tokens.standing(query, rows)
        except OSError as error:
            _log.warning("suggestions do without the vectors of tokens: %s", error)
            return None

    def matches(self, words: WordQuery, row: int, *, least: float = 0.0) -> Sequence[TermMatch]:
        """Return the query's words that add at least ``least`` to an item's score, the most telling first."""
        if words.scores[row] <= 0:
            return ()
        language = self.languages[row]
        lexicon = self.lexicons[language]
        return lexicon.index.matched(words.queries[language], int(np.searchsorted(lexicon.rows, row)), least=least)

    def excerpt(self, row: int, passage: int) -> str:
        """Return the passage, or the beginning of the item where no passage stands out."""
        if self.passages is not None and passage >= 0:
            return self.passages.texts[passage]
        return shortened(item_text(self.items[row]).body)

    def _by_passage(self, vector: Floats, allowed: Mask, depth: int, wholes: Hits) -> Rows:
        if self.passages is None or not allowed.any():
            return np.zeros(0, dtype=np.int64)
        return self.passages.search(vector, depth, allowed, wholes)

    def _best_passages(self, vector: Floats, rows: Rows, document: Floats) -> tuple[Floats, Rows]:
        if self.passages is None:
            return document, np.full(rows.size, -1, dtype=np.int64)
        return self.passages.best(vector, rows, document)


def shortened(text: str, characters: int = EXCERPT) -> str:
    """Return the beginning of a text, cut at a word and marked as cut."""
    folded = " ".join(text.split())
    return folded if len(folded) <= characters else textwrap.shorten(folded, characters, placeholder=" …")


def _top(scores: Floats, depth: int) -> Rows:
    """Rows of the best positive scores; among equals the lower row."""
    found = np.flatnonzero(scores > 0)
    return best(found, scores[found], depth).ids
