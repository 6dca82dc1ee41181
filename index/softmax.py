"""Softmax regression on sparse and dense features at once, by mini-batches: for heads with very many features.

scikit-learn's solvers go over all features in every step; here a step touches only the words of its batch, which makes
the fit several times faster, and a falling learning rate makes it better (ADR 11). Adam with decoupled decay
(Kingma and Ba, arXiv 1412.6980; Loshchilov and Hutter, arXiv 1711.05101).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import softmax

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

BATCH = 256
PASSES = 4
MOST_PASSES = 30
LEAST_STEPS = 400
"""Of a small history so many steps are made, by more passes."""
RATE = 3e-3
WARM_UP = 0.1
DECAY = 0.01
SEED = 0
_BETAS = (0.9, 0.999)
_EPSILON = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Softmax:
    """The parameters: ``effects`` (p, k) of sparse features, ``weights`` (d, k) of dense ones, ``bias`` (k,)."""

    effects: Floats
    weights: Floats
    bias: Floats


@dataclass(slots=True)
class _Moments:
    """A parameter that is learned, and the running means of its gradient and of the gradient's square."""

    values: Floats
    first: Floats = field(init=False)
    second: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.first, self.second = np.zeros_like(self.values), np.zeros_like(self.values)

    def step(self, gradient: Floats, rate: float, rows: Rows | slice) -> None:
        first = self.first[rows] * _BETAS[0] + (1 - _BETAS[0]) * gradient
        second = self.second[rows] * _BETAS[1] + (1 - _BETAS[1]) * gradient * gradient
        self.first[rows], self.second[rows] = first, second
        self.values[rows] -= np.float32(rate) * first / (np.sqrt(second) + np.float32(_EPSILON))


def fit_softmax(sparse: csr_matrix, dense: Floats, classes: Rows, count: int) -> Softmax:
    """Fit ``count`` classes (m,) to features ``sparse`` (m, p) and ``dense`` (m, d), both float32; the same every time.

    ``dense`` should be standardised. Raises ``ValueError`` where there is nothing to fit.
    """
    if not classes.size:
        raise ValueError("found no example, expected some hundreds")
    effects = _Moments(np.zeros((sparse.shape[1], count), dtype=np.float32))
    weights = _Moments(np.zeros((dense.shape[1], count), dtype=np.float32))
    bias = _Moments(np.zeros(count, dtype=np.float32))
    every = slice(None)
    for batch, rate, correction in _steps(classes.size):
        words, vectors = sparse[batch], dense[batch]
        gap = softmax(words @ effects.values + vectors @ weights.values + bias.values, axis=1)
        gap[np.arange(batch.size), classes[batch]] -= 1
        gap /= np.float32(batch.size)
        used = np.unique(words.indices).astype(np.int64)
        effects.step(np.asarray(words[:, used].T @ gap, dtype=np.float32), rate * correction, used)
        weights.values *= np.float32(1 - rate * DECAY)
        weights.step(vectors.T @ gap, rate * correction, every)
        bias.step(gap.sum(axis=0), rate * correction, every)
    return Softmax(effects=effects.values, weights=weights.values, bias=bias.values)


def _steps(size: int) -> Iterator[tuple[Rows, float, float]]:
    """Yield the examples of each step, its learning rate, and Adam's correction for moments that began at zero."""
    chance = np.random.default_rng(SEED)
    steps_a_pass = -(-size // BATCH)
    passes = max(PASSES, min(MOST_PASSES, -(-LEAST_STEPS // steps_a_pass)))
    steps, done = passes * steps_a_pass, 0
    for _ in range(passes):
        order = chance.permutation(size)
        for begin in range(0, size, BATCH):
            done += 1
            rate = RATE * min(1.0, done / (WARM_UP * steps)) * (1 - (done - 1) / steps)
            correction = np.sqrt(1 - _BETAS[1] ** done) / (1 - _BETAS[0] ** done)
            yield order[begin : begin + BATCH], rate, float(correction)
