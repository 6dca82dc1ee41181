"""Heads: linear models on the embeddings of solved cases that say which items they used.

Neighbours vote with a handful of cases; a head has learned from all of them. It knows items that public cases have used
often enough, and only those that everyone may see: so it can serve every caller, and tells nobody of what he may not
see. A head is built with its snapshot, for the items and by the encoder of that snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.blobs import array_of, blob_of
from index.filters import Mask
from index.history import NO_ACTION, Uses

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

LEAST_CASES = 2
"""An item that fewer cases used has taught nothing yet."""
MOST_USES = 20_000
"""The newest so many uses teach: the fit of a large history stays within seconds."""
# Inverse strength of the penalty on standardised embeddings. Actions come with many situations a case, each of which
# tells less.
STRENGTH: Mapping[bool, float] = {False: 0.3, True: 0.01}
# Beside 384 standardised numbers the last action must be large to be heard.
LAST_ACTION = 10.0
_TOLERANCE = 1e-4
_ITERATIONS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A multinomial logistic model of k items: ``rows`` (k,) int64 ascending, ``weights`` (k, d), ``bias`` (k,).

    ``after`` (k, n + 1) is what the action done last adds, by its row, the last column for none; (k, 0) where the kind
    has no sequence.
    """

    rows: Rows
    weights: Floats
    bias: Floats
    after: Floats

    def shares(self, vector: Floats, allowed: Mask, *, previous: int | None = NO_ACTION) -> Floats:
        """Return the probability of each item (n,) for a case, among the allowed ones that the head knows.

        ``previous`` is the row of the action done last, ``NO_ACTION`` for none, ``None`` for one that is unknown. All
        are 0 where the head knows no allowed item.
        """
        shares = np.zeros(allowed.size, dtype=np.float32)
        known = np.flatnonzero(allowed[self.rows])
        if known.size:
            logits = self.weights[known] @ vector + self.bias[known]
            if self.after.size and previous is not None:
                logits = logits + self.after[known, previous]
            powers = np.exp(logits - logits.max())
            shares[self.rows[known]] = powers / powers.sum()
        return shares

    def to_blobs(self) -> dict[str, bytes]:
        """Return the head as named bytes."""
        return {
            "rows.npy": blob_of(self.rows),
            "weights.npy": blob_of(self.weights),
            "bias.npy": blob_of(self.bias),
            "after.npy": blob_of(self.after),
        }

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> Head:
        """Read what ``to_blobs`` wrote."""
        return cls(
            rows=array_of(blobs["rows.npy"], np.int64),
            weights=array_of(blobs["weights.npy"], np.float32),
            bias=array_of(blobs["bias.npy"], np.float32),
            after=array_of(blobs["after.npy"], np.float32),
        )


def fit_head(uses: Uses, teaching: Mask, vectors: Floats, *, items: int, sequence: bool) -> Head | None:
    """Fit a head on those ``uses`` (m,) that are ``teaching`` (m,); ``None`` where fewer than two items are known.

    ``vectors`` (m, d) are the embeddings of their situations; with ``sequence`` the action done last is a part of the
    state. ``items`` is the number of items of the kind.
    """
    rows = _taught(uses, teaching)
    if np.unique(uses.item[rows]).size < 2:
        return None
    # Imported by need: what only serves never fits anything.
    from sklearn.linear_model import LogisticRegression

    known = vectors[rows].astype(np.float64)
    mean, deviation = known.mean(axis=0), np.maximum(known.std(axis=0), 1e-6)
    design = (known - mean) / deviation
    if sequence:
        design = np.hstack([design, _one_hot(uses.previous[rows], items)])
    model = LogisticRegression(C=STRENGTH[sequence], tol=_TOLERANCE, max_iter=_ITERATIONS).fit(design, uses.item[rows])
    coefficients, intercept, classes = _every_class(model.coef_, model.intercept_, model.classes_)
    weights = coefficients[:, : mean.size] / deviation
    return Head(
        rows=classes.astype(np.int64),
        weights=weights.astype(np.float32),
        bias=(intercept - weights @ mean).astype(np.float32),
        after=(coefficients[:, mean.size :] * LAST_ACTION).astype(np.float32),
    )


def _taught(uses: Uses, teaching: Mask) -> Rows:
    """Return the uses to learn from: of items that enough cases used; of very many the last of the table."""
    pairs = np.unique(np.stack([uses.case[teaching], uses.item[teaching]]), axis=1)
    known, cases = np.unique(pairs[1], return_counts=True)
    rows: Rows = np.flatnonzero(teaching & np.isin(uses.item, known[cases >= LEAST_CASES]))
    return rows[-MOST_USES:]


def _one_hot(previous: NDArray[np.int32], items: int) -> NDArray[np.float64]:
    columns = np.zeros((len(previous), items + 1))
    columns[np.arange(len(previous)), previous] = LAST_ACTION  # NO_ACTION, -1, is the last one
    return columns


def _every_class(
    coefficients: NDArray[np.float64], intercept: NDArray[np.float64], classes: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32]]:
    """Return a row for each class: of two classes scikit-learn keeps one, the log-odds of the second."""
    if len(classes) != 2:
        return coefficients, intercept, classes
    nothing = np.zeros_like(coefficients)
    return np.vstack([nothing, coefficients]), np.concatenate([[0.0], intercept]), classes
