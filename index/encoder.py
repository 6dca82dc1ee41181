"""The encoder port: texts become vectors whose dot product says how near their meanings are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.tokens import Encoded

Role = Literal["query", "passage"]

# Prompts of the E5 family (Wang et al., "Multilingual E5 Text Embeddings", arXiv 2402.05672, section 3).
PROMPTS: Mapping[Role, str] = MappingProxyType({"query": "query: ", "passage": "passage: "})


class EncoderError(RuntimeError):
    """An encoder cannot be opened; the message names the file or model, what was expected, and the remedy."""


class Encoder(Protocol):
    """Turns texts into vectors. Implementations are safe to share between threads.

    Every text is encoded alone: its vector is the same to the bit whatever else is in the list, in any thread.
    """

    @property
    def name(self) -> str:
        """Name for people and logs, such as ``multilingual-e5-small``."""

    @property
    def fingerprint(self) -> str:
        """Hex digest that changes with anything that changes vectors: weights, tokenizer, token cap, prompts."""

    @property
    def dimension(self) -> int:
        """Number of components of a vector."""

    @property
    def token_dimension(self) -> int:
        """Number of components of the vector of a token; 0 for an encoder that knows whole texts only."""

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        """Return float32 vectors of length 1, shape (len(texts), dimension); no texts give shape (0, dimension)."""

    def encode_with_tokens(self, texts: Sequence[str], *, role: Role) -> Sequence[Encoded]:
        """Return the vector of each text, the same as by ``encode``, and those of its tokens."""


def well_formed(text: str) -> str:
    """Replace lone surrogates, which no tokenizer takes, by question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
