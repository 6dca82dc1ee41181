"""How sure a share is that was counted in few cases."""

from __future__ import annotations

import math

_Z = 1.959964


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of n (Wilson 1927, "Probable inference").

    >>> [round(end, 3) for end in wilson(0.5, 10)]
    [0.237, 0.763]
    """
    centre = (share + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    reach = _Z / (1 + _Z * _Z / n) * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    return centre - reach, centre + reach
