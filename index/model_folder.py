"""A folder of model files, built once and kept: whole, as it was built, or built anew."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from index import checksums
from index.checksums import CHECKSUMS, Problem

Report = Callable[[str], None]
Build = Callable[[Path, Report], None]


def verify(folder: Path) -> list[Problem]:
    """Compare a built folder with its checksums; an empty list means that every file is as it was built."""
    try:
        return checksums.compare(folder, checksums.read(folder))
    except (OSError, ValueError) as error:
        return [Problem(file=folder / CHECKSUMS, expected="readable checksums", found=str(error))]


def ensure_folder(folder: Path, made_of: Mapping[str, str], build: Build, report: Report) -> None:
    """Leave ``folder`` as it is where it is whole and was built with ``made_of``, else let ``build`` make it anew.

    ``build`` fills another folder, checksums included, which then takes its place: a failure leaves the old one.
    ``report`` receives progress for people.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _one_builder(folder.parent, report):
        problems = verify(folder) if folder.exists() else []
        for problem in problems:
            report(f"damaged: {problem}")
        if folder.exists() and not problems and _made_of(folder, made_of):
            report(f"{folder} is complete and unchanged")
        else:
            _build(folder, build, report)


def _made_of(folder: Path, wanted: Mapping[str, str]) -> bool:
    found = checksums.read(folder).built_with
    return all(found.get(name) == value for name, value in wanted.items())


@contextmanager
def _one_builder(models: Path, report: Report) -> Iterator[None]:
    with (models / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(f"another process builds the weights in {models}: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(folder: Path, build: Build, report: Report) -> None:
    started = time.monotonic()
    report(f"building {folder} (half a minute to a few minutes)")
    building = folder.with_name(f".{folder.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    try:
        build(building, report)
        _replace(folder, building)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    report(f"built {folder} in {time.monotonic() - started:.0f} s")


def _replace(folder: Path, building: Path) -> None:
    old = folder.with_name(f".{folder.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    building.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
