from __future__ import annotations

import importlib.metadata
import platform
import shutil
from pathlib import Path

import numpy as np
import pytest

from index import checksums, weights
from index.durable import hash_file
from index.encoder import EncoderError
from index.encoders import open_encoder
from index.encoders.onnx import MODEL_FILE, TOKENIZER_FILE, OnnxEncoder

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder like the built one, but for its content."""
    folder = tmp_path / "models" / weights.PACKAGED
    (folder / "onnx").mkdir(parents=True)
    (folder / MODEL_FILE).write_bytes(b"model")
    (folder / TOKENIZER_FILE).write_bytes(b"tokenizer")
    checksums.write(folder, {"recipe": weights.RECIPE})
    return folder


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[0] ^= 1
    path.write_bytes(raw)


def test_an_untouched_folder_has_no_problems(folder: Path) -> None:
    assert weights.verify(folder) == []


@pytest.mark.parametrize(
    ("damage", "found"),
    [(Path.unlink, "no such file"), (shorten, "4 bytes"), (flip, "found sha256")],
    ids=["missing", "cut", "flipped"],
)
def test_damage_is_named_with_file_and_hashes(folder: Path, damage, found: str) -> None:
    expected = hash_file(folder / MODEL_FILE)
    damage(folder / MODEL_FILE)

    (problem,) = weights.verify(folder)

    assert problem.file == folder / MODEL_FILE
    assert expected in str(problem)
    assert found in str(problem)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": {"a": 1}, "built_with": {}}', '{"files": 3}'])
def test_broken_checksums_are_a_problem_not_a_crash(folder: Path, text: str) -> None:
    (folder / checksums.CHECKSUMS).write_text(text)

    (problem,) = weights.verify(folder)

    assert problem.file == folder / checksums.CHECKSUMS


@pytest.mark.parametrize("damage", [Path.unlink, shorten, flip], ids=["missing", "cut", "flipped"])
@pytest.mark.parametrize("name", [MODEL_FILE, TOKENIZER_FILE])
def test_the_encoder_parses_nothing_that_is_damaged(folder: Path, name: str, damage) -> None:
    damage(folder / name)

    with pytest.raises(EncoderError, match=r"expected .*sha256 .*found .*make setup") as caught:
        open_encoder("packaged", folder.parent)

    assert str(folder / name) in str(caught.value)


def test_the_encoder_names_the_remedy_when_nothing_is_built(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="make setup"):
        OnnxEncoder(tmp_path / "nowhere")


def built(folder: Path) -> list[str]:
    """Run ``ensure`` and return what it reports."""
    lines: list[str] = []
    weights.ensure(folder.parent, lines.append)
    return lines


@pytest.fixture
def cheap_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a build write one small file, so that what surrounds it can be tried quickly."""

    def build_files(raw: bytes, building: Path, report: weights.Report) -> None:
        building.mkdir()
        (building / "fresh").write_bytes(raw)
        checksums.write(building, {"recipe": weights.RECIPE})

    monkeypatch.setattr(weights, "locate_source", lambda: Path("source"))
    monkeypatch.setattr(weights, "read_source", lambda path: b"weights")
    monkeypatch.setattr(weights, "_build_files", build_files)


@pytest.mark.usefixtures("cheap_build")
def test_what_is_complete_is_not_built_again(folder: Path) -> None:
    lines = built(folder)

    assert (folder / MODEL_FILE).exists()
    assert lines == [f"{folder} is complete and unchanged"]


@pytest.mark.usefixtures("cheap_build")
def test_what_is_damaged_is_named_and_built_again(folder: Path) -> None:
    flip(folder / MODEL_FILE)

    lines = built(folder)

    assert str(folder / MODEL_FILE) in lines[0]
    assert weights.verify(folder) == []
    assert (folder / "fresh").read_bytes() == b"weights"
    assert [path.name for path in folder.parent.iterdir() if path.is_dir()] == [weights.PACKAGED]


@pytest.mark.usefixtures("cheap_build")
@pytest.mark.parametrize("state", ["missing", "other recipe", "left over"])
def test_what_is_missing_or_outdated_is_built(folder: Path, state: str) -> None:
    if state == "other recipe":
        checksums.write(folder, {"recipe": "0"})
    else:
        shutil.rmtree(folder)
    if state == "left over":
        (folder.parent / f".{weights.PACKAGED}.building").mkdir()

    built(folder)

    assert (folder / "fresh").exists()


@pytest.mark.usefixtures("cheap_build")
def test_a_failed_build_leaves_the_old_folder_and_no_rubbish(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(raw: bytes, building: Path, report: weights.Report) -> None:
        building.mkdir()
        raise OSError("disk full")

    monkeypatch.setattr(weights, "_build_files", fail)
    flip(folder / MODEL_FILE)

    assert weights.main(["--models", str(folder.parent)]) == 1
    assert [path.name for path in folder.parent.iterdir() if path.is_dir()] == [weights.PACKAGED]


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
def test_the_built_folder_is_what_its_checksums_say() -> None:
    folder = ROOT / "models" / weights.PACKAGED
    if not folder.exists():
        pytest.skip(f"{folder} is not built: run make setup")

    assert weights.verify(folder) == []
    assert np.isin([MODEL_FILE, TOKENIZER_FILE, "model.safetensors"], list(checksums.read(folder).files)).all()
