"""Heads: linear models of solved cases that say which items they used.

Neighbours vote with a handful of cases; a head has learned from all of them. It knows items that public cases have used
often enough, and only those that everyone may see: so it can serve every caller, and tells nobody of what he may not
see. A head is built with its snapshot, for the items and by the encoder of that snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from index.blobs import array_of, blob_of
from index.filters import Mask
from index.states import State, features_of

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A multinomial logistic model of k items: ``rows`` (k,) ascending, ``weights`` (k, d), ``bias`` (k,).

    ``effects`` (p, k) float16 is what each of the state's features ``columns`` (p,), ascending, adds; p is 0 for kinds
    whose state does not count.
    """

    rows: Rows
    weights: Floats
    bias: Floats
    columns: Rows
    effects: NDArray[np.float16]

    def shares(self, vector: Floats, allowed: Mask, state: State | None = None) -> Floats:
        """Return the probability of each item (n,) for a case, among the allowed ones that the head knows.

        All are 0 where it knows none of them.
        """
        shares = np.zeros(allowed.size, dtype=np.float32)
        known = np.flatnonzero(allowed[self.rows])
        if known.size:
            logits = self.weights[known] @ vector + self.bias[known]
            if state is not None and self.columns.size:
                logits = logits + self._effect(state)[known]
            shares[self.rows[known]] = softmax(logits)
        return shares

    def _effect(self, state: State) -> Floats:
        numbers, values = features_of(state)
        places = np.minimum(np.searchsorted(self.columns, numbers), self.columns.size - 1)
        met = self.columns[places] == numbers
        effect: Floats = values[met] @ self.effects[places[met]].astype(np.float32)
        return effect

    def to_blobs(self) -> dict[str, bytes]:
        """Return the head as named bytes."""
        return {
            "rows.npy": blob_of(self.rows),
            "weights.npy": blob_of(self.weights),
            "bias.npy": blob_of(self.bias),
            "columns.npy": blob_of(self.columns),
            "effects.npy": blob_of(self.effects),
        }

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> Head:
        """Read what ``to_blobs`` wrote."""
        return cls(
            rows=array_of(blobs["rows.npy"], np.int64),
            weights=array_of(blobs["weights.npy"], np.float32),
            bias=array_of(blobs["bias.npy"], np.float32),
            columns=array_of(blobs["columns.npy"], np.int64),
            effects=array_of(blobs["effects.npy"], np.float16),
        )
