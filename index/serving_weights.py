"""Copies what serving needs of the encoder weights: ``python -m index.serving_weights --to DIR [--models DIR]``.

A built folder also holds the weights that the int8 model was made of, four times its size. The copy has the same
fingerprint, for that counts model and tokenizer alone, and checksums of its own.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from index import checksums, model_folder
from index.encoder import EncoderError
from index.weights import ADAPTED

# As in index.encoders.onnx, which would load onnxruntime to tell.
SERVED = ("onnx/model_int8.onnx", "onnx/sentencepiece.model")


def copy_served(source: Path, target: Path) -> Path:
    """Copy model and tokenizer of a built folder, which must be whole, into a new folder; raises ``EncoderError``."""
    problems = model_folder.verify(source)
    if problems:
        raise EncoderError("; ".join(map(str, problems)) + ": run make setup")
    if target.exists():
        raise EncoderError(
            f"{target} is there already, expected a name that is free: remove it, or name another folder"
        )
    for name in SERVED:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)
    checksums.write(target, checksums.read(source).built_with)
    return target


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 when the copy is whole, 1 when there is none."""
    parser = argparse.ArgumentParser(prog="python -m index.serving_weights", description="Copy what serving needs.")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the weights (default: models)")
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="the folder that ASSIST_MODELS will name")
    options = parser.parse_args(arguments)
    try:
        folder = copy_served(options.models / ADAPTED, options.to / ADAPTED)
    except (EncoderError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
