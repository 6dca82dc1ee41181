"""A fixed sample of public rows: what an average item scores, the same for every caller and at every size."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SAMPLE_SIZE = 256


def background_rows(keys: Sequence[str], public: Sequence[bool], size: int = SAMPLE_SIZE) -> NDArray[np.int64]:
    """Return up to ``size`` public rows, chosen by the hash of their keys, ascending.

    A row's chance does not depend on the others, so that adding or removing items changes few members of the sample.
    """
    candidates = [row for row, is_public in enumerate(public) if is_public]
    chosen = sorted(candidates, key=lambda row: hashlib.sha256(keys[row].encode("utf-8")).digest())[:size]
    return np.array(sorted(chosen), dtype=np.int64)
