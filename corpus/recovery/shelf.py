"""Documents by their shingles: which of them a message may hold, found without comparing it with each.

What many documents say tells nothing, so that each word weighs one over the number of documents that say it in its
rarest shingle: a greeting that twenty templates share weighs a twentieth.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.recovery.alignment import Alignment, align
from corpus.recovery.words import shingles

MAX_WORDS = 3_000  # of a document or message; what follows is not compared
MAX_PLACES = 4  # of one shingle in one document
MAX_DOCUMENTS = 25  # a shingle that more documents have leads to none of them
MIN_HINT = 1.0  # a document is compared when the message's shingles weigh as much, each one over how many have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is put on a shelf: words with gaps, and which of them need not be said.

    ``optional`` is empty where all must be said, else as long as ``words``. Of what is not ``wanted`` it only counts
    what it says: it is never found.
    """

    id: str
    words: Sequence[str]
    optional: Sequence[bool] = ()
    replaces: frozenset[str] = frozenset()
    wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text on a shelf: where its shingles begin, and what each of its words weighs (0: in no shingle).

    ``length`` is the number of words that can be found; ``always`` and ``maybe`` are what those weigh together that
    are said anyway, and those that are said on a condition.
    """

    text: Text
    places: Mapping[str, Sequence[int]]
    weights: Sequence[float]
    length: int
    always: float
    maybe: float

    def coverage(self, found: frozenset[int]) -> float:
        """Return the share of the words that were found, by weight, from 0 to 1.

        Of what is said on a condition only, half is expected, and more where more was found.
        """
        said = sum(self.weights[each] for each in found if self.text.optional[each]) if self.maybe else 0.0
        total = self.always + max(said, self.maybe / 2)
        return self.weight(found) / total if total else 0.0

    def weight(self, found: frozenset[int]) -> float:
        """Return what the found words weigh together."""
        return sum(self.weights[each] for each in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Documents and the rare shingles that lead to them; ``size`` is how many words a shingle has."""

    size: int
    documents: Sequence[Document]
    leads: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, texts: Sequence[Text], *, size: int) -> Shelf:
        """Put texts on a shelf."""
        places = [_places(text, size) for text in texts]
        having = Counter(shingle for each in places for shingle in each)
        documents = [_document(text, each, having, size) for text, each in zip(texts, places, strict=True)]
        leads: dict[str, list[int]] = defaultdict(list)
        for number, document in enumerate(documents):
            if document.text.wanted:
                for shingle in document.places:
                    if having[shingle] <= MAX_DOCUMENTS:
                        leads[shingle].append(number)
        return cls(size=size, documents=documents, leads=leads)

    def compare(self, words: Sequence[str]) -> Iterator[tuple[Document, Alignment]]:
        """Yield the documents that a message may hold, in their order, with what they have in common."""
        said = list(shingles(words[:MAX_WORDS], self.size)) if self.leads else []
        hints: dict[int, float] = defaultdict(float)
        for shingle in sorted({shingle for _, shingle in said if shingle in self.leads}):
            for number in self.leads[shingle]:
                hints[number] += 1 / len(self.leads[shingle])
        for number in sorted(number for number, hint in hints.items() if hint >= MIN_HINT - 1e-9):
            document = self.documents[number]
            yield document, align(document.places, said, self.size)


def _places(text: Text, size: int) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for start, shingle in shingles(text.words[:MAX_WORDS], size):
        known = places.setdefault(shingle, [])
        if len(known) < MAX_PLACES:
            known.append(start)
    return places


def _document(text: Text, places: Mapping[str, Sequence[int]], having: Mapping[str, int], size: int) -> Document:
    weights = [0.0] * min(len(text.words), MAX_WORDS)
    for start, shingle in shingles(text.words[:MAX_WORDS], size):
        for position in range(start, start + size):
            weights[position] = max(weights[position], 1 / having[shingle])
    maybe = sum(weight for weight, optional in zip(weights, text.optional, strict=False) if optional)
    return Document(
        text=text,
        places=places,
        weights=weights,
        length=sum(weight > 0 for weight in weights),
        always=sum(weights) - maybe,
        maybe=maybe,
    )
