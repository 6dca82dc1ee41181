"""What a set's systems choose from: the ids, words and vectors of its items, or of its solved cases.

The baselines read the very vectors and passages that the suggester reads, so that they differ in ranking alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.models import SuggestKind
from corpus.casetext import known_before_reply
from corpus.privacy.masking import MASKED
from index.case_space import CaseSpace
from index.hits import dot
from index.itemtext import item_text
from index.passage_table import PassageTable
from index.searcher import OpenSnapshot
from index.space import ItemSpace, LanguageIndex
from index.vectors import VectorIndex

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]

NOT_RANKED = -np.inf
"""The score of a row that is not to be returned at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Things to choose from (n rows, ordered by id).

    ``texts`` are whole documents; ``rows_by_language`` parts the rows by language. ``wholes`` are vectors of whole
    things (n, d), ``None`` where only parts have any; those of the parts (p, d) lie from ``starts[i]`` to
    ``starts[i + 1]`` for row i.
    """

    ids: Sequence[str]
    texts: Sequence[str]
    rows_by_language: Mapping[str, Rows]
    wholes: Floats | None
    parts: Floats
    starts: Rows

    def cosines(self, vector: Floats) -> Floats:
        """Return how near each row is to a vector (d,), shape (n,).

        With vectors of wholes it is the mean of the whole's cosine and its best part's (a whole without parts counts
        twice), else the best part's, and ``NOT_RANKED`` for a row without parts.
        """
        if self.wholes is None:
            return self._best_parts(vector, np.full(len(self.ids), NOT_RANKED, dtype=np.float32))
        wholes = dot(self.wholes, vector)
        mean: Floats = (wholes + self._best_parts(vector, wholes)) / np.float32(2)
        return mean

    def _best_parts(self, vector: Floats, otherwise: Floats) -> Floats:
        filled = self.starts[:-1] < self.starts[1:]
        best = otherwise.copy()
        if filled.any():
            best[filled] = np.maximum.reduceat(dot(self.parts, vector), self.starts[:-1][filled])
        return best


def shelf_of(kind: SuggestKind, snapshot: OpenSnapshot) -> Shelf:
    """Return the shelf of a kind: items as wholes and by their passages, solved cases by their situations."""
    return _cases(snapshot.cases) if kind == "similar_cases" else _items(snapshot.items[kind])


def _items(space: ItemSpace) -> Shelf:
    size = len(space.items)
    wholes = _all_of(space.documents)
    return Shelf(
        ids=space.ids,
        texts=[item_text(item).whole for item in space.items],
        rows_by_language=_rows_by_language(space.lexicons),
        wholes=wholes,
        parts=wholes[:0] if space.passages is None else _parts(space.passages, wholes),
        starts=_starts(space.passages, size),
    )


def _cases(space: CaseSpace) -> Shelf:
    return Shelf(
        ids=space.ids,
        texts=[MASKED.search_text(case, known_messages=known_before_reply(case)).text for case in space.cases],
        rows_by_language=_rows_by_language(space.lexicons),
        wholes=None,
        parts=_all_of(space.situations),
        starts=np.searchsorted(space.history.case_of, np.arange(len(space.cases) + 1)).astype(np.int64),
    )


def _parts(passages: PassageTable, wholes: Floats) -> Floats:
    """Return the vectors of all passages, those that are of the whole included."""
    counts = np.diff(passages.starts)
    parts = np.repeat(wholes, counts, axis=0)
    parts[np.repeat(np.diff(passages.vector_starts) > 0, counts)] = _all_of(passages.vectors)
    return parts


def _starts(passages: PassageTable | None, size: int) -> Rows:
    return np.zeros(size + 1, dtype=np.int64) if passages is None else passages.starts


def _all_of(index: VectorIndex) -> Floats:
    return index.vectors(np.arange(index.size, dtype=np.int64))


def _rows_by_language(lexicons: Mapping[str, LanguageIndex]) -> dict[str, Rows]:
    return {language: lexicon.rows for language, lexicon in lexicons.items()}
