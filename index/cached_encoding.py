"""Encoding with a memory: a text that an encoder saw before, in this build or an earlier one, costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.embedding_cache import EmbeddingCache, text_digest
from index.encoder import Encoder, Role
from index.progress import Update
from index.tokens import Encoded, TokenVectors

T = TypeVar("T")

# Two seconds of work: so much is lost when a build is killed. At the end of each, one core waits for the other.
_BATCH = 128


def encode_cached(
    encoder: Encoder, cache: EmbeddingCache, texts: Sequence[str], *, role: Role, progress: Update | None = None
) -> NDArray[np.float32]:
    """Return the vectors of ``texts``, shape (len(texts), dimension), encoding each unknown text once.

    New vectors go into the cache in small batches: a build that is killed finds them when it runs again.
    ``progress`` is told how many of the different texts are done, and how many there are.
    """

    def encode(batch: Sequence[str]) -> Sequence[NDArray[np.float32]]:
        return list(encoder.encode(batch, role=role))

    def keep(fresh: Mapping[bytes, NDArray[np.float32]]) -> None:
        cache.put(encoder, role, fresh)

    digests = [text_digest(text) for text in texts]
    texts_by_digest = dict(zip(digests, texts, strict=True))
    vectors = cache.get(encoder, role, list(texts_by_digest))
    _complete(vectors, texts_by_digest, encode, keep, progress)
    encoded = np.empty((len(digests), encoder.dimension), dtype=np.float32)
    for row, digest in enumerate(digests):
        encoded[row] = vectors[digest]
    return encoded


def encode_closely_cached(
    encoder: Encoder, cache: EmbeddingCache, texts: Sequence[str], *, role: Role, progress: Update | None = None
) -> list[Encoded]:
    """Return vector and tokens of each of ``texts``; as ``encode_cached`` does, also where there are no tokens."""
    if not encoder.token_dimension:
        vectors = encode_cached(encoder, cache, texts, role=role, progress=progress)
        return [Encoded(vector, TokenVectors.none()) for vector in vectors]

    def encode(batch: Sequence[str]) -> Sequence[Encoded]:
        return encoder.encode_with_tokens(batch, role=role)

    def keep(fresh: Mapping[bytes, Encoded]) -> None:
        cache.put(encoder, role, {digest: each.vector for digest, each in fresh.items()})
        cache.put_tokens(encoder, role, {digest: each.tokens for digest, each in fresh.items()})

    digests = [text_digest(text) for text in texts]
    texts_by_digest = dict(zip(digests, texts, strict=True))
    encoded = _known(encoder, cache, role, list(texts_by_digest))
    _complete(encoded, texts_by_digest, encode, keep, progress)
    return [encoded[digest] for digest in digests]


def _known(encoder: Encoder, cache: EmbeddingCache, role: Role, digests: Sequence[bytes]) -> dict[bytes, Encoded]:
    vectors = cache.get(encoder, role, digests)
    tokens = cache.get_tokens(encoder, role, digests)
    return {digest: Encoded(vectors[digest], tokens[digest]) for digest in vectors.keys() & tokens.keys()}


def _complete(
    known: dict[bytes, T],
    texts: Mapping[bytes, str],
    encode: Callable[[Sequence[str]], Sequence[T]],
    keep: Callable[[Mapping[bytes, T]], None],
    progress: Update | None,
) -> None:
    """Add to what is known of some texts what the others give, encoded batch by batch; one is kept beside the next."""
    unknown = iter([digest for digest in texts if digest not in known])
    with ThreadPoolExecutor(1) as keeper:
        kept: Future[None] | None = None
        while batch := list(islice(unknown, _BATCH)):
            fresh = dict(zip(batch, encode([texts[digest] for digest in batch]), strict=True))
            if kept is not None:
                kept.result()
            kept = keeper.submit(keep, fresh)
            known.update(fresh)
            if progress:
                progress(len(known), len(texts))
        if kept is not None:
            kept.result()
