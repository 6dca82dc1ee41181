from __future__ import annotations

import importlib.metadata
import platform
from pathlib import Path

import numpy as np
import pytest

from index import adapted, checksums, export, weights
from index.adapter import ADAPTER_CONFIG, ADAPTER_WEIGHTS, Adapter
from index.durable import hash_file
from index.encoder import EncoderError
from index.encoders import open_encoder
from index.encoders.onnx import MODEL_FILE, TOKENIZER_FILE, OnnxEncoder
from index.model_folder import Report, verify
from tests.tiny_encoder import write_tiny_encoder

ROOT = Path(__file__).parents[3]


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[0] ^= 1
    path.write_bytes(raw)


@pytest.mark.parametrize("damage", [Path.unlink, shorten, flip], ids=["missing", "cut", "flipped"])
@pytest.mark.parametrize("name", [MODEL_FILE, TOKENIZER_FILE])
@pytest.mark.parametrize(("encoder", "folder"), [("packaged", weights.ADAPTED), ("plain", weights.PACKAGED)])
def test_the_encoder_parses_nothing_that_is_damaged(
    tmp_path: Path, encoder: str, folder: str, name: str, damage
) -> None:
    write_tiny_encoder(tmp_path / folder, seed=1)
    assert open_encoder(encoder, tmp_path).name == folder
    damage(tmp_path / folder / name)

    with pytest.raises(EncoderError, match=r"expected .*sha256 .*found .*make setup") as caught:
        open_encoder(encoder, tmp_path)

    assert str(tmp_path / folder / name) in str(caught.value)


def test_the_encoder_names_the_remedy_when_nothing_is_built(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="make setup"):
        OnnxEncoder(tmp_path / "nowhere")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of the shipped adapter."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / ADAPTER_CONFIG).write_text("{}")
    (folder / ADAPTER_WEIGHTS).write_bytes(b"adapter")
    monkeypatch.setattr(weights, "SHIPPED", folder)
    return folder


@pytest.fixture
def cheap_build(monkeypatch: pytest.MonkeyPatch, shipped: Path) -> None:
    """Let builds write one small file, so that what surrounds them can be tried quickly."""

    def build_files(raw: bytes, building: Path, report: Report) -> None:
        building.mkdir()
        (building / "model.safetensors").write_bytes(raw)
        checksums.write(building, {"recipe": weights.RECIPE})

    def merge(plain: Path, adapter: Adapter, target: Path) -> None:
        target.mkdir()
        both = (plain / "model.safetensors").read_bytes() + (adapter.folder / ADAPTER_WEIGHTS).read_bytes()
        (target / "model.safetensors").write_bytes(both)

    monkeypatch.setattr(weights, "locate_source", lambda: Path("source"))
    monkeypatch.setattr(weights, "read_source", lambda path: b"weights, ")
    monkeypatch.setattr(weights, "_build_files", build_files)
    monkeypatch.setattr(adapted, "merge", merge)
    monkeypatch.setattr(export, "export_for_serving", lambda folder: folder)


def times_of(*folders: Path) -> list[int]:
    return [(folder / checksums.CHECKSUMS).stat().st_mtime_ns for folder in folders]


@pytest.mark.usefixtures("cheap_build")
def test_the_command_builds_the_plain_folder_and_the_adapted_one_out_of_it(tmp_path: Path) -> None:
    models = tmp_path / "models"

    assert weights.main(["--models", str(models)]) == 0

    plain, with_adapter = models / weights.PACKAGED, models / weights.ADAPTED
    assert (plain / "model.safetensors").read_bytes() == b"weights, "
    assert (with_adapter / "model.safetensors").read_bytes() == b"weights, adapter"
    assert verify(plain) == verify(with_adapter) == []
    made_of = checksums.read(with_adapter).built_with
    assert made_of["plain_sha256"] == hash_file(plain / "model.safetensors")
    assert sorted(path.name for path in models.iterdir()) == [".lock", weights.PACKAGED, weights.ADAPTED]


@pytest.mark.usefixtures("cheap_build")
def test_the_command_leaves_alone_what_is_complete(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = [tmp_path / weights.PACKAGED, tmp_path / weights.ADAPTED]
    weights.main(["--models", str(tmp_path)])
    before = times_of(*folders)
    capsys.readouterr()

    assert weights.main(["--models", str(tmp_path)]) == 0

    assert times_of(*folders) == before
    assert capsys.readouterr().err.count("is complete and unchanged") == 2


@pytest.mark.usefixtures("cheap_build")
def test_another_adapter_is_merged_with_the_plain_folder_that_is_there(tmp_path: Path, shipped: Path) -> None:
    weights.main(["--models", str(tmp_path)])
    before = times_of(tmp_path / weights.PACKAGED)
    (shipped / ADAPTER_WEIGHTS).write_bytes(b"newer")

    assert weights.main(["--models", str(tmp_path)]) == 0

    assert times_of(tmp_path / weights.PACKAGED) == before
    assert (tmp_path / weights.ADAPTED / "model.safetensors").read_bytes() == b"weights, newer"


@pytest.mark.usefixtures("cheap_build")
def test_a_failed_build_ends_the_command_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(raw: bytes, building: Path, report: Report) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(weights, "_build_files", fail)

    assert weights.main(["--models", str(tmp_path)]) == 1
    assert "error: disk full" in capsys.readouterr().err


@pytest.mark.usefixtures("cheap_build")
def test_a_missing_adapter_ends_the_command_with_the_file_and_keeps_the_plain_folder(
    tmp_path: Path, shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shipped / ADAPTER_WEIGHTS).unlink()

    assert weights.main(["--models", str(tmp_path)]) == 1

    assert str(shipped / ADAPTER_WEIGHTS) in capsys.readouterr().err
    assert verify(tmp_path / weights.PACKAGED) == []


def test_an_exchanged_package_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"E5S1 or so")

    with pytest.raises(weights.WeightsError, match=weights.WEIGHTS_SHA256):
        weights.read_source(path)


@pytest.mark.parametrize(("machine", "message"), [("x86_64", "make setup"), ("aarch64", "x86-64 only.*aarch64")])
def test_a_missing_package_is_explained(monkeypatch: pytest.MonkeyPatch, machine: str, message: str) -> None:
    def missing(name: str) -> importlib.metadata.Distribution:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", missing)
    monkeypatch.setattr(platform, "machine", lambda: machine)

    with pytest.raises(weights.WeightsError, match=message):
        weights.locate_source()


@pytest.mark.model
@pytest.mark.parametrize("name", [weights.PACKAGED, weights.ADAPTED])
def test_the_built_folder_is_what_its_checksums_say(name: str) -> None:
    folder = ROOT / "models" / name
    if not folder.exists():
        pytest.skip(f"{folder} is not built: run make setup")

    assert verify(folder) == []
    assert np.isin([MODEL_FILE, TOKENIZER_FILE, "model.safetensors"], list(checksums.read(folder).files)).all()
