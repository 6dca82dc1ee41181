"""The search stage alone: a space of articles with real or random vectors, and no ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.material import Row
from corpus.models import Article
from index.cached_encoding import encode_cached, encode_closely_cached
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder, Role
from index.native_threads import use_one_core
from index.space import ItemSpace
from index.spaces import Encode, item_blobs, open_items
from index.tokens import Encoded, TokenVectors

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CachedVectors:
    """Encodes with a memory on disk. Tokens are kept there for other parts, and left out: they serve the ranking."""

    encoder: Encoder
    cache: EmbeddingCache

    @property
    def dimension(self) -> int:
        """Number of components of a vector."""
        return self.encoder.dimension

    def vectors(self, texts: Sequence[str], role: Role, what: str) -> Floats:
        """Return vectors (len(texts), d)."""
        return encode_cached(self.encoder, self.cache, texts, role=role)

    def closely(self, texts: Sequence[str], role: Role, what: str) -> Sequence[Encoded]:
        """Return vectors without tokens."""
        encoded = encode_closely_cached(self.encoder, self.cache, texts, role=role)
        return [Encoded(each.vector, TokenVectors.none()) for each in encoded]


@dataclass(frozen=True, slots=True)
class RandomVectors:
    """Gives every text a random vector of length 1: good for times, and for nothing else."""

    dimension: int
    seed: int

    def vectors(self, texts: Sequence[str], role: Role, what: str) -> Floats:
        """Return vectors (len(texts), d)."""
        drawn = np.random.default_rng(self.seed).standard_normal((len(texts), self.dimension), dtype=np.float32)
        vectors: Floats = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return vectors

    def closely(self, texts: Sequence[str], role: Role, what: str) -> Sequence[Encoded]:
        """Return vectors without tokens."""
        return [Encoded(vector, TokenVectors.none()) for vector in self.vectors(texts, role, what)]


def space_of(rows: Sequence[Row], encode: Encode) -> ItemSpace:
    """Index passages as articles of one passage each and open them as a worker does."""
    articles = [
        Article(id=f"s-{number:07d}", title=title or "Abschnitt", body=text, language="de", format="text")
        for number, (title, text) in enumerate(rows)
    ]
    blobs = item_blobs("articles", articles, encode, "de")
    use_one_core()
    return open_items("articles", blobs)
