"""What "nearly the same words" means, in one place: for training texts, for judged questions, for cases shown."""

from __future__ import annotations

import re
from collections.abc import Hashable
from collections.abc import Set as AbstractSet
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

NEAR = Fraction(3, 5)
"""Two texts are near-duplicates when the Jaccard coefficient of their word sets is at least this."""

_WORDS = re.compile(r"\w+")

Words = frozenset[str]


def words_of(text: str) -> Words:
    """Return the distinct words of a text, in lower case.

    >>> sorted(words_of("Hallo, hallo Welt!"))
    ['hallo', 'welt']
    """
    return frozenset(_WORDS.findall(text.lower()))


def are_near(one: AbstractSet[Hashable], other: AbstractSet[Hashable], at_least: Fraction = NEAR) -> bool:
    """Return whether two sets have at least this Jaccard coefficient; an empty set is near to none.

    >>> are_near(words_of("Wo ist mein Paket?"), words_of("wo ist mein neues Paket"))
    True
    """
    if not one or not other:
        return False
    return len(one & other) * (at_least.denominator + at_least.numerator) >= at_least.numerator * (
        len(one) + len(other)
    )


def enough_shared(shared: NDArray[np.int64], sides: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which pairs of sets are near: ``shared`` elements each, ``sides`` the sum of their sizes.

    ``shared / (sides - shared) >= 3/5``, without division. Pairs of empty sets count as near.
    """
    near: NDArray[np.bool_] = shared * (NEAR.denominator + NEAR.numerator) >= NEAR.numerator * sides
    return near
