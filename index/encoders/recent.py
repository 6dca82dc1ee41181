"""An encoder with a short memory: a case asked about again, by a reload or another widget, is not encoded again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.embedding_cache import text_digest
from index.encoder import Encoder, Role
from index.tokens import Encoded, Floats

T = TypeVar("T")

_Key = tuple[Role, bytes]


class RecentEncodings:
    """Encodes as another encoder does, to the bit, and remembers the last ``capacity`` texts that came alone.

    It keeps digests and vectors, in memory only, never a text. Lists of several texts, as builds encode them, pass
    through. Safe to share between threads; two that bring the same new text at once both encode it.
    """

    def __init__(self, encoder: Encoder, capacity: int) -> None:
        self._encoder = encoder
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.dimension, self.token_dimension = encoder.dimension, encoder.token_dimension
        self._closely: _Memory[Encoded] = _Memory(capacity)
        self._vectors: _Memory[Floats] = _Memory(capacity)

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        """Return vectors of length 1, shape (len(texts), dimension), each text encoded alone."""
        if len(texts) != 1:
            return self._encoder.encode(texts, role=role)
        key = (role, text_digest(texts[0]))
        closely = self._closely.get(key)
        vector = self._vectors.get(key) if closely is None else closely.vector
        if vector is None:
            vector = self._encoder.encode(texts, role=role)[0]
            self._vectors.put(key, vector)
        return vector[None, :].copy()  # what is remembered must stay as it is

    def encode_with_tokens(self, texts: Sequence[str], *, role: Role) -> Sequence[Encoded]:
        """Return the vectors of texts and of their tokens, each text encoded alone."""
        if len(texts) != 1:
            return self._encoder.encode_with_tokens(texts, role=role)
        key = (role, text_digest(texts[0]))
        encoded = self._closely.get(key)
        if encoded is None:
            encoded = self._encoder.encode_with_tokens(texts, role=role)[0]
            encoded.vector.flags.writeable = False  # all who ask share it
            self._closely.put(key, encoded)
        return [encoded]


class _Memory(Generic[T]):
    """The values of the keys that were asked for last."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._values: OrderedDict[_Key, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key) -> T | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: _Key, value: T) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._capacity:
                self._values.popitem(last=False)
