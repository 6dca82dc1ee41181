"""The sparse matrix of a lexical index: which items hold a term, how strongly, and how they spell it.

Compressed by term (CSC): the postings of term t are ``[starts[t]:starts[t + 1]]`` of three parallel arrays, ordered by
item. What a term adds to an item's score is computed when the index is built.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.blobs import array_of, blob_of


@dataclass(frozen=True, slots=True)
class Posting:
    """A term of an item: what it adds to the score for a query weight of 1, and the word as the item writes it."""

    score: float
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """Postings of all items; ``columns`` leads from terms into ``starts``, ``spellings`` into ``surfaces``."""

    columns: Mapping[str, int]
    starts: NDArray[np.int64]  # (terms + 1,)
    items: NDArray[np.int32]  # (postings,)
    scores: NDArray[np.float32]  # (postings,)
    spellings: NDArray[np.int32]  # (postings,)
    surfaces: Sequence[str]

    def span(self, term: str) -> slice:
        """Return where the postings of a term lie; an empty slice for an unknown term."""
        column = self.columns.get(term)
        return slice(0, 0) if column is None else slice(int(self.starts[column]), int(self.starts[column + 1]))

    def find(self, term: str, item: int) -> Posting | None:
        """Return the posting of a term in an item, or None if the item lacks the term."""
        span = self.span(term)
        place = span.start + int(self.items[span].searchsorted(item))
        if place == span.stop or self.items[place] != item:
            return None
        return Posting(float(self.scores[place]), self.surfaces[self.spellings[place]])

    def to_blobs(self) -> dict[str, bytes]:
        """Return the arrays as ``.npy`` and the two lists of words as JSON."""
        words = {"terms": list(self.columns), "surfaces": list(self.surfaces)}
        return {
            "words.json": json.dumps(words).encode(),
            "starts.npy": blob_of(self.starts),
            "items.npy": blob_of(self.items),
            "scores.npy": blob_of(self.scores),
            "spellings.npy": blob_of(self.spellings),
        }

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> Postings:
        """Read what ``to_blobs`` wrote."""
        words = json.loads(blobs["words.json"])
        return cls(
            columns={term: column for column, term in enumerate(words["terms"])},
            starts=array_of(blobs["starts.npy"], np.int64),
            items=array_of(blobs["items.npy"], np.int32),
            scores=array_of(blobs["scores.npy"], np.float32),
            spellings=array_of(blobs["spellings.npy"], np.int32),
            surfaces=tuple(words["surfaces"]),
        )


class PostingsBuilder:
    """Collects the terms of one item after the other."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._surfaces: dict[str, int] = {}
        self._terms, self._items, self._spellings, self._scores = array("i"), array("i"), array("i"), array("f")

    def add(self, item: int, content: Mapping[str, Posting]) -> None:
        """Add the terms of an item; items must come in ascending order."""
        for term, posting in content.items():
            self._terms.append(self._places.setdefault(term, len(self._places)))
            self._items.append(item)
            self._scores.append(posting.score)
            self._spellings.append(self._surfaces.setdefault(posting.surface, len(self._surfaces)))

    def build(self) -> Postings:
        """Sort the postings by term, then item; terms are in alphabetical order."""
        ranked = sorted(self._places)
        ranks = np.empty(len(ranked), dtype=np.int64)
        ranks[[self._places[term] for term in ranked]] = np.arange(len(ranked))
        columns = ranks[np.frombuffer(self._terms, dtype=np.intc)] if self._terms else np.empty(0, dtype=np.int64)
        order = np.argsort(columns, kind="stable")
        counts = np.bincount(columns, minlength=len(ranked))
        return Postings(
            columns={term: column for column, term in enumerate(ranked)},
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            items=np.array(self._items, dtype=np.int32)[order],
            scores=np.array(self._scores, dtype=np.float32)[order],
            spellings=np.array(self._spellings, dtype=np.int32)[order],
            surfaces=tuple(self._surfaces),
        )
