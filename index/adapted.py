"""The packaged encoder with an adapter merged into it: a folder like the plain one, and as fast."""

from __future__ import annotations

from pathlib import Path

from index import checksums
from index.adapter import Adapter, merge
from index.checksums import CHECKSUMS
from index.durable import hash_file
from index.model_folder import Report, ensure_folder

# Raise it when the code that merges changes what it builds: folders of another recipe are built again.
RECIPE = "3"


def ensure_adapted(plain: Path, adapter: Adapter, folder: Path, report: Report) -> None:
    """Build ``folder`` out of the folder ``plain`` and an adapter, unless it is whole and made of just these.

    ``report`` receives progress for people. Raises ``AdapterError`` where the adapter does not fit.
    """
    made_of = {"recipe": RECIPE, "plain_sha256": _weights_of(plain), **adapter.facts}

    def build(building: Path, tell: Report) -> None:
        # Imported here: checking a built folder must not take the seconds that importing PyTorch takes.
        from index import export

        with export.quiet():
            tell(f"  {plain.name} with the adapter {adapter.folder.name}")
            merge(plain, adapter, building)
            tell("  int8 ONNX")
            export.export_for_serving(building)
            tell("  checksums")
            export.seal(building, made_of)

    ensure_folder(folder, made_of, build, report)


def _weights_of(plain: Path) -> str:
    """Return the SHA-256 of the plain weights, from their checksums where these were written."""
    name = "model.safetensors"
    if (plain / CHECKSUMS).is_file():
        return checksums.read(plain).files[name].sha256
    return hash_file(plain / name)
