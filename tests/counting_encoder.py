"""The toy encoder, remembering what it was asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.encoder import Role
from index.encoders.toy import ToyEncoder
from index.tokens import Encoded, TokenVectors


class CountingEncoder:
    """Keeps every text in ``seen``; it stops after ``budget`` texts as a killed build would."""

    def __init__(self, dimension: int = 16, budget: int = 10**9, *, knows_tokens: bool = True) -> None:
        self._toy = ToyEncoder(dimension)
        self.name, self.fingerprint, self.dimension = self._toy.name, self._toy.fingerprint, dimension
        self.token_dimension = dimension if knows_tokens else 0
        self.seen: list[str] = []
        self._budget = budget

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        self._see(texts)
        return self._toy.encode(texts, role=role)

    def encode_with_tokens(self, texts: Sequence[str], *, role: Role) -> Sequence[Encoded]:
        self._see(texts)
        encoded = self._toy.encode_with_tokens(texts, role=role)
        return encoded if self.token_dimension else [Encoded(each.vector, TokenVectors.none()) for each in encoded]

    def _see(self, texts: Sequence[str]) -> None:
        self.seen.extend(texts)
        if len(self.seen) > self._budget:
            raise KeyboardInterrupt
