from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.e5s1 import PackedWeightsError, parse, unpack_four_bit

PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁grüß", "🙂")
SCORES = (0.0, 0.0, 0.0, 0.0, -3.5, -7.25)
BLOCK = struct.pack("<e", 0.5) + bytes([0x80 | low for low in range(16)])


@dataclass(kw_only=True)
class Tiny:
    """A tiny file in the layout; every part can be exchanged."""

    magic: bytes = b"E5S1"
    version: int = 1
    block: int = 32
    pieces: tuple[bytes, ...] = tuple(piece.encode() for piece in PIECES)
    tensors: list[tuple[str, int, int, bytes]] = field(
        default_factory=lambda: [("emb.ln.w", 0, 3, struct.pack("<3f", 1, -2, 0.25)), ("l0.q.w", 1, 32, BLOCK)]
    )

    def pack(self) -> bytes:
        head = self.magic + struct.pack("<I7ifi", self.version, 32, 1, 2, 64, 6, 16, 2, 1e-12, self.block)
        blob = b"".join(self.pieces)
        offsets = np.cumsum([0, *map(len, self.pieces)]).astype("<u4").tobytes()
        words = struct.pack("<5iQ", len(self.pieces), 0, 2, 1, 3, len(blob)) + offsets
        words += np.array(SCORES, dtype="<f4").tobytes() + blob
        normalisation = struct.pack("<iI", 1, 5) + b"12345"
        start = len(head + words + normalisation) + 4 + sum(2 + len(name) + 21 for name, *_ in self.tensors)
        return head + words + normalisation + self._directory(start) + b"".join(raw for *_, raw in self.tensors)

    def _directory(self, start: int) -> bytes:
        directory = struct.pack("<i", len(self.tensors))
        for name, kind, elements, raw in self.tensors:
            directory += struct.pack("<H", len(name)) + name.encode()
            directory += struct.pack("<BIQQ", kind, elements, start, len(raw))
            start += len(raw)
        return directory


def test_header_vocabulary_and_tensors_are_read() -> None:
    packed = parse(Tiny().pack())

    assert (packed.shape.hidden, packed.shape.layers, packed.shape.heads, packed.shape.feed_forward) == (32, 1, 2, 64)
    assert (packed.shape.vocabulary, packed.shape.positions, packed.shape.token_types) == (6, 16, 2)
    assert packed.shape.layer_norm_eps == pytest.approx(1e-12)
    assert packed.vocabulary.pieces == PIECES
    assert packed.vocabulary.scores.tolist() == list(SCORES)
    assert (packed.vocabulary.bos, packed.vocabulary.pad, packed.vocabulary.eos, packed.vocabulary.unk) == (0, 1, 2, 3)
    assert packed.tensors["emb.ln.w"].tolist() == [1, -2, 0.25]
    assert packed.tensors["l0.q.w"].shape == (32,)


def test_low_nibbles_come_first_each_minus_eight_times_the_scale() -> None:
    weights = unpack_four_bit(BLOCK)

    assert weights.dtype == np.float32
    assert weights[:16].tolist() == [(low - 8) * 0.5 for low in range(16)]
    assert weights[16:].tolist() == [0.0] * 16


@given(nibbles=st.lists(st.integers(0, 15), min_size=32, max_size=32), scale=st.floats(-4, 4, width=16))
def test_four_bit_weights_are_what_was_packed(nibbles: list[int], scale: float) -> None:
    raw = struct.pack("<e", scale) + bytes(
        low | high << 4 for low, high in zip(nibbles[:16], nibbles[16:], strict=True)
    )

    assert unpack_four_bit(raw).tolist() == [(nibble - 8) * scale for nibble in nibbles]


@pytest.mark.parametrize(
    ("tiny", "message"),
    [
        (Tiny(magic=b"GGUF"), r"starts with b'GGUF', expected b'E5S1'"),
        (Tiny(version=2), "version is 2, expected 1"),
        (Tiny(block=64), "blocks hold 64 weights, expected 32"),
        (Tiny(pieces=(b"\xff",) * 6), "not UTF-8"),
        (Tiny(tensors=[("a", 7, 1, b"1234")]), "type 7"),
        (Tiny(tensors=[("a", 0, 2, b"1234")]), "holds 1 weights, but 2"),
        (Tiny(tensors=[("a", 1, 32, BLOCK[:-1])]), "17 bytes"),
    ],
)
def test_what_does_not_follow_the_layout_is_named(tiny: Tiny, message: str) -> None:
    with pytest.raises(PackedWeightsError, match=message):
        parse(tiny.pack())


@given(data=st.data())
def test_a_file_cut_anywhere_is_refused(data: st.DataObject) -> None:
    whole = Tiny().pack()
    length = data.draw(st.integers(0, len(whole) - 1))

    with pytest.raises(PackedWeightsError):
        parse(whole[:length])
