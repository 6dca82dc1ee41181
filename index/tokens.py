"""Texts token by token: a vector for every token in its context, beside the one vector of the whole text.

Tokens are kept as 8-bit codes everywhere, in caches, in snapshots and in memory, so that the same text always has the
same tokens, whichever way they came.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
TokenIds = NDArray[np.int32]
Codes = NDArray[np.int8]

# A component of a unit vector times this is its code; components beyond +-.79, one in many thousands, are clipped.
SCALE = 160.0


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The tokens of a text in order: ``ids`` int32 (t,) name them, ``codes`` int8 (t, k) hold their vectors.

    Prompts and markers are left out; t is 1 or more, or 0 for an encoder that knows no tokens.
    """

    ids: TokenIds
    codes: Codes

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, ids: TokenIds, vectors: Floats) -> TokenVectors:
        """Bring vectors (t, k), of any length but 0, to length 1 and to codes."""
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = vectors / np.maximum(lengths, np.float32(1e-9))
        codes = np.clip(np.rint(unit * np.float32(SCALE)), -127, 127).astype(np.int8)
        return cls(ids=ids.astype(np.int32), codes=codes)

    @classmethod
    def none(cls) -> TokenVectors:
        """Return the tokens of a text whose encoder knows none."""
        return cls(ids=np.zeros(0, dtype=np.int32), codes=np.zeros((0, 0), dtype=np.int8))

    def distinct(self) -> TokenVectors:
        """Return the first of each token: later ones stand in another context, and say nearly the same."""
        return self.taken(np.sort(np.unique(self.ids, return_index=True)[1]))

    def taken(self, rows: NDArray[np.int64]) -> TokenVectors:
        """Return some of the tokens."""
        return TokenVectors(ids=self.ids[rows], codes=self.codes[rows])


@dataclass(frozen=True, slots=True)
class Encoded:
    """What an encoder makes of one text in one pass: the ``vector`` of the whole (d,), length 1, and its tokens."""

    vector: Floats
    tokens: TokenVectors
