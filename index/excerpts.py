"""The part of a past case to show: where it says what the case at hand says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.privacy.marks import without_marks
from corpus.shorten import GAP
from index.case_space import CaseSpace
from index.lexicon import FieldedText, Lexicon
from index.space import EXCERPT, shortened

Telling = Mapping[str, float]


class ExcerptFinder:
    """Finds excerpts of past cases for one case, whose masked text it is given. Serves one request.

    An excerpt begins at the sentence from which on the shown part shares most with the case: the sum of the idf of the
    words in both, each counted once. Where no part shares more than the beginning does, it is the beginning.
    """

    def __init__(self, space: CaseSpace, asked: str) -> None:
        self._space = space
        self._asked = asked
        self._telling: dict[str, Telling] = {}

    def excerpt(self, row: int) -> str:
        """Return the nearest part of what the customer of a past case brought, with marks for personal data."""
        parts = self._space.told[row]
        language = self._space.language_of(row)
        opening = " ".join(parts)
        if len(opening) <= EXCERPT or language is None:
            return shortened(opening)
        start = self._best_start(parts, language)
        return f"{GAP} {shortened(' '.join(parts[start:]))}" if start else shortened(opening)

    def _best_start(self, parts: Sequence[str], language: str) -> int:
        lexicon = self._space.lexicons[language].index.lexicon
        if language not in self._telling:
            self._telling[language] = {term: lexicon.statistics.idf(term) for term in _terms(self._asked, lexicon)}
        telling = self._telling[language]
        shared = [_terms(part, lexicon) & telling.keys() for part in parts]
        # Sorted, since sums of the same numbers in another order differ in the last digit.
        told = [sum(telling[term] for term in sorted(_seen(parts, shared, start))) for start in range(len(parts))]
        return max(range(len(parts)), key=lambda start: (told[start], -start), default=0)


def _terms(text: str, lexicon: Lexicon) -> frozenset[str]:
    return lexicon.terms(FieldedText(((without_marks(text), 1.0),)))


def _seen(parts: Sequence[str], shared: Sequence[frozenset[str]], start: int) -> frozenset[str]:
    """Return the shared terms of the first sentence and of those behind it that an excerpt shows as a whole."""
    found, room = shared[start], EXCERPT - len(parts[start])
    for part, terms in zip(parts[start + 1 :], shared[start + 1 :], strict=True):
        room -= len(part) + 1
        if room < 0:
            break
        found |= terms
    return found
