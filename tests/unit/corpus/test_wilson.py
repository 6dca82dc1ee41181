from __future__ import annotations

import pytest

from corpus.wilson import wilson


def test_wilson_agrees_with_a_published_example() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 gives .2553 to .3662, 0 of 20 gives 0 to .1611."""
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0.0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
