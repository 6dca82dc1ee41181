from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.blobs import blob_of
from index.token_basis import DIMENSION, DROPPED, fit_basis, read_basis
from index.tokens import Floats

HIDDEN = 12


def _texts(seed: int = 1) -> Iterator[Floats]:
    """States of some texts whose energy falls from one component to the next."""
    chance = np.random.default_rng(seed)
    for _ in range(200):
        yield (chance.normal(size=(20, HIDDEN)) * 0.7 ** np.arange(HIDDEN)).astype(np.float32)


def test_directions_are_orthogonal_and_of_length_1() -> None:
    basis = fit_basis(_texts(), dimension=6, dropped=2)
    assert basis.shape == (HIDDEN, 6)
    assert basis.dtype == np.float32
    assert np.allclose(basis.T @ basis, np.eye(6), atol=1e-5)


def test_the_largest_directions_are_left_out_and_the_next_ones_kept() -> None:
    # The components themselves are the directions, the largest first.
    kept = np.abs(fit_basis(_texts(), dimension=3, dropped=2))
    assert kept.argmax(axis=0).tolist() == [2, 3, 4]
    assert kept.max(axis=0).min() > 0.9


def test_the_sign_is_fixed_by_the_largest_component() -> None:
    def turned() -> Iterator[Floats]:
        return (-each for each in _texts())

    basis = fit_basis(_texts(), dimension=6, dropped=2)
    assert (basis[np.abs(basis).argmax(axis=0), np.arange(6)] > 0).all()
    assert np.array_equal(fit_basis(turned(), dimension=6, dropped=2), basis)


def test_equal_texts_give_the_same_bits() -> None:
    assert np.array_equal(fit_basis(_texts(), dimension=6), fit_basis(_texts(), dimension=6))
    assert not np.array_equal(fit_basis(_texts(), dimension=6), fit_basis(_texts(seed=2), dimension=6))


def test_every_token_counts_the_same_however_large_its_state() -> None:
    def scaled() -> Iterator[Floats]:
        chance = np.random.default_rng(9)
        return (each * chance.uniform(0.01, 100, size=(len(each), 1)).astype(np.float32) for each in _texts())

    assert np.allclose(fit_basis(scaled(), dimension=6), fit_basis(_texts(), dimension=6), atol=1e-4)


def test_without_texts_there_is_nothing_to_fit() -> None:
    with pytest.raises(ValueError, match="found no text to fit a basis on, expected some hundreds"):
        fit_basis([])


def test_the_shipped_basis_is_orthonormal_and_of_the_shape_that_the_encoder_needs() -> None:
    basis = read_basis()
    assert basis.shape == (384, DIMENSION)
    assert np.allclose(basis.T @ basis, np.eye(DIMENSION), atol=1e-5)
    assert (basis[np.abs(basis).argmax(axis=0), np.arange(DIMENSION)] > 0).all()
    assert basis.shape[0] > DROPPED + DIMENSION


def test_a_basis_of_another_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "basis.npy"
    path.write_bytes(blob_of(np.eye(3, dtype=np.float64)))
    with pytest.raises(ValueError, match="float64"):
        read_basis(path)
