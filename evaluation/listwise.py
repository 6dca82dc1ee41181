"""A listwise fit: the weights under which the right answers to questions stand out among their candidates.

Over the candidates of a question the scores make a softmax, and the weights are those that give the right answers the
most of it (Cao et al., ICML 2007, top-one probability), with a light ridge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

RIDGE = 1e-3

Weights = NDArray[np.float64]
Bounds = Sequence[tuple[float | None, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateList:
    """The candidates of one question: what speaks for each, ``design`` (m, k), and which are ``right`` (m,) bool.

    ``source`` is the set that the question comes from, ``family`` that of the set.
    """

    family: str
    source: str
    design: Weights
    right: NDArray[np.bool_]


def listwise_weights(lists: Sequence[CandidateList], bounds: Bounds) -> Weights:
    """Return the weights (k,) of the columns, within their ``bounds``; every family counts the same.

    Questions without a right candidate teach nothing and are left out; raises ``ValueError`` if none is left.
    """
    lists = [each for each in lists if each.right.any()]
    if not lists:
        raise ValueError("found no question with a right answer among its candidates, expected some hundreds")
    design = np.concatenate([each.design for each in lists])
    right = np.concatenate([each.right / each.right.sum() for each in lists])
    sizes = [len(each.right) for each in lists]
    starts = np.cumsum([0, *sizes[:-1]])
    weights = balanced([each.family for each in lists], np.ones(len(lists)), [each.source for each in lists])
    row_weights = np.repeat(weights / weights.sum(), sizes)

    def loss(parameters: Weights) -> tuple[float, Weights]:
        scores = design @ parameters
        most = np.repeat(np.maximum.reduceat(scores, starts), sizes)
        powers = np.exp(scores - most)
        sums = np.repeat(np.add.reduceat(powers, starts), sizes)
        value = -(row_weights * right * (scores - most - np.log(sums))).sum() + RIDGE * parameters @ parameters
        gradient = -design.T @ (row_weights * (right - powers / sums)) + 2 * RIDGE * parameters
        return float(value), gradient

    found: Weights = minimize(loss, np.ones(len(bounds)), jac=True, bounds=bounds, method="L-BFGS-B").x
    return found


def balanced(families: Sequence[str], weights: Weights, sources: Sequence[str] = ()) -> Weights:
    """Scale weights so that every family has the same sum, and within one every source, if sources are told."""
    balanced = weights.astype(np.float64)
    for names in filter(None, ([f"{one}\n{other}" for one, other in zip(families, sources, strict=False)], families)):
        for members in _groups(names):
            balanced[members] /= balanced[members].sum()
    scaled: Weights = balanced * len(balanced) / balanced.sum()
    return scaled


def _groups(names: Sequence[str]) -> Iterator[NDArray[np.bool_]]:
    every = np.array(names)
    for name in np.unique(every):
        yield every == name
