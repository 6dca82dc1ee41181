"""Baselines that need content alone: words, meaning, and the two usual ways to join them.

A scorer gives every row of the shelf a number, ``NOT_RANKED`` to those that it would not return.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from evaluation.bench import Asked, Bench
from evaluation.shelf import NOT_RANKED, Shelf
from index.filters import Mask

Scores = NDArray[np.float64]
Scorer = Callable[[Asked, Mask], Scores]

RRF_K = 60
DENSE_SHARE = 0.85
BM25_SHARE = 0.15
_SNOWBALL: Mapping[str, str] = MappingProxyType({"de": "german", "en": "english"})


class Bm25:
    """BM25 by bm25s (Lucene's form, k1 1.5, b .75) over whole documents, one index for each language.

    Words are found, freed of stop words and stemmed by bm25s and Snowball, not by our own analysis: a baseline must not
    share our mistakes. A question is analysed for each language of the documents anew.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._size = len(shelf.ids)
        self._indexes = []
        for language, rows in sorted(shelf.rows_by_language.items()):
            terms_of = _terms_in(language)
            documents = terms_of([shelf.texts[row] for row in rows])
            if any(documents):
                index = bm25s.BM25()
                index.index(documents, show_progress=False)
                self._indexes.append((terms_of, rows, index))

    def scores(self, text: str) -> Scores:
        """Return the score of every row, shape (n,), 0 where no word agrees."""
        scores = np.zeros(self._size, dtype=np.float64)
        for terms_of, rows, index in self._indexes:
            terms = [term for term in terms_of([text])[0] if term in index.vocab_dict]
            if terms:
                scores[rows] = index.get_scores(terms)
        return scores


class ContentScores:
    """BM25 and cosines of the questions of one bench, computed once for all the baselines that build on them."""

    def __init__(self, bench: Bench) -> None:
        self._shelf = bench.shelf
        self._bm25 = Bm25(bench.shelf)
        self._words: dict[str, NDArray[np.float32]] = {}
        self._meaning: dict[str, NDArray[np.float32]] = {}

    def words(self, asked: Asked) -> Scores:
        """Return the BM25 score of every row, shape (n,)."""
        key = asked.question.id
        if key not in self._words:
            self._words[key] = self._bm25.scores(asked.case.text.text).astype(np.float32)
        return self._words[key].astype(np.float64)

    def meaning(self, asked: Asked) -> Scores:
        """Return the cosine of every row, shape (n,); see ``Shelf.cosines``."""
        key = asked.question.id
        if key not in self._meaning:
            self._meaning[key] = self._shelf.cosines(asked.case.vector)
        return self._meaning[key].astype(np.float64)


def bm25(content: ContentScores) -> Scorer:
    """Rank by BM25; what shares no word with the question is not returned."""

    def score(asked: Asked, allowed: Mask) -> Scores:
        words = content.words(asked)
        return np.where(words > 0, words, NOT_RANKED)

    return score


def dense(content: ContentScores) -> Scorer:
    """Rank by cosine: the mean of the whole document's and its best passage's."""
    return lambda asked, allowed: content.meaning(asked)


def rrf(content: ContentScores) -> Scorer:
    """Rank by reciprocal rank fusion of BM25 and cosine: the sum of 1 / (60 + rank).

    Cormack, Clarke and Büttcher, SIGIR 2009. A document that shares no word has no rank by words.
    """

    def score(asked: Asked, allowed: Mask) -> Scores:
        words = content.words(asked)
        return _reciprocal(np.where(words > 0, words, NOT_RANKED), allowed) + _reciprocal(
            content.meaning(asked), allowed
        )

    return score


def cc(content: ContentScores) -> Scorer:
    """Rank by a convex combination, .85 cosine and .15 BM25, each scaled to 0..1 over all documents of the query.

    Bruch, Gai and Ingber, arXiv 2210.11934, section 3.
    """

    def score(asked: Asked, allowed: Mask) -> Scores:
        meaning, words = content.meaning(asked), content.words(asked)
        return DENSE_SHARE * min_max(meaning, allowed) + BM25_SHARE * min_max(words, allowed)

    return score


def min_max(scores: Scores, allowed: Mask) -> Scores:
    """Scale scores so that the allowed ones span 0 to 1; all are 0 where they are equal.

    Rows that are not ranked count as the least.
    """
    known = scores[allowed & np.isfinite(scores)]
    if known.size == 0 or known.max() == known.min():
        return np.zeros(scores.shape, dtype=np.float64)
    scaled: Scores = np.clip((scores - known.min()) / (known.max() - known.min()), 0.0, None)
    return scaled


def _terms_in(language: str) -> Callable[[Sequence[str]], list[list[str]]]:
    """Return how texts of a language become terms; those of another than German or English are taken as they are."""
    algorithm = _SNOWBALL.get(language)
    stemmer = Stemmer.Stemmer(algorithm) if algorithm else None
    stop_words = language if algorithm else []

    def terms(texts: Sequence[str]) -> list[list[str]]:
        found: list[list[str]] = bm25s.tokenize(
            list(texts), stopwords=stop_words, stemmer=stemmer, return_ids=False, show_progress=False
        )
        return found

    return terms


def _reciprocal(scores: Scores, allowed: Mask) -> Scores:
    kept = np.where(allowed, scores, NOT_RANKED)
    order = np.argsort(-kept, kind="stable")
    order = order[np.isfinite(kept[order])]
    shares = np.zeros(scores.shape, dtype=np.float64)
    shares[order] = 1.0 / (RRF_K + np.arange(1, order.size + 1))
    return shares
