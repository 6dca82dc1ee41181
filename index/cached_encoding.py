"""Encoding with a memory: a text that an encoder saw before, in this build or an earlier one, costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.embedding_cache import EmbeddingCache, text_digest
from index.encoder import Encoder, Role
from index.tokens import Encoded, TokenVectors

Progress = Callable[[int, int], None]
T = TypeVar("T")

_BATCH = 64


def encode_cached(
    encoder: Encoder, cache: EmbeddingCache, texts: Sequence[str], *, role: Role, progress: Progress | None = None
) -> NDArray[np.float32]:
    """Return the vectors of ``texts``, shape (len(texts), dimension), encoding each unknown text once.

    New vectors go into the cache in small batches: a build that is killed finds them when it runs again.
    ``progress`` is told how many of the different texts are done, and how many there are.
    """
    digests = [text_digest(text) for text in texts]
    texts_by_digest = dict(zip(digests, texts, strict=True))
    rows = {digest: row for row, digest in enumerate(texts_by_digest)}
    vectors = np.empty((len(rows), encoder.dimension), dtype=np.float32)
    known = cache.get(encoder, role, list(rows))
    for digest, vector in known.items():
        vectors[rows[digest]] = vector
    done = len(known)
    for batch in _chunks((digest for digest in rows if digest not in known), _BATCH):
        fresh = encoder.encode([texts_by_digest[digest] for digest in batch], role=role)
        cache.put(encoder, role, dict(zip(batch, fresh, strict=True)))
        vectors[[rows[digest] for digest in batch]] = fresh
        done += len(batch)
        if progress:
            progress(done, len(rows))
    return vectors[[rows[digest] for digest in digests]]


def encode_closely_cached(
    encoder: Encoder, cache: EmbeddingCache, texts: Sequence[str], *, role: Role, progress: Progress | None = None
) -> list[Encoded]:
    """Return vector and tokens of each of ``texts``; as ``encode_cached`` does, also where there are no tokens."""
    if not encoder.token_dimension:
        vectors = encode_cached(encoder, cache, texts, role=role, progress=progress)
        return [Encoded(vector, TokenVectors.none()) for vector in vectors]
    digests = [text_digest(text) for text in texts]
    texts_by_digest = dict(zip(digests, texts, strict=True))
    known = _known(encoder, cache, role, list(texts_by_digest))
    for batch in _chunks((digest for digest in texts_by_digest if digest not in known), _BATCH):
        fresh = encoder.encode_with_tokens([texts_by_digest[digest] for digest in batch], role=role)
        cache.put(encoder, role, {digest: each.vector for digest, each in zip(batch, fresh, strict=True)})
        cache.put_tokens(encoder, role, {digest: each.tokens for digest, each in zip(batch, fresh, strict=True)})
        known.update(zip(batch, fresh, strict=True))
        if progress:
            progress(len(known), len(texts_by_digest))
    return [known[digest] for digest in digests]


def _known(encoder: Encoder, cache: EmbeddingCache, role: Role, digests: Sequence[bytes]) -> dict[bytes, Encoded]:
    vectors = cache.get(encoder, role, digests)
    tokens = cache.get_tokens(encoder, role, digests)
    return {digest: Encoded(vectors[digest], tokens[digest]) for digest in vectors.keys() & tokens.keys()}


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
