"""An encoder's stand-in where only sizes count: it passes for the encoder, and gives random vectors of its form."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, Role
from index.tokens import Encoded, TokenVectors

# As the packaged tokenizer cuts German and English prose, markers left out.
_TOKENS_PER_WORD = 1.55
_MOST_TOKENS = 250
_VOCABULARY = 50_000


class RandomEncoder:
    """Has name, fingerprint and dimensions of an encoder: what it built, that one serves, as fast and as large."""

    def __init__(self, encoder: Encoder, seed: int) -> None:
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.dimension, self.token_dimension = encoder.dimension, encoder.token_dimension
        self._random = np.random.default_rng(seed)

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        """Return random vectors of length 1, shape (len(texts), dimension)."""
        drawn = self._random.standard_normal((len(texts), self.dimension), dtype=np.float32)
        vectors: NDArray[np.float32] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return vectors

    def encode_with_tokens(self, texts: Sequence[str], *, role: Role) -> Sequence[Encoded]:
        """Return the same with about as many tokens as each text has."""
        vectors = self.encode(texts, role=role)
        return [Encoded(vector, self._tokens(text)) for vector, text in zip(vectors, texts, strict=True)]

    def _tokens(self, text: str) -> TokenVectors:
        count = min(_MOST_TOKENS, max(1, round(_TOKENS_PER_WORD * len(text.split()))))
        ids = self._random.integers(0, _VOCABULARY, count, dtype=np.int32)
        codes = self._random.integers(-100, 100, (count, self.token_dimension), dtype=np.int8)
        return TokenVectors(ids=ids, codes=codes)
