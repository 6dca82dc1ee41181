"""In which of a corpus's languages a text is written."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from py3langid.langid import MODEL_FILE
from py3langid.langid import LanguageIdentifier as PackagedIdentifier

from corpus.language_evidence import evidence, without_shared_words
from corpus.models import primary_language

MAX_CHARACTERS = 1500  # enough to be sure, and quick
MIN_CONFIDENCE = 0.6  # below it the text decides nothing
_FLOOR = 1e-6

_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis", "xx"})
_NOT_WORDS = re.compile(r"https?://\S{1,300}|www\.\S{1,300}|\S{1,64}@\S{1,128}|\w{0,20}\d[\w.\-/]{0,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language as primary subtag, how sure that is (0 to 1), and where it comes from.

    ``given``: a field of the record said so; ``text``: read from the text; ``default``: the text decides nothing, so
    it is the corpus's main language, with the share of probability the text gives it.
    """

    code: str
    confidence: float
    source: Literal["given", "text", "default"]


class Ranker(Protocol):
    """Ranks all languages it knows by probability; must not change while it is used."""

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return (language, probability), best first."""


class LanguageIdentifier:
    """Tells a corpus's languages apart; holds a loaded model that is only read, so threads may share it."""

    def __init__(self, ranker: Ranker) -> None:
        self._ranker = ranker

    @classmethod
    def load(cls) -> LanguageIdentifier:
        """Load py3langid's packaged model: NumPy arrays (no pickle), half a second, some 75 MB."""
        return cls(PackagedIdentifier.from_model_file(MODEL_FILE, norm_probs=True))

    def identify(self, text: str, *, given: str | None, known: Sequence[str]) -> Language:
        """Return the language of ``text`` among ``known``, the corpus's languages with the main one first.

        A ``given`` language is believed. Else the posterior over ``known`` decides: py3langid's, restricted, plus
        the evidence of typical words; below ``MIN_CONFIDENCE`` it is the main language. Raises ``ValueError`` when
        ``known`` is empty.
        """
        code = primary_language(given.strip()) if given else None
        if code and code not in _NO_LANGUAGE:
            return Language(code=code, confidence=1.0, source="given")
        languages = list(dict.fromkeys(filter(None, map(primary_language, known))))
        if not languages:
            raise ValueError("known is empty, expected at least the corpus's main language, such as ('de', 'en')")
        shares = self._posterior(text, languages)
        best = max(languages, key=lambda language: shares[language])
        if len(languages) > 1 and shares[best] >= MIN_CONFIDENCE:
            return Language(code=best, confidence=shares[best], source="text")
        return Language(code=languages[0], confidence=shares[languages[0]], source="default")

    def _posterior(self, text: str, languages: list[str]) -> dict[str, float]:
        """Return the probability of each language, summing to 1; equal shares for a text without words."""
        words = without_shared_words(_NOT_WORDS.sub(" ", text[:MAX_CHARACTERS]))
        if not any(map(str.isalpha, words)):
            return dict.fromkeys(languages, 1 / len(languages))
        ranked = dict(self._ranker.rank(words))
        mass = sum(ranked.get(language, 0.0) for language in languages) or 1.0
        typical = evidence(words, languages)
        logs = {code: math.log(max(ranked.get(code, 0.0) / mass, _FLOOR)) + typical[code] for code in languages}
        highest = max(logs.values())
        weights = {code: math.exp(value - highest) for code, value in logs.items()}
        return {code: weight / sum(weights.values()) for code, weight in weights.items()}
