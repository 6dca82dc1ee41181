"""Past cases: found by the situations they went through, and voting for what solved them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.casetext import case_text, known_before_reply
from corpus.models import Case
from index.background import LEAST_DEVIATION, Average
from index.filters import CaseMasks, Mask
from index.heads import Head
from index.history import History
from index.sentences import sentences
from index.situations import UsedKind
from index.space import LanguageIndex, shortened
from index.vectors import Hits, VectorIndex
from index.word_sets import WordSets

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSpace:
    """Cases (n rows; those of a snapshot ordered by id, later ones behind them) and their situations (s rows).

    ``ids`` are those of the cases: to know them, none has to be read.
    ``hashes`` are those of the contents that the store had of each, as far as the snapshot tells.
    ``background`` holds the vectors (b, d) of up to a few hundred public situations of the snapshot.
    ``heads`` are there for the kinds that enough public cases used.
    ``told`` holds what the customer of each brought before the first reply, sentence by sentence, as it may be shown,
    and ``openings`` its words; ``resolutions`` holds the words of what solved it. All are masked.
    """

    cases: Sequence[Case]
    ids: Sequence[str]
    row_of: Mapping[str, int]
    masks: CaseMasks
    history: History
    situations: VectorIndex
    lexicons: Mapping[str, LanguageIndex]
    background: Floats
    heads: Mapping[UsedKind, Head]
    told: Sequence[Sequence[str]]
    openings: WordSets
    resolutions: WordSets
    hashes: Sequence[str] = ()

    def nearest(self, vector: Floats, visible: Mask, *, depth: int) -> Hits:
        """Return the ``depth`` nearest situations of the visible cases, best first."""
        return self.situations.search(vector, depth, visible[self.history.case_of])

    def average(self, vector: Floats) -> Average:
        """Return the query's cosine with an average public situation."""
        return Average.of(self.background @ vector, LEAST_DEVIATION)

    def excerpt(self, row: int) -> str:
        """Return the beginning of what the customer brought."""
        return shortened(" ".join(self.told[row]))

    def language_of(self, row: int) -> str | None:
        """Return the language by which a case is indexed; ``None`` where no words are indexed."""
        for language, lexicon in self.lexicons.items():
            place = int(np.searchsorted(lexicon.rows, row))
            if place < lexicon.rows.size and lexicon.rows[place] == row:
                return language
        return None


def told_by(case: Case) -> list[str]:
    """Return what the customer of a case brought before the first reply, sentence by sentence."""
    text = case_text(case, known_messages=known_before_reply(case)).text
    return [sentence for line in text.splitlines() for sentence in sentences(line)]
