"""A template cut into sentences, each with the places of its words, to be found again in what was sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from corpus.models import Template
from corpus.recovery.alignment import align
from corpus.recovery.template_text import CLOSE, FIELD, OPEN, marked_text
from corpus.recovery.words import GAP, shingles, without_urls
from index.sentences import sentences

Fate = Literal["kept", "changed", "dropped"]

_TOKEN = re.compile(rf"\w+|[{FIELD}{OPEN}{CLOSE}]")
_SIZE = 2
_LEAST_WORDS = 4
_CHANGED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSentence:
    """A sentence as it is shown, and the places in its template of the words that can be found."""

    text: str
    places: frozenset[int]
    optional: bool

    @property
    def is_judged(self) -> bool:
        """Whether it is long enough to be told from others, and said in any case."""
        return len(self.places) >= _LEAST_WORDS and not self.optional

    def fate(self, found: frozenset[int]) -> Fate:
        """Return what became of it in a message in which some places were found."""
        kept = len(self.places & found)
        if kept == len(self.places):
            return "kept"
        return "changed" if kept >= _CHANGED * len(self.places) else "dropped"


@dataclass(frozen=True, kw_only=True)
class TemplateSentences:
    """All sentences of a template, and its words with gaps where something is filled in."""

    words: tuple[str, ...]
    sentences: tuple[TemplateSentence, ...]

    @cached_property
    def _shingles(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for start, shingle in shingles(self.words, _SIZE):
            found.setdefault(shingle, []).append(start)
        return found

    @cached_property
    def _always(self) -> frozenset[int]:
        return frozenset(place for each in self.sentences if not each.optional for place in each.places)

    def found_in(self, words: Sequence[str]) -> frozenset[int]:
        """Return the places of the words that a message says in the same order, in runs of two at least."""
        return align(self._shingles, list(shingles(words, _SIZE)), _SIZE).document

    def share(self, found: frozenset[int]) -> float:
        """Return which share (0 to 1) of what is said in any case was found."""
        return len(found & self._always) / max(len(self._always), 1)


def sentences_of(template: Template) -> TemplateSentences:
    """Cut a template into sentences; a line that ends ends its sentence."""
    words: list[str] = []
    cut: list[tuple[str, range, bool]] = []
    depth = 0
    for line in without_urls(marked_text(template)).split("\n"):
        for sentence in sentences(line):
            begin, was_optional = len(words), depth > 0
            for token in _TOKEN.findall(sentence.casefold()):
                depth = max(0, depth + (token == OPEN) - (token == CLOSE))
                was_optional |= depth > 0
                words.append(GAP if token in (FIELD, OPEN, CLOSE) else token)
            cut.append((_shown(sentence), range(begin, len(words)), was_optional))
            words.append(GAP)  # nothing is looked for across the end of a sentence
    findable = {start + word for start, _ in shingles(words, _SIZE) for word in range(_SIZE)}
    return TemplateSentences(
        words=tuple(words),
        sentences=tuple(
            TemplateSentence(text=text, places=frozenset(findable.intersection(places)), optional=optional)
            for text, places, optional in cut
        ),
    )


def _shown(sentence: str) -> str:
    return " ".join(sentence.replace(FIELD, "[…]").replace(OPEN, "").replace(CLOSE, "").split())
