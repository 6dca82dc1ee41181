"""Checksums of a folder of model files: written when it is built, checked before anything opens the files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.durable import hash_file

CHECKSUMS = "checksums.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSum:
    """Size in bytes and SHA-256 (hex) of one file."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One file that is not what the checksums say; ``expected`` and ``found`` are readable values."""

    file: Path
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.file}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checksums:
    """What a folder must hold: files by their path in it, and facts about how it was built."""

    files: Mapping[str, FileSum]
    built_with: Mapping[str, str]


def write(folder: Path, built_with: Mapping[str, str]) -> Checksums:
    """Hash every file below ``folder`` and write its ``checksums.json``."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / CHECKSUMS)
    sums = {
        path.relative_to(folder).as_posix(): FileSum(size=path.stat().st_size, sha256=hash_file(path)) for path in paths
    }
    document = {
        "built_with": dict(built_with),
        "files": {name: {"size": entry.size, "sha256": entry.sha256} for name, entry in sums.items()},
    }
    (folder / CHECKSUMS).write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return Checksums(files=sums, built_with=built_with)


def read(folder: Path) -> Checksums:
    """Read ``checksums.json``; raise ``OSError`` when it cannot be read, ``ValueError`` when it is malformed."""
    path = folder / CHECKSUMS
    document = json.loads(path.read_text(encoding="utf-8"))
    try:
        files = {str(name): _file_sum(entry) for name, entry in document["files"].items()}
        built_with = {str(key): str(value) for key, value in document["built_with"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is malformed: {error!r}") from error
    return Checksums(files=files, built_with=built_with)


def _file_sum(entry: Any) -> FileSum:
    if not isinstance(entry["size"], int) or not isinstance(entry["sha256"], str):
        raise TypeError("size must be a number and sha256 a text")
    return FileSum(size=entry["size"], sha256=entry["sha256"])


def compare(folder: Path, checksums: Checksums, names: Iterable[str] | None = None) -> list[Problem]:
    """Compare files (all, or those named) with the checksums: presence, then size, then SHA-256."""
    wanted = checksums.files if names is None else names
    problems = (_compare_file(folder / name, checksums.files.get(name)) for name in wanted)
    return [problem for problem in problems if problem]


def _compare_file(path: Path, expected: FileSum | None) -> Problem | None:
    if expected is None:
        return Problem(file=path, expected=f"an entry in {CHECKSUMS}", found="none")
    if not path.is_file():
        return Problem(file=path, expected=f"sha256 {expected.sha256}", found="no such file")
    size = path.stat().st_size
    if size != expected.size:
        return Problem(
            file=path,
            expected=f"{expected.size} bytes, sha256 {expected.sha256}",
            found=f"{size} bytes, sha256 {hash_file(path)}",
        )
    found = hash_file(path)
    return (
        None
        if found == expected.sha256
        else Problem(file=path, expected=f"sha256 {expected.sha256}", found=f"sha256 {found}")
    )
