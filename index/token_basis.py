"""The directions in which token vectors are kept: fewer than the encoder has, and better told apart.

The states of a transformer's tokens share one or two directions in which they all are large and which tell nothing
("all but the top": Mu and Viswanath, arXiv 1702.01417). The basis leaves these out and keeps the next largest ones: a
third of the size compares as well as the whole. It is fitted on texts alone, never on who asked for what.

``python -m index.token_basis`` fits the shipped basis on the texts of ``corpus/training`` with the packaged encoder.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.blobs import array_of, blob_of
from index.durable import replace_file

DIMENSION = 128
DROPPED = 2
SHIPPED = Path(__file__).with_name("encoders") / "token_basis.npy"

Floats = NDArray[np.float32]


def read_basis(path: Path = SHIPPED) -> Floats:
    """Return the basis (hidden, DIMENSION), float32: states (t, hidden) times it are token vectors."""
    return array_of(path.read_bytes(), np.float32)


def fit_basis(states: Iterable[Floats], *, dimension: int = DIMENSION, dropped: int = DROPPED) -> Floats:
    """Return the directions of largest energy but the first ``dropped``, as columns of length 1.

    ``states`` (t, hidden) are those of the tokens of one text each; every token counts the same, at length 1. They
    are the eigenvectors of the second moments, not centred; the sign is such that the largest component is positive.
    """
    moments: NDArray[np.float64] | None = None
    for each in states:
        unit = each.astype(np.float64) / np.linalg.norm(each, axis=1, keepdims=True)
        moments = unit.T @ unit if moments is None else moments + unit.T @ unit
    if moments is None:
        raise ValueError("found no text to fit a basis on, expected some hundreds")
    _, vectors = np.linalg.eigh(moments)
    kept = vectors[:, ::-1][:, dropped : dropped + dimension]
    largest = kept[np.argmax(np.abs(kept), axis=0), np.arange(kept.shape[1])]
    basis: Floats = np.ascontiguousarray(kept * np.sign(largest), dtype=np.float32)
    return basis


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write the shipped basis; return 0."""
    parser = argparse.ArgumentParser(prog="python -m index.token_basis", description="Fit the basis of token vectors.")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the weights (default models)")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="file to write (default: the shipped one)")
    options = parser.parse_args(arguments)
    # Imported by need: the encoder itself reads the basis.
    from corpus.plain_passages import read_plain
    from corpus.training_problems import read_training
    from index.encoders.onnx import OnnxEncoder
    from index.weights import ADAPTED

    encoder = OnnxEncoder(options.models / ADAPTED)
    texts = [f"{each.title}\n{each.article}" for each in read_training()]
    texts += [each.passage for each in read_plain()]
    basis = fit_basis(encoder.token_states(text, role="passage") for text in texts)
    replace_file(options.out, blob_of(basis))
    print(f"wrote {options.out}: {basis.shape[0]} x {basis.shape[1]}, from {len(texts)} texts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
