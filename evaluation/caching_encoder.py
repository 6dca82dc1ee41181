"""An encoder that remembers: a text that was encoded before, in this run or an earlier one, costs nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.cached_encoding import encode_closely_cached
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder, Role
from index.progress import Update
from index.tokens import Encoded


class CachingEncoder:
    """The encoder port over the embedding cache, with the vectors that were asked for kept in memory.

    Since every text is encoded alone, a remembered vector equals a fresh one to the bit; only the time differs, so
    latency must be measured with the encoder itself.
    """

    def __init__(self, encoder: Encoder, cache: EmbeddingCache) -> None:
        self.name = encoder.name
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension
        self.token_dimension = encoder.token_dimension
        self._encoder = encoder
        self._cache = cache
        self._known: dict[tuple[Role, str], Encoded] = {}

    def learn(self, texts: Sequence[str], *, role: Role, progress: Update | None = None) -> None:
        """Encode texts ahead of their use; ``progress`` is told how many of those new to the cache are done."""
        encoded = encode_closely_cached(self._encoder, self._cache, texts, role=role, progress=progress)
        self._known.update({(role, text): each for text, each in zip(texts, encoded, strict=True)})

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        """Return vectors of length 1, float32 (len(texts), dimension)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, each in enumerate(self.encode_with_tokens(texts, role=role)):
            vectors[row] = each.vector
        return vectors

    def encode_with_tokens(self, texts: Sequence[str], *, role: Role) -> Sequence[Encoded]:
        """Return vectors and tokens."""
        unknown = [text for text in texts if (role, text) not in self._known]
        if unknown:
            self.learn(unknown, role=role)
        return [self._known[role, text] for text in texts]
