"""The encoder in use: the packaged one, or the one that was fitted on this deployment's own solved cases.

Encoders fitted here lie in ``VAR/encoders/<name>``, and ``VAR/encoders/CURRENT`` names the one to build with. A
snapshot is served by the encoder that built it, so that a change of encoder takes effect with the next index and never
mixes vectors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


def retire_own_encoder(settings: IndexSettings) -> None:
    """Let the next index be built with the packaged encoder again; what was built with another goes on serving."""
    folder = encoders_folder(settings)
    if folder.is_dir():
        (folder / CURRENT).unlink(missing_ok=True)
        sync_directory(folder)


def own_encoders(settings: IndexSettings) -> tuple[Path, ...]:
    """Return the folders of all encoders fitted here, and of unfinished fits."""
    folder = encoders_folder(settings)
    return tuple(sorted(path for path in folder.iterdir() if path.is_dir())) if folder.is_dir() else ()


def own_name(fingerprint: str) -> str:
    """Return the name that an encoder fitted here is kept under."""
    return f"own-{fingerprint[:12]}"


def set_encoder(settings: IndexSettings, *, many: bool = False) -> Encoder:
    """Open the encoder to build with: the own one where one is in use and ``packaged`` is set, else what is set.

    With ``many`` it is made for long lists of texts; see ``index.encoders.open_encoder``.
    Raises ``EncoderError`` when it cannot be opened.
    """
    own = encoder_in_use(settings)
    if own is not None:
        return _onnx(own, settings, many=many)
    return open_encoder(settings.encoder, settings.models, threads=settings.threads, many=many)


def encoder_in_use(settings: IndexSettings) -> Path | None:
    """Return the folder of the own encoder to build with; ``None`` where none is in use or another encoder is set.

    Raises ``EncoderError`` when the pointer names none that is there.
    """
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


def encoder_that_built(fingerprint: str, settings: IndexSettings) -> Encoder | None:
    """Open the encoder whose fingerprint a snapshot names; ``None`` where no encoder known here has it.

    Whatever is set to build with, a snapshot built with an encoder that is kept here can serve, so that a change of
    the setting takes effect with the next index and not with the next start. Raises ``EncoderError`` when a matching
    one is damaged, naming its files. `encoders_here` tells what there is instead.
    """
    # The one without weights is at hand at once; any other that is set has to be opened to know it.
    if settings.encoder == "toy" and (toy := set_encoder(settings)).fingerprint == fingerprint:
        return toy
    kept = _kept(fingerprint, settings)
    if kept is not None or settings.encoder in ("packaged", "plain", "toy"):
        return kept
    encoder = set_encoder(settings)
    return encoder if encoder.fingerprint == fingerprint else None


def _kept(fingerprint: str, settings: IndexSettings) -> Encoder | None:
    for folder in _known(settings):
        try:
            found = _fingerprint_of(folder)
        except EncoderError:
            continue
        if found == fingerprint:
            return _onnx(folder, settings)
    return None


def encoders_here(settings: IndexSettings) -> Mapping[Path, str]:
    """Return, by folder, the first digits of the fingerprint of each encoder kept here, or why it has none."""
    found = {}
    for folder in _known(settings):
        try:
            found[folder] = f"holds {_fingerprint_of(folder)[:12]}"
        except EncoderError as error:
            found[folder] = str(error)
    return found


def _fingerprint_of(folder: Path) -> str:
    # Imported by need: tests with the toy must not load onnxruntime.
    from index.encoders.onnx import fingerprint_of

    return fingerprint_of(folder)


def _known(settings: IndexSettings) -> Iterator[Path]:
    yield settings.models / ADAPTED
    yield settings.models / PACKAGED
    folder = encoders_folder(settings)
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _onnx(folder: Path, settings: IndexSettings, *, many: bool = False) -> Encoder:
    from index.encoders.onnx import OnnxEncoder

    return OnnxEncoder(folder, threads=settings.threads, many=many)
