"""From a text to the numbers of its pieces, as the packaged encoder reads it: a normal form, then SentencePiece.

The same vocabulary in Hugging Face's `tokenizers` takes nine times the memory, twice as long to open and six times as
long to read a text (docs/adr/0021-sentencepiece.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentencepiece import SentencePieceProcessor

from index.encoder import Role

# What the vocabulary was trained on: SentencePiece's nmt_nfkc drops these controls and reads these marks as blanks.
DROPPED = "[\u0000-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]"
BLANKS = "[\\s\u200b-\u200f\u2581\ufeff\ufffd]+"
# A customer who writes "</s>" means these characters, not the end of the text.
MARKERS = "<(?=(?:/?s|pad|unk|mask)>)"

_DROPPED, _BLANKS, _MARKERS = re.compile(DROPPED), re.compile(BLANKS), re.compile(MARKERS)


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a prompt and a text between two markers: ``ids`` int64 (t,); ``own`` are the text's.

    The blank before its first word, where it stands alone, is none of them.
    """

    ids: NDArray[np.int64]
    own: slice


class PieceReader:
    """Reads texts with a vocabulary in SentencePiece's form. Safe to share between threads.

    At most ``most`` pieces of a text are read, prompt and markers included.
    """

    def __init__(self, path: Path, prompts: Mapping[Role, str], most: int) -> None:
        self._processor = SentencePieceProcessor(model_file=str(path))
        self._begin, self._end = self._processor.bos_id(), self._processor.eos_id()
        self._prompts = {role: self._read(prompt) for role, prompt in prompts.items()}
        self._blank = self._processor.piece_to_id("▁")
        self._most = most

    def read(self, role: Role, text: str) -> Pieces:
        """Return the pieces of a text behind the prompt of its role."""
        before = [self._begin, *self._prompts[role]]
        own = self._read(text)
        first = len(before) + (own[:1] == [self._blank])
        ids = [*before, *own][: self._most - 1]
        return Pieces(ids=np.array([*ids, self._end], dtype=np.int64), own=slice(first, len(ids)))

    def _read(self, text: str) -> list[int]:
        found: list[int] = self._processor.encode(normal_form(text), out_type=int)
        return found


def normal_form(text: str) -> str:
    """Return a text as the vocabulary knows it: NFKC, without controls, every blank one space, none at the end."""
    text = _DROPPED.sub("", unicodedata.normalize("NFKC", text))
    return _MARKERS.sub("< ", _BLANKS.sub(" ", text)).rstrip()
