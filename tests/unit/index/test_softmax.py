from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from index.softmax import fit_softmax


def _made(size: int) -> tuple[csr_matrix, np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Three classes: one told by a sparse feature, one by a dense one, one by neither."""
    chance = np.random.default_rng(2)
    classes = chance.integers(3, size=size)
    words = (chance.random((size, 40)) < 0.1).astype(np.float32)
    words[:, 0] = classes == 1
    dense = chance.normal(size=(size, 5)).astype(np.float32)
    dense[:, 0] = np.where(classes == 2, 3.0, 0.0)
    return csr_matrix(words), dense, classes.astype(np.int64)


def test_both_kinds_of_features_are_learned() -> None:
    sparse, dense, classes = _made(2000)
    model = fit_softmax(sparse, dense, classes, 3)
    logits = sparse @ model.effects + dense @ model.weights + model.bias
    assert (logits.argmax(axis=1) == classes).mean() > 0.9
    assert model.effects[0].argmax() == 1
    assert model.weights[0].argmax() == 2


def test_the_same_examples_give_the_same_model() -> None:
    one, other = fit_softmax(*_made(300), 3), fit_softmax(*_made(300), 3)
    assert np.array_equal(one.effects, other.effects)
    assert np.array_equal(one.weights, other.weights)


def test_a_feature_that_never_occurs_has_no_effect() -> None:
    sparse, dense, classes = _made(300)
    wider = csr_matrix((sparse.data, sparse.indices, sparse.indptr), shape=(300, 41))
    assert not fit_softmax(wider, dense, classes, 3).effects[40].any()


def test_nothing_to_learn_from_is_told() -> None:
    sparse, dense, classes = _made(10)
    with pytest.raises(ValueError, match="found no example"):
        fit_softmax(sparse[:0], dense[:0], classes[:0], 3)
