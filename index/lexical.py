"""BM25 over the items of one kind and one language, with reasons.

Robertson's BM25 in Lucene's form: the sum over the query's terms of

    weight * idf(term) * tf / (tf + k1 * (1 - b + b * length / mean_length))

(Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; Kamphuis et al., ECIR 2020). It is our own for
three reasons: its statistics come from public items only, each term's share of a score is known, and query terms have
weights.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.lexicon import AskedText, Bm25, FieldedText, Lexicon
from index.postings import Collected, Content, Postings, collect
from index.statistics import CorpusStatistics

_BLOB = "lexical.json"


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term that is asked for: the asker's word it comes from, how often (parts count less), and its idf."""

    term: str
    surface: str
    weight: float
    idf: float


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """A query as the index understands it."""

    terms: tuple[QueryTerm, ...]

    @property
    def bound(self) -> float:
        """What no item's score can exceed: every term, known or not, repeated without end.

        It is 0 for an empty query only, and tells nothing of items that are not public.
        """
        return sum(wanted.weight * wanted.idf for wanted in self.terms)


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A term that a query and an item share, as each of them writes it first, and what it adds to the score."""

    surface: str
    term: str
    contribution: float
    item_surface: str


class LexicalIndex:
    """A BM25 index. Immutable, safe to share between threads; items are numbered in the order they were given."""

    def __init__(self, *, size: int, lexicon: Lexicon, postings: Postings) -> None:
        self.size = size
        self.lexicon = lexicon
        self._postings = postings

    @classmethod
    def build(
        cls,
        texts: Sequence[FieldedText],
        public: Sequence[bool],
        language: str,
        *,
        parameters: Bm25 | None = None,
        lexicon: Lexicon | None = None,
    ) -> LexicalIndex:
        """Index all texts, with the statistics of the public ones or, if given, of another index's ``lexicon``."""
        if len(texts) != len(public):
            raise ValueError(f"Found {len(texts)} texts but {len(public)} marks of being public; give one mark a text.")
        if lexicon is not None:
            return cls.of_contents(map(lexicon.content, texts), lexicon)
        everyones = (text for text, seen in zip(texts, public, strict=True) if seen)
        reader = Lexicon.reader(everyones, language, parameters or Bm25())
        collected = collect(map(reader.content, texts))
        return cls._weighed(collected, reader.taught(_statistics(collected, np.array(public, dtype=np.bool_))))

    @classmethod
    def of_contents(cls, items: Iterable[Content], lexicon: Lexicon) -> LexicalIndex:
        """Index items whose terms the same lexicon read."""
        return cls._weighed(collect(items), lexicon)

    @classmethod
    def _weighed(cls, collected: Collected, lexicon: Lexicon) -> LexicalIndex:
        idf = np.array([lexicon.statistics.idf(term) for term in collected.places], dtype=np.float64)
        scores = lexicon.contributions(
            idf[collected.terms], collected.frequencies, collected.lengths[collected.items]
        ).astype(np.float32)
        return cls(size=collected.lengths.size, lexicon=lexicon, postings=collected.postings(scores))

    def query(self, text: str | FieldedText | AskedText) -> LexicalQuery:
        """Analyse a query; a word counts as often as it occurs, times the weight of its field."""
        asked = text if isinstance(text, AskedText) else AskedText(text)
        idf = self.lexicon.statistics.idf
        found = self.lexicon.content_of(asked.words(self.lexicon))
        return LexicalQuery(
            tuple(
                QueryTerm(term, surface, frequency, idf(term))
                for (term, frequency), surface in zip(found.frequencies.items(), found.surfaces.values(), strict=True)
            )
        )

    def scores(self, query: LexicalQuery) -> NDArray[np.float32]:
        """Return the score of every item, (size,) float32, 0 or more; all 0 for an empty query."""
        postings = self._postings
        spans = [slice(0, 0), *(postings.span(wanted.term) for wanted in query.terms)]
        sizes = [span.stop - span.start for span in spans]
        weights = np.repeat([0.0, *(wanted.weight for wanted in query.terms)], sizes)
        items = np.concatenate([postings.items[span] for span in spans])
        added = np.concatenate([postings.scores[span] for span in spans]) * weights
        # It adds up in the order of the terms, so that a score does not depend on what else there is.
        return np.bincount(items, added, minlength=self.size).astype(np.float32)

    def matched(self, query: LexicalQuery, item: int, *, least: float = 0.0) -> tuple[TermMatch, ...]:
        """Return the terms that add at least ``least`` to the score of an item.

        The strongest come first, then it goes by the alphabet.
        """
        matches = [
            TermMatch(wanted.surface, wanted.term, posting.score * wanted.weight, posting.surface)
            for wanted in query.terms
            # No item lends a term more than its idf: what cannot reach ``least`` need not be looked up.
            if wanted.weight * wanted.idf >= least and (posting := self._postings.find(wanted.term, item))
        ]
        telling = [match for match in matches if match.contribution >= least]
        return tuple(sorted(telling, key=lambda match: (-match.contribution, match.term)))

    def to_blobs(self) -> dict[str, bytes]:
        """Return the index as named bytes: arrays as ``.npy``, the rest as JSON."""
        return {_BLOB: json.dumps({"size": self.size}).encode()} | self.lexicon.to_blobs() | self._postings.to_blobs()

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> LexicalIndex:
        """Read what ``to_blobs`` wrote."""
        size = int(json.loads(blobs[_BLOB])["size"])
        return cls(size=size, lexicon=Lexicon.from_blobs(blobs), postings=Postings.from_blobs(blobs))


def _statistics(collected: Collected, public: NDArray[np.bool_]) -> CorpusStatistics:
    return CorpusStatistics.of(collected.held_by(public), collected.lengths[public].tolist())
