"""The sparse matrix of a lexical index: which items hold a term, how strongly, and how they spell it.

Compressed by term (CSC): the postings of term t are ``[starts[t]:starts[t + 1]]`` of three parallel arrays, ordered by
item. What a term adds to an item's score is computed when the index is built.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.blobs import array_of, blob_of

Floats64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Content:
    """The terms of a text and its length, in words weighted by field; parts of words add no length.

    Of each term ``frequencies`` tells how often it occurs, weighted by field and part, and ``surfaces``, in the same
    order, how the text writes it where it comes first.
    """

    frequencies: Mapping[str, float]
    surfaces: Mapping[str, str]
    length: float


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The terms of m items one after the other, not weighed yet: what the arrays hold at p belongs together.

    ``places`` leads from terms into ``terms``; ``lengths`` (m,) are those of the items, in weighted words.
    """

    places: Mapping[str, int]
    surfaces: Sequence[str]
    lengths: Floats64  # (m,)
    terms: NDArray[np.int32]  # (postings,)
    items: NDArray[np.int32]  # (postings,), ascending
    frequencies: Floats64  # (postings,)
    spellings: NDArray[np.int32]  # (postings,)

    def held_by(self, marked: NDArray[np.bool_]) -> dict[str, int]:
        """Return in how many of the marked items (m,) each term occurs; terms of none of them are left out."""
        counts = np.bincount(self.terms[marked[self.items]], minlength=len(self.places)).tolist()
        return {term: counts[place] for term, place in self.places.items() if counts[place]}

    def postings(self, scores: NDArray[np.float32]) -> Postings:
        """Return the postings with their scores (postings,), by term, then item; terms in alphabetical order."""
        ranked = sorted(self.places)
        ranks = np.empty(len(ranked), dtype=np.int64)
        ranks[[self.places[term] for term in ranked]] = np.arange(len(ranked))
        columns = ranks[self.terms]
        order = np.argsort(columns, kind="stable")
        counts = np.bincount(columns, minlength=len(ranked))
        return Postings(
            columns={term: column for column, term in enumerate(ranked)},
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            items=self.items[order],
            scores=scores[order],
            spellings=self.spellings[order],
            surfaces=self.surfaces,
        )


def collect(contents: Iterable[Content]) -> Collected:
    """Join the terms of items, which are numbered in the order they are given."""
    places: dict[str, int] = {}
    surfaces: dict[str, int] = {}
    terms, sizes, spellings = array("i"), array("i"), array("i")
    frequencies, lengths = array("d"), array("d")
    for content in contents:
        terms.extend([places.setdefault(term, len(places)) for term in content.frequencies])
        spellings.extend([surfaces.setdefault(surface, len(surfaces)) for surface in content.surfaces.values()])
        frequencies.extend(content.frequencies.values())
        sizes.append(len(content.frequencies))
        lengths.append(content.length)
    return Collected(
        places=places,
        surfaces=tuple(surfaces),
        lengths=np.array(lengths, dtype=np.float64),
        terms=np.array(terms, dtype=np.int32),
        items=np.repeat(np.arange(len(sizes), dtype=np.int32), np.array(sizes, dtype=np.int64)),
        frequencies=np.array(frequencies, dtype=np.float64),
        spellings=np.array(spellings, dtype=np.int32),
    )
