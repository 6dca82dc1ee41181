from __future__ import annotations

from pathlib import Path

import pytest

from index import checksums
from index.encoder import EncoderError
from index.encoders.onnx import MODEL_FILE, TOKENIZER_FILE, OnnxEncoder, fingerprint_of
from index.encoders.toy import ToyEncoder
from index.own_encoder import CURRENT, encoder_that_built, encoders_folder, set_encoder, use_own_encoder
from index.settings import IndexSettings
from index.weights import ADAPTED, PACKAGED
from tests.tiny_encoder import write_tiny_encoder


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    """A packaged, a plain and two own encoders, of which none is in use."""
    settings = IndexSettings(var=tmp_path / "var", models=tmp_path / "models", threads=1)
    folders = [settings.models / ADAPTED, settings.models / PACKAGED]
    folders += [encoders_folder(settings) / name for name in ("own-1", "own-2")]
    for seed, folder in enumerate(folders):
        write_tiny_encoder(folder, seed=seed)
    return settings


def own(settings: IndexSettings, name: str) -> Path:
    return encoders_folder(settings) / name


def test_without_an_own_encoder_the_packaged_one_is_opened(settings: IndexSettings) -> None:
    assert set_encoder(settings).name == ADAPTED


def test_without_any_state_the_packaged_one_is_opened(settings: IndexSettings, tmp_path: Path) -> None:
    assert set_encoder(IndexSettings(var=tmp_path / "empty", models=settings.models)).name == ADAPTED


def test_the_own_encoder_in_use_is_opened_until_another_is(settings: IndexSettings) -> None:
    use_own_encoder(settings, "own-1")
    assert set_encoder(settings).fingerprint == fingerprint_of(own(settings, "own-1"))

    use_own_encoder(settings, "own-2")
    assert set_encoder(settings).fingerprint == fingerprint_of(own(settings, "own-2"))


def test_deleting_the_pointer_goes_back_to_the_packaged_one(settings: IndexSettings) -> None:
    use_own_encoder(settings, "own-1")
    own(settings, CURRENT).unlink()

    assert set_encoder(settings).name == ADAPTED


@pytest.mark.parametrize("text", ["own-3", "", "\n", ".", "../models", "own-1/onnx", "/etc"])
def test_a_pointer_to_no_encoder_is_explained(settings: IndexSettings, text: str) -> None:
    own(settings, CURRENT).write_text(text)

    with pytest.raises(EncoderError, match="delete the file to go back") as caught:
        set_encoder(settings)

    assert str(own(settings, CURRENT)) in str(caught.value)


@pytest.mark.parametrize("name", [MODEL_FILE, TOKENIZER_FILE])
def test_a_damaged_own_encoder_is_not_opened(settings: IndexSettings, name: str) -> None:
    use_own_encoder(settings, "own-1")
    (own(settings, "own-1") / name).unlink()

    with pytest.raises(EncoderError, match="no such file"):
        set_encoder(settings)


@pytest.mark.parametrize(("encoder", "name"), [("toy", "toy-64"), ("plain", PACKAGED)])
def test_with_another_encoder_set_that_one_builds_and_what_the_kept_ones_built_goes_on_serving(
    settings: IndexSettings, encoder: str, name: str
) -> None:
    use_own_encoder(settings, "own-1")
    other = IndexSettings(var=settings.var, models=settings.models, encoder=encoder)

    assert set_encoder(other).name == name
    built_with = {
        name: set_encoder(other).fingerprint,
        "own-1": fingerprint_of(own(settings, "own-1")),
        ADAPTED: fingerprint_of(settings.models / ADAPTED),
    }
    for built_by, fingerprint in built_with.items():
        found = encoder_that_built(fingerprint, other)
        assert found is not None
        assert (found.name, found.fingerprint) == (built_by, fingerprint)
    assert encoder_that_built("f" * 64, other) is None


def test_a_kept_encoder_is_found_without_opening_the_other_model_that_is_set(settings: IndexSettings) -> None:
    other = IndexSettings(var=settings.var, models=settings.models, encoder="a-model-that-is-nowhere")

    found = encoder_that_built(fingerprint_of(settings.models / ADAPTED), other)

    assert found is not None
    assert found.name == ADAPTED


@pytest.mark.parametrize("in_use", [None, "own-1", "own-2"])
def test_every_kept_encoder_is_found_by_its_fingerprint(settings: IndexSettings, in_use: str | None) -> None:
    if in_use is not None:
        use_own_encoder(settings, in_use)

    for folder in (settings.models / ADAPTED, settings.models / PACKAGED, own(settings, "own-1")):
        found = encoder_that_built(fingerprint_of(folder), settings)
        assert found is not None
        assert (found.name, found.fingerprint) == (folder.name, fingerprint_of(folder))


def test_an_unknown_fingerprint_has_no_encoder(settings: IndexSettings) -> None:
    assert encoder_that_built("f" * 64, settings) is None
    assert encoder_that_built(ToyEncoder().fingerprint, settings) is None


def test_what_is_no_encoder_is_passed_over_in_the_search(settings: IndexSettings) -> None:
    fingerprint = fingerprint_of(own(settings, "own-2"))
    (settings.models / ADAPTED / checksums.CHECKSUMS).unlink()
    (settings.models / PACKAGED / checksums.CHECKSUMS).write_text("{}")
    checksums.write(own(settings, "a-note").parent, {})
    own(settings, "a-folder").mkdir()
    incomplete = own(settings, "own-1")
    (incomplete / MODEL_FILE).unlink()
    checksums.write(incomplete, {})

    found = encoder_that_built(fingerprint, settings)

    assert found is not None
    assert found.fingerprint == fingerprint


def test_an_encoder_that_is_just_being_fitted_is_not_found(settings: IndexSettings) -> None:
    fingerprint = fingerprint_of(own(settings, "own-1"))
    own(settings, "own-1").rename(own(settings, ".fitting-x"))

    assert encoder_that_built(fingerprint, settings) is None


def test_a_pointer_to_no_encoder_does_not_keep_the_one_that_built_from_serving(settings: IndexSettings) -> None:
    own(settings, CURRENT).write_text("own-3")

    found = encoder_that_built(fingerprint_of(settings.models / ADAPTED), settings)

    assert found is not None
    assert found.name == ADAPTED


def test_a_damaged_encoder_that_built_is_named(settings: IndexSettings) -> None:
    fingerprint = fingerprint_of(own(settings, "own-1"))
    (own(settings, "own-1") / MODEL_FILE).write_bytes(b"damaged")

    with pytest.raises(EncoderError) as caught:
        encoder_that_built(fingerprint, settings)

    assert str(own(settings, "own-1") / MODEL_FILE) in str(caught.value)


def test_the_fingerprint_of_a_folder_is_that_of_its_encoder_and_opens_no_file(settings: IndexSettings) -> None:
    folder = settings.models / ADAPTED
    encoder, shorter = OnnxEncoder(folder), OnnxEncoder(folder, max_tokens=32)
    (folder / MODEL_FILE).unlink()
    (folder / TOKENIZER_FILE).unlink()

    assert fingerprint_of(folder) == encoder.fingerprint
    assert fingerprint_of(folder, max_tokens=32) == shorter.fingerprint != encoder.fingerprint


def test_a_folder_without_an_encoder_has_no_fingerprint(settings: IndexSettings, tmp_path: Path) -> None:
    incomplete = settings.models / ADAPTED
    (incomplete / TOKENIZER_FILE).unlink()
    checksums.write(incomplete, {})

    with pytest.raises(EncoderError, match="make setup"):
        fingerprint_of(tmp_path / "nowhere")
    with pytest.raises(EncoderError, match=f"names no {TOKENIZER_FILE}"):
        fingerprint_of(incomplete)
