"""An encoder that remembers: a text that was encoded before, in this run or an earlier one, costs nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedding_cache import EmbeddingCache, Progress, encode_cached
from index.encoder import Encoder, Role


class CachingEncoder:
    """The encoder port over the embedding cache, with the vectors that were asked for kept in memory.

    Since every text is encoded alone, a remembered vector equals a fresh one to the bit; only the time differs, so
    latency must be measured with the encoder itself.
    """

    def __init__(self, encoder: Encoder, cache: EmbeddingCache) -> None:
        self.name = encoder.name
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension
        self._encoder = encoder
        self._cache = cache
        self._known: dict[tuple[Role, str], NDArray[np.float32]] = {}

    def learn(self, texts: Sequence[str], *, role: Role, progress: Progress | None = None) -> None:
        """Encode texts ahead of their use; ``progress`` is told how many of those new to the cache are done."""
        vectors = encode_cached(self._encoder, self._cache, texts, role=role, progress=progress)
        self._known.update({(role, text): vector for text, vector in zip(texts, vectors, strict=True)})

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        """Return vectors of length 1, float32 (len(texts), dimension)."""
        unknown = [text for text in texts if (role, text) not in self._known]
        if unknown:
            self.learn(unknown, role=role)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._known[role, text]
        return vectors
