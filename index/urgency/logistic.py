"""Logistic regression with a prior, solved exactly: for few examples of a rare kind, where the prior does most.

Newton's method on the log posterior; every weight has a normal prior around 0 with a deviation of its own (Bishop,
Pattern Recognition and Machine Learning, 2006, section 4.3.3). The intercept has none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]

STEPS = 50
CLOSE = 1e-8


def fit_logistic(features: Floats, labels: NDArray[np.bool_], deviations: Floats) -> tuple[Floats, float]:
    """Return weights (d,) and intercept for ``features`` (n, d), ``labels`` (n,) and prior ``deviations`` (d,).

    Raises ``ValueError`` unless both labels occur.
    """
    if labels.all() or not labels.any():
        raise ValueError(f"found {labels.sum()} of {labels.size} examples with the label, expected some of both")
    with_ones = np.hstack([features, np.ones((len(features), 1))])
    ridge = np.append(1.0 / np.square(deviations), 0.0)
    share = labels.mean()
    found = np.append(np.zeros(features.shape[1]), np.log(share / (1 - share)))
    for _ in range(STEPS):
        chances = expit(with_ones @ found)
        slope = with_ones.T @ (chances - labels) + ridge * found
        bend = (with_ones * (chances * (1 - chances))[:, None]).T @ with_ones + np.diag(ridge + 1e-12)
        step = np.linalg.solve(bend, slope)
        # A step that is too long would overshoot where the chances are near 0 or 1.
        found -= step * min(1.0, 2.0 / float(np.abs(with_ones @ step).max()))
        if np.abs(step).max() < CLOSE:
            break
    return found[:-1], float(found[-1])
