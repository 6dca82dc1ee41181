"""The encoders, and the one place that chooses among them."""

from __future__ import annotations

from pathlib import Path

from index.encoder import Encoder
from index.weights import ADAPTED, PACKAGED

_BUILT = {"packaged": ADAPTED, "plain": PACKAGED}


def open_encoder(name: str, models: Path, *, threads: int = 2, many: bool = False) -> Encoder:
    """Open the encoder called ``name``; ``threads`` is the number of cores that it may use.

    With ``many`` it is made for long lists of texts, as a build has them, rather than for one text at a time.
    ``packaged`` is the int8 ONNX model below ``models`` with the shipped adapter merged into it, ``plain`` the one
    without, ``toy`` the one without weights; anything else is a sentence-transformers model: a folder, a folder's name
    below ``models``, or a name that the library can fetch.
    Raises `EncoderError` when it cannot be opened.
    """
    # Imported by need: serving must not load PyTorch, and tests with the toy must not load onnxruntime.
    if name == "toy":
        from index.encoders.toy import ToyEncoder

        return ToyEncoder()
    if name in _BUILT:
        from index.encoders.onnx import OnnxEncoder

        return OnnxEncoder(models / _BUILT[name], threads=threads, many=many)
    from index.encoders.sentence_transformer import SentenceTransformerEncoder

    folder = models / name
    return SentenceTransformerEncoder(str(folder) if folder.is_dir() else name, threads=threads)
