"""Reads the packed weights of a small BERT encoder: the ``E5S1`` file layout, little endian.

The file holds a header, a SentencePiece Unigram vocabulary, a normalisation map (not needed here) and named tensors,
stored as 32-bit floats or as 4-bit blocks: one half-precision scale and 16 bytes for 32 weights, low nibbles first,
each minus 8.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"E5S1"
BLOCK = 32
_BLOCK_BYTES = 18
_FLOAT32, _FOUR_BIT = 0, 1


class PackedWeightsError(ValueError):
    """A packed weights file does not follow the layout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Sizes of the encoder, as its header states them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_eps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Unigram pieces with their log probabilities, in the order of their ids, and the special ids."""

    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedWeights:
    """A parsed file; tensors are flat float32 arrays by name (``emb.word``, ``l0.q.w``, ...)."""

    shape: Shape
    vocabulary: Vocabulary
    tensors: Mapping[str, NDArray[np.float32]]


@dataclass(slots=True)
class _Cursor:
    data: bytes
    at: int = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        packed = struct.Struct("<" + layout)
        return packed.unpack(self.bytes(packed.size))

    def bytes(self, size: int) -> bytes:
        chunk = span(self.data, self.at, size)
        self.at += size
        return chunk


def span(data: bytes, start: int, size: int) -> bytes:
    """Return ``size`` bytes from ``start``; raise `PackedWeightsError` when the file ends before."""
    if start + size > len(data):
        raise PackedWeightsError(f"file ends at byte {len(data)}, but bytes {start} to {start + size} are referred to")
    return data[start : start + size]


def parse(data: bytes) -> PackedWeights:
    """Parse a whole file; raise `PackedWeightsError` when it does not follow the layout."""
    cursor = _Cursor(data)
    magic = cursor.bytes(4)
    if magic != MAGIC:
        raise PackedWeightsError(f"file starts with {magic!r}, expected {MAGIC!r}")
    (version,) = cursor.take("I")
    if version != 1:
        raise PackedWeightsError(f"layout version is {version}, expected 1")
    shape = _read_shape(cursor)
    vocabulary = _read_vocabulary(cursor)
    _, map_bytes = cursor.take("iI")
    cursor.bytes(map_bytes)
    return PackedWeights(shape=shape, vocabulary=vocabulary, tensors=dict(_read_tensors(cursor)))


def _read_shape(cursor: _Cursor) -> Shape:
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types, eps, block = cursor.take("7ifi")
    if block != BLOCK:
        raise PackedWeightsError(f"blocks hold {block} weights, expected {BLOCK}")
    return Shape(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        vocabulary=vocabulary,
        positions=positions,
        token_types=token_types,
        layer_norm_eps=eps,
    )


def _read_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unk, blob_bytes = cursor.take("5iQ")
    offsets = np.frombuffer(cursor.bytes(4 * (count + 1)), dtype="<u4").tolist()
    scores = np.frombuffer(cursor.bytes(4 * count), dtype="<f4")
    blob = cursor.bytes(blob_bytes)
    try:
        pieces = tuple(blob[start:end].decode("utf-8") for start, end in pairwise(offsets))
    except UnicodeDecodeError as error:
        raise PackedWeightsError(f"vocabulary holds a piece that is not UTF-8: {error}") from error
    return Vocabulary(pieces=pieces, scores=scores, bos=bos, eos=eos, pad=pad, unk=unk)


def _read_tensors(cursor: _Cursor) -> Iterator[tuple[str, NDArray[np.float32]]]:
    (count,) = cursor.take("i")
    for _ in range(count):
        (name_bytes,) = cursor.take("H")
        name = cursor.bytes(name_bytes).decode("utf-8")
        kind, elements, offset, size = cursor.take("BIQQ")
        values = _unpack(name, kind, span(cursor.data, offset, size))
        if values.size != elements:
            raise PackedWeightsError(f"tensor {name} holds {values.size} weights, but {elements} are stated")
        yield name, values


def _unpack(name: str, kind: int, raw: bytes) -> NDArray[np.float32]:
    if kind == _FLOAT32:
        return np.frombuffer(raw, dtype="<f4").astype(np.float32)
    if kind == _FOUR_BIT:
        return unpack_four_bit(raw)
    raise PackedWeightsError(f"tensor {name} has type {kind}, expected {_FLOAT32} or {_FOUR_BIT}")


def unpack_four_bit(raw: bytes) -> NDArray[np.float32]:
    """Return the weights of 4-bit blocks, shape (32 * blocks,): ``(nibble - 8) * scale``, low nibbles first."""
    if len(raw) % _BLOCK_BYTES:
        raise PackedWeightsError(f"{len(raw)} bytes of 4-bit weights are no multiple of {_BLOCK_BYTES}")
    blocks = np.frombuffer(raw, dtype=np.uint8).reshape(-1, _BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4], axis=1)
    weights: NDArray[np.float32] = (nibbles.astype(np.float32) - np.float32(8)) * scales
    return weights.reshape(-1)
