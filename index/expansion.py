"""Which index terms a word stands for, and how much each of them counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from index.analysis import Analyzer, Token
from index.compounds import CompoundSplitter

_CACHED_WORDS = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """The index terms of one word: the word as a whole with weight 1, and its pieces with their weights below 1."""

    whole: str
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWeights:
    """How much a piece counts beside the word: of a hyphenated word or code, and of a compound; 0 leaves it out."""

    joined: float = 1.0
    compound: float = 0.5


class Expander:
    """Adds the parts of compounds to the terms of a token. Safe to share between threads."""

    def __init__(self, analyzer: Analyzer, splitter: CompoundSplitter, weights: PartWeights) -> None:
        self._splitter = splitter
        self._weights = weights
        self._stem = analyzer.stem
        self.expand: Callable[[Token], Expansion] = lru_cache(_CACHED_WORDS)(self._expand)

    def _expand(self, token: Token) -> Expansion:
        whole, *joined = token.terms
        weights: dict[str, float] = {}
        if self._weights.joined:
            weights |= dict.fromkeys(joined, self._weights.joined)
        if self._weights.compound:
            for part in (part for word in token.words for part in self._splitter.parts(word)):
                weights.setdefault(part, self._weights.compound)
        weights.pop(whole, None)
        return Expansion(whole=whole, parts=tuple(weights.items()))
