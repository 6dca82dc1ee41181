"""Features that the ranking might have and has not: what else could speak for a candidate.

Each is a function of a question that was asked: one number for each of its m candidates, float32 (m,). Whether it adds
anything to the evidence of the shipped ranking is for `evaluation.feature_study` to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from evaluation.feature_asking import Asking, Floats, sentences_of, subject_of
from evaluation.feature_items import letters_of
from index.lexical import LexicalQuery
from index.lexicon import FieldedText

# Where a question is half short, and how soon it is long, in words.
SHORT_WORDS, SHORT_RANGE = 20.0, 6.0
FEEDBACK_ITEMS = 3


Feature = Callable[[Asking], Floats]


def covered(asking: Asking) -> Floats:
    """Return the share of the most BM25 could give, where case and item share a language."""
    most = _floats([max(query.bound, 1e-9) for query in asking.queries()])
    words = asking.considered.words.scores[asking.rows]
    return _floats(np.minimum(words / most, 1) * asking.considered.evidence.same_language)


def known_words(asking: Asking) -> Floats:
    """Return the evidence of words times the share of the question's idf that any public item knows."""
    asked = FieldedText(((asking.case.text.text, 1.0),))
    shares = {language: each.index.lexicon.known_share(asked) for language, each in asking.space.lexicons.items()}
    known = _floats([shares[asking.space.languages[row]] for row in asking.rows])
    return known * asking.words_in_one_language


def title_words(asking: Asking) -> Floats:
    """Return the share of the question's idf that the title holds."""
    titles = asking.facts.titles
    return _floats([_share(terms, titles[row]) for terms, row in zip(asking.terms(), asking.rows, strict=True)])


def title_asked(asking: Asking) -> Floats:
    """Return the share of the title's idf that the question holds."""
    titles = asking.facts.titles
    return _floats([_share(titles[row], terms) for terms, row in zip(asking.terms(), asking.rows, strict=True)])


def numbers(asking: Asking) -> Floats:
    """Return the idf of the terms with digits that question and item share."""
    with_digits = {language: _with_digits(query) for language, query in asking.considered.words.queries.items()}
    return _floats([_shared(asking, with_digits[asking.space.languages[row]], row) for row in asking.rows])


def title_letters(asking: Asking) -> Floats:
    """Return the cosine of question and title by their runs of 3 and 4 characters."""
    asked = letters_of(asking.case.text.text)
    return _floats([asked.cosine(asking.facts.letters[row]) for row in asking.rows])


def short_question(asking: Asking) -> Floats:
    """Return the evidence of words, times 1 for a question of few words, falling to 0 for one of many."""
    count = len(asking.case.text.text.split())
    short = np.float32(1 / (1 + np.exp((count - SHORT_WORDS) / SHORT_RANGE)))
    return short * asking.words_in_one_language


def length(asking: Asking) -> Floats:
    """Return the logarithm of the item's number of words."""
    return asking.facts.lengths[asking.rows]


def document(asking: Asking) -> Floats:
    """Return how far the whole item stands out: with meaning, whether half document and half passage is right."""
    return asking.standing(asking.case.vector)


def best_sentence(asking: Asking) -> Floats:
    """Return how far the whole item stands out for that sentence of the question for which it does most."""
    vectors = asking.encoder.encode(sentences_of(asking.case), role="query")
    return _floats(np.max([asking.standing(vector) for vector in vectors], axis=0))


def subject(asking: Asking) -> Floats:
    """Return how far the whole item stands out for the subject alone."""
    return asking.standing(asking.encoder.encode([subject_of(asking.case)], role="query")[0])


def feedback(asking: Asking) -> Floats:
    """Return how far the item stands out by the mean vector of the items nearest to the question.

    Pseudo-relevance feedback in the sense of Rocchio (1971), on vectors.
    """
    candidates = asking.considered.candidates
    nearest = np.argsort(-candidates.cosine, kind="stable")[:FEEDBACK_ITEMS]
    mean = asking.space.documents.vectors(candidates.rows[nearest]).mean(axis=0)
    return asking.standing(_floats(mean / max(float(np.linalg.norm(mean)), 1e-9)))


FEATURES: Mapping[str, Feature] = MappingProxyType(
    {
        "covered": covered,
        "known words": known_words,
        "title words": title_words,
        "title asked": title_asked,
        "numbers": numbers,
        "title letters": title_letters,
        "short question": short_question,
        "length": length,
        "document": document,
        "best sentence": best_sentence,
        "subject": subject,
        "feedback": feedback,
    }
)


def features_of(asking: Asking) -> dict[str, Floats]:
    """Return every feature of the candidates of a question, by name."""
    if not asking.rows:
        return {name: np.zeros(0, dtype=np.float32) for name in FEATURES}
    return {name: feature(asking) for name, feature in FEATURES.items()}


def _share(of: Mapping[str, float], held: Mapping[str, float]) -> float:
    """Return the share of the sum of some terms that those held have of it; 0 where there is nothing to hold."""
    total = sum(of.values())
    return sum(value for term, value in of.items() if term in held) / total if total else 0.0


def _with_digits(query: LexicalQuery) -> LexicalQuery:
    terms = tuple(term for term in query.terms if any(sign.isdigit() for sign in term.term))
    return replace(query, terms=terms)


def _shared(asking: Asking, query: LexicalQuery, row: int) -> float:
    """Return the idf of those terms of a query that an item holds."""
    if not query.terms:
        return 0.0
    lexicon = asking.space.lexicons[asking.space.languages[row]]
    held = {match.term for match in lexicon.index.matched(query, int(np.searchsorted(lexicon.rows, row)))}
    return sum(term.idf for term in query.terms if term.term in held)


def _floats(values: Sequence[float] | NDArray[np.float32]) -> Floats:
    return np.asarray(values, dtype=np.float32)
