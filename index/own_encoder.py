"""The encoder in use: the packaged one, or the one that was fitted on this deployment's own solved cases.

Encoders fitted here lie in ``VAR/encoders/<name>``, and ``VAR/encoders/CURRENT`` names the one to build with. A
snapshot is served by the encoder that built it, so that a change of encoder takes effect with the next index and never
mixes vectors.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.durable import replace_file, sync_directory
from index.encoder import Encoder, EncoderError
from index.encoders import open_encoder
from index.settings import IndexSettings
from index.weights import ADAPTED, PACKAGED

CURRENT = "CURRENT"


def encoders_folder(settings: IndexSettings) -> Path:
    """Return where encoders fitted on own cases lie."""
    return settings.var / "encoders"


def use_own_encoder(settings: IndexSettings, name: str) -> None:
    """Let the next index be built with ``VAR/encoders/<name>``; happens wholly or not at all."""
    folder = encoders_folder(settings)
    replace_file(folder / CURRENT, f"{name}\n".encode())
    sync_directory(folder)


def set_encoder(settings: IndexSettings) -> Encoder:
    """Open the encoder to build with: the own one where one is in use and ``packaged`` is set, else what is set.

    Raises ``EncoderError`` when it cannot be opened.
    """
    own = _current(settings)
    return _onnx(own, settings) if own is not None else _named(settings.encoder, settings)


def encoder_that_built(fingerprint: str, settings: IndexSettings) -> Encoder | None:
    """Open the encoder whose fingerprint a snapshot names; ``None`` where no encoder known here has it.

    With an encoder other than ``packaged`` set, none but that one comes into question. Raises ``EncoderError`` when a
    matching one is damaged.
    """
    if settings.encoder != "packaged":
        encoder = set_encoder(settings)
        return encoder if encoder.fingerprint == fingerprint else None
    from index.encoders.onnx import fingerprint_of

    for folder in _known(settings):
        try:
            found = fingerprint_of(folder)
        except EncoderError:
            continue
        if found == fingerprint:
            return _onnx(folder, settings)
    return None


def _known(settings: IndexSettings) -> Iterator[Path]:
    yield settings.models / ADAPTED
    yield settings.models / PACKAGED
    folder = encoders_folder(settings)
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _current(settings: IndexSettings) -> Path | None:
    pointer = encoders_folder(settings) / CURRENT
    if settings.encoder != "packaged" or not pointer.is_file():
        return None
    folder = pointer.parent / pointer.read_text(encoding="utf-8").strip()
    if folder.parent != pointer.parent or not folder.is_dir():
        raise EncoderError(
            f"{pointer} names {folder.name!r}, which is no encoder in {pointer.parent}: delete the "
            "file to go back to the packaged encoder"
        )
    return folder


def _onnx(folder: Path, settings: IndexSettings) -> Encoder:
    from index.encoders.onnx import OnnxEncoder

    return OnnxEncoder(folder, threads=settings.threads)


def _named(name: str, settings: IndexSettings) -> Encoder:
    return open_encoder(name, settings.models, threads=settings.threads)
