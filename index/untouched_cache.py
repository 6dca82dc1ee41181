"""The embedding cache for programs that promise to write nothing: what is new stays in memory."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder, Role
from index.tokens import TokenVectors

_LOG = logging.getLogger(__name__)


class UntouchedCache(EmbeddingCache):
    """Reads the file of the cache, and keeps what is put into it until it is closed, for one encoder and thread."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._vectors: dict[tuple[Role, bytes], NDArray[np.float32]] = {}
        self._tokens: dict[tuple[Role, bytes], TokenVectors] = {}

    def get(self, encoder: Encoder, role: Role, digests: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Return the vectors that are there, by text digest."""
        fresh = {digest: self._vectors[role, digest] for digest in digests if (role, digest) in self._vectors}
        return super().get(encoder, role, [digest for digest in digests if digest not in fresh]) | fresh

    def put(self, encoder: Encoder, role: Role, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Keep vectors in memory."""
        self._vectors.update({(role, digest): vector for digest, vector in vectors.items()})

    def get_tokens(self, encoder: Encoder, role: Role, digests: Sequence[bytes]) -> dict[bytes, TokenVectors]:
        """Return the tokens that are there, by text digest."""
        fresh = {digest: self._tokens[role, digest] for digest in digests if (role, digest) in self._tokens}
        return super().get_tokens(encoder, role, [digest for digest in digests if digest not in fresh]) | fresh

    def put_tokens(self, encoder: Encoder, role: Role, tokens: Mapping[bytes, TokenVectors]) -> None:
        """Keep tokens in memory."""
        self._tokens.update({(role, digest): each for digest, each in tokens.items()})

    def _read(self, select: str, encoder: Encoder, role: Role, digests: Sequence[bytes]) -> list[tuple[bytes, ...]]:
        return super()._read(select, encoder, role, digests) if self._path.is_file() else []

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            address = f"file:{quote(str(self._path.absolute()))}?mode=ro"
            self._connection = sqlite3.connect(address, uri=True, timeout=10, check_same_thread=False)
        return self._connection

    def _discard(self, reason: str) -> None:
        self._close()
        _LOG.warning("%s is damaged (%s): going on without it", self._path, reason)
