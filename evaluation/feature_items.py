"""What the feature study knows of the items of a set beforehand: terms and letters of titles, lengths of texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.itemtext import item_text
from index.lexicon import FieldedText
from index.space import ItemSpace

Floats = NDArray[np.float32]

GRAMS = (3, 4)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Letters:
    """How often each run of 3 or 4 characters occurs in a text, and the length of that vector."""

    counts: Mapping[str, int]
    norm: float

    def cosine(self, other: Letters) -> float:
        """Return the cosine of two texts' runs, 0 to 1; 0 for a text without any."""
        fewer, more = sorted((self.counts, other.counts), key=len)
        shared = sum(count * more.get(gram, 0) for gram, count in fewer.items())
        return shared / (self.norm * other.norm) if shared else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """Facts of n items, by row: idf times frequency of each term of a title, its letters, the log of the words (n,)."""

    titles: Sequence[Mapping[str, float]]
    letters: Sequence[Letters]
    lengths: Floats


def facts_of(space: ItemSpace) -> ItemFacts:
    """Read the titles and lengths of all items; each title in the language of its item."""
    texts = [item_text(item) for item in space.items]
    return ItemFacts(
        titles=[_terms(space, language, text.title) for language, text in zip(space.languages, texts, strict=True)],
        letters=[letters_of(text.title) for text in texts],
        lengths=np.log1p([len(text.whole.split()) for text in texts]).astype(np.float32),
    )


def letters_of(text: str) -> Letters:
    """Return the runs of characters of a text; case and what stands between words do not count.

    >>> sorted(letters_of("Ab!").counts)
    [' ab', ' ab ', 'ab ']
    """
    folded = f" {' '.join(_WORD.findall(text.casefold()))} "
    counts = Counter(folded[start : start + size] for size in GRAMS for start in range(len(folded) - size + 1))
    return Letters(counts, float(np.sqrt(sum(count * count for count in counts.values()))))


def _terms(space: ItemSpace, language: str, title: str) -> dict[str, float]:
    lexicon = space.lexicons[language].index.lexicon
    found = lexicon.content(FieldedText(((title, 1.0),))).frequencies
    return {term: lexicon.statistics.idf(term) * frequency for term, frequency in found.items()}
