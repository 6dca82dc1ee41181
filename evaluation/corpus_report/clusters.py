"""Cases that ask the same: clusters by meaning, and the words that set one apart."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

from corpus.privacy.marks import without_marks
from index.analysis import Analyzer, analyzer_for

LEAST_CASES = 3
DISTANCE = 0.6
"""Cases on average farther apart than this (1 - cosine, the mean of all cases taken off) are no cluster."""
SAME_ANSWER, FARTHEST = 0.4, 2.0
WORDS = 8


def clustered(
    vectors: NDArray[np.float32], mean: NDArray[np.float32], answers: Sequence[frozenset[Hashable]]
) -> list[list[int]]:
    """Return clusters of rows (n, d), the largest first, each ascending; ``mean`` (d,) is taken off all of them.

    ``answers`` tells what is known to answer each row: rows of which the answers are known and differ are far apart,
    those with the same answer are nearer than they sound. Average linkage (Sokal and Michener 1958) with a fixed
    distance: the same cases give the same clusters. Rows of clusters with fewer than three are left out.
    """
    if len(vectors) < LEAST_CASES:
        return []
    apart = vectors.astype(np.float64) - mean
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
    distances = np.clip(1.0 - apart @ apart.T, 0.0, 2.0)
    for row, own in enumerate(answers):
        for other in range(row):
            if own and answers[other]:
                shared = own & answers[other]
                distance = max(distances[row, other] - SAME_ANSWER, 0.0) if shared else FARTHEST
                distances[row, other] = distances[other, row] = distance
    model = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=DISTANCE
    )
    groups: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(model.fit_predict(distances).tolist()):
        groups[label].append(row)
    return sorted((rows for rows in groups.values() if len(rows) >= LEAST_CASES), key=lambda rows: (-len(rows), rows))


class Vocabulary:
    """The words of all cases, and which of them set some cases apart (class-based TF-IDF, arXiv 2203.05794).

    ``texts`` are masked; ``customers`` tells who brought each case. A word is told only where three customers said it,
    so that none stands for one person; numbers never are.
    """

    def __init__(self, texts: Sequence[str], languages: Sequence[str], customers: Sequence[str]) -> None:
        self._customers = customers
        self._words = [_words(text, language) for text, language in zip(texts, languages, strict=True)]
        self._said = Counter(stem for words in self._words for stem in words)

    def distinguishing(self, cases: Sequence[int]) -> list[str]:
        """Return the words that set cases apart from all others, the most telling first; ties by the word."""
        own = Counter(stem for case in cases for stem in self._words[case])
        average = max(sum(self._said.values()) / max(len(self._words) / max(len(cases), 1), 1), 1.0)
        forms: dict[str, Counter[str]] = defaultdict(Counter)
        said_by: dict[str, set[str]] = defaultdict(set)
        for case in cases:
            for stem, form in self._words[case].items():
                forms[stem][form] += 1
                said_by[stem].add(self._customers[case])
        weights = {
            stem: number * math.log(1 + average / self._said[stem])
            for stem, number in own.items()
            if len(said_by[stem]) >= LEAST_CASES
        }
        best = sorted(weights, key=lambda stem: (-weights[stem], stem))[:WORDS]
        return [min(forms[stem].items(), key=lambda each: (-each[1], each[0]))[0] for stem in best]


def _words(text: str, language: str) -> dict[str, str]:
    """Return the words of a case by their stems, each with the form in which it was written first."""
    found: dict[str, str] = {}
    for token in _analyzer(language).tokens(without_marks(text)):
        if token.surface.replace("-", "").isalpha() and len(token.surface) > 2:
            found.setdefault(token.terms[0], token.surface)
    return found


@cache
def _analyzer(language: str) -> Analyzer:
    return analyzer_for(language)
