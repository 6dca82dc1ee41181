"""Writes a vocabulary in SentencePiece's form, as `index.encoders.pieces` reads it. This is set-up code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sentencepiece import sentencepiece_model_pb2

_form: Any = sentencepiece_model_pb2  # its messages are made when it is imported: type checkers see none
_UNKNOWN, _CONTROL = 2, 3
_UNIGRAM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Markers:
    """The numbers of the pieces that stand for no characters."""

    begin: int
    end: int
    pad: int
    unknown: int


def pieces_file(scored: Iterable[tuple[str, float]], markers: Markers) -> bytes:
    """Return the model of a unigram vocabulary: pieces with their log probabilities, in the order of their numbers.

    It normalises nothing but blanks: that is done before.
    """
    model = _form.ModelProto()
    types = {markers.unknown: _UNKNOWN, **dict.fromkeys((markers.begin, markers.end, markers.pad), _CONTROL)}
    for number, (piece, score) in enumerate(scored):
        added = model.pieces.add()
        added.piece, added.score = piece, score
        if number in types:
            added.type = types[number]
    trained = model.trainer_spec
    trained.model_type, trained.vocab_size = _UNIGRAM, len(model.pieces)
    trained.bos_id, trained.eos_id, trained.pad_id = markers.begin, markers.end, markers.pad
    trained.unk_id, trained.unk_piece = markers.unknown, model.pieces[markers.unknown].piece
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = True
    model.normalizer_spec.escape_whitespaces = True
    return bytes(model.SerializeToString(deterministic=True))
