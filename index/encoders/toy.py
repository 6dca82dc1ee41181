"""A quick encoder without weights, for tests and for trying things out: it knows letters, not meanings."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.encoder import Role, well_formed
from index.tokens import Encoded, TokenVectors

_WORD = re.compile(r"\w+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_WORD_WEIGHT, _GRAM_WEIGHT = 3, 1
_GRAM = 3


class ToyEncoder:
    """Hashes words and their trigrams into a few signed components: texts that share words get similar vectors.

    Feature hashing after Weinberger et al. (ICML 2009). Case and accents do not count, and ``ä`` equals ``ae``. Both
    roles give the same vector, so a text finds itself with a cosine of 1.
    """

    def __init__(self, dimension: int = 64) -> None:
        self.name = f"toy-{dimension}"
        self.fingerprint = hashlib.sha256(f"toy 1 {dimension}".encode()).hexdigest()
        self.dimension = dimension
        self.token_dimension = dimension

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        """Return vectors of length 1, shape (len(texts), dimension)."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._vector(text)
        return vectors

    def encode_with_tokens(self, texts: Sequence[str], *, role: Role) -> Sequence[Encoded]:
        """Return the vectors of texts and of their words, each of which is a token."""
        vectors = self.encode(texts, role=role)
        return [Encoded(vector, self._tokens(text)) for vector, text in zip(vectors, texts, strict=True)]

    def _tokens(self, text: str) -> TokenVectors:
        words = _WORD.findall(_folded(text)) or [""]
        vectors = np.array([self._vector(word) for word in words], dtype=np.float32)
        return TokenVectors.of(np.array([_token_id(word) for word in words], dtype=np.int32), vectors)

    def _vector(self, text: str) -> NDArray[np.float64]:
        components = np.zeros(self.dimension, dtype=np.int64)
        for feature, weight in _features(_folded(text)):
            place = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "little")
            components[(place >> 1) % self.dimension] += weight if place & 1 else -weight
        if not components.any():  # no words, or all of them cancelled out
            components[0] = 1
        vector: NDArray[np.float64] = components / np.sqrt(float(components @ components))
        return vector


def _token_id(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "little") >> 1


def _folded(text: str) -> str:
    composed = unicodedata.normalize("NFKC", well_formed(text)).casefold().translate(_UMLAUTS)
    return "".join(mark for mark in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(mark))


def _features(text: str) -> Iterator[tuple[str, int]]:
    for word in _WORD.findall(text):
        yield word, _WORD_WEIGHT
        framed = f"^{word}$"
        for start in range(len(framed) - _GRAM + 1):
            yield framed[start : start + _GRAM], _GRAM_WEIGHT
