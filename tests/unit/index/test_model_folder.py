from __future__ import annotations

import fcntl
import threading
import time
from pathlib import Path

import pytest

from index import checksums
from index.durable import hash_file
from index.model_folder import Build, Report, ensure_folder, verify

MADE_OF = {"recipe": "1", "adapter_sha256": "a" * 64}


def write_model(folder: Path, content: bytes, made_of: dict[str, str] = MADE_OF) -> None:
    (folder / "onnx").mkdir(parents=True)
    (folder / "onnx" / "model").write_bytes(content)
    checksums.write(folder, {**made_of, "torch": "2"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder like a built one, but for its content."""
    folder = tmp_path / "models" / "encoder"
    write_model(folder, b"model")
    return folder


def build_fresh(building: Path, report: Report) -> None:
    write_model(building, b"fresh")


def fail(building: Path, report: Report) -> None:
    write_model(building, b"fresh")
    raise OSError("disk full")


def ensured(folder: Path, build: Build = build_fresh) -> list[str]:
    """Run ``ensure_folder`` and return what it reports."""
    lines: list[str] = []
    ensure_folder(folder, MADE_OF, build, lines.append)
    return lines


def content(folder: Path) -> bytes:
    return (folder / "onnx" / "model").read_bytes()


def folders_beside(folder: Path) -> list[str]:
    return [path.name for path in folder.parent.iterdir() if path.is_dir()]


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[0] ^= 1
    path.write_bytes(raw)


def test_an_untouched_folder_has_no_problems(folder: Path) -> None:
    assert verify(folder) == []


@pytest.mark.parametrize(
    ("damage", "found"),
    [(Path.unlink, "no such file"), (shorten, "4 bytes"), (flip, "found sha256")],
    ids=["missing", "cut", "flipped"],
)
def test_damage_is_named_with_file_and_hashes(folder: Path, damage, found: str) -> None:
    model = folder / "onnx" / "model"
    expected = hash_file(model)
    damage(model)

    (problem,) = verify(folder)

    assert problem.file == model
    assert expected in str(problem)
    assert found in str(problem)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": {"a": 1}, "built_with": {}}', '{"files": 3}'])
def test_broken_checksums_are_a_problem_not_a_crash(folder: Path, text: str) -> None:
    (folder / checksums.CHECKSUMS).write_text(text)

    (problem,) = verify(folder)

    assert problem.file == folder / checksums.CHECKSUMS


def test_what_is_whole_and_made_of_the_same_is_not_built_again(folder: Path) -> None:
    lines = ensured(folder)

    assert content(folder) == b"model"
    assert lines == [f"{folder} is complete and unchanged"]


def test_what_is_damaged_is_named_and_built_again(folder: Path) -> None:
    flip(folder / "onnx" / "model")

    lines = ensured(folder)

    assert str(folder / "onnx" / "model") in lines[0]
    assert verify(folder) == []
    assert content(folder) == b"fresh"
    assert folders_beside(folder) == ["encoder"]


@pytest.mark.parametrize(
    "made_of", [{}, {**MADE_OF, "recipe": "0"}, {**MADE_OF, "adapter_sha256": "b" * 64}], ids=["?", "recipe", "adapter"]
)
def test_what_is_made_of_something_else_is_built_again(tmp_path: Path, made_of: dict[str, str]) -> None:
    write_model(tmp_path / "encoder", b"model", made_of)

    ensured(tmp_path / "encoder")

    assert content(tmp_path / "encoder") == b"fresh"


def test_what_is_missing_is_built_in_spite_of_what_a_killed_build_left(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "encoder"
    write_model(folder.with_name(".encoder.building"), b"half")
    write_model(folder.with_name(".encoder.replaced"), b"old")

    ensured(folder)

    assert content(folder) == b"fresh"
    assert folders_beside(folder) in (["encoder"], ["encoder", ".encoder.replaced"], [".encoder.replaced", "encoder"])


def test_a_failed_build_leaves_the_old_folder_and_no_rubbish(folder: Path) -> None:
    flip(folder / "onnx" / "model")
    before = content(folder)

    with pytest.raises(OSError, match="disk full"):
        ensured(folder, fail)

    assert content(folder) == before
    assert folders_beside(folder) == ["encoder"]


def test_two_processes_do_not_build_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    lines: list[str] = []
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = threading.Thread(target=ensure_folder, args=(folder, MADE_OF, build_fresh, lines.append))
        second.start()
        while not lines:
            time.sleep(0.01)
        write_model(folder, b"by the first")
    second.join()

    assert "waiting for it" in lines[0]
    assert content(folder) == b"by the first"
