"""A question as the features of the study see it: what was considered for it, and by which texts it can be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.considering import Considered
from assist.understanding import Understanding
from corpus.shorten import sentences
from evaluation.feature_items import ItemFacts
from index.encoder import Encoder
from index.lexical import LexicalQuery
from index.space import ItemSpace

Floats = NDArray[np.float32]

# Fewer words are a greeting or a thanks rather than a sentence that tells something.
LEAST_SENTENCE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question that was asked, all that was considered for it, and facts of the items it was asked of."""

    case: Understanding
    considered: Considered
    facts: ItemFacts
    encoder: Encoder

    @property
    def space(self) -> ItemSpace:
        """The items that were asked."""
        return self.considered.space

    @property
    def rows(self) -> Sequence[int]:
        """The rows of the candidates."""
        rows: list[int] = self.considered.candidates.rows.tolist()
        return rows

    @property
    def words_in_one_language(self) -> Floats:
        """The evidence of words where case and item share a language, else 0."""
        evidence = self.considered.evidence
        return evidence.words * evidence.same_language

    def queries(self) -> list[LexicalQuery]:
        """Return the question as the language of each candidate reads it."""
        by_language = self.considered.words.queries
        return [by_language[self.space.languages[row]] for row in self.rows]

    def terms(self) -> list[Mapping[str, float]]:
        """Return the idf of the question's terms, as the language of each candidate reads them."""
        queries = self.considered.words.queries.items()
        by_language = {language: {term.term: term.idf for term in query.terms} for language, query in queries}
        return [by_language[self.space.languages[row]] for row in self.rows]

    def standing(self, vector: Floats) -> Floats:
        """Return the cosine of whole items and a vector, in standard deviations above the background."""
        cosines = self.space.documents.vectors(self.considered.candidates.rows) @ vector
        return self.space.average(vector).standing(cosines)


def sentences_of(case: Understanding) -> list[str]:
    """Return the sentences of a question that tell something; its whole text where none does."""
    found = [each for each in sentences(case.text.text) if len(each.split()) >= LEAST_SENTENCE]
    return found or [case.text.text]


def subject_of(case: Understanding) -> str:
    """Return the subject of a question; its whole text where there is none."""
    return case.text.subject or case.text.text
