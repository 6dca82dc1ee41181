from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from corpus.nearness import are_near, enough_shared, words_of


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("a b c", "a b c d e", True),  # 3 of 5
        ("a b c d e", "a b c f", False),  # 3 of 6
        ("Die Rechnung!", "die RECHNUNG", True),
        ("a", "b", False),
        ("", "", False),
        ("", "a", False),
    ],
)
def test_texts_are_near_when_three_fifths_of_all_their_words_are_in_both(one: str, other: str, near: bool) -> None:
    assert are_near(words_of(one), words_of(other)) is near
    assert are_near(words_of(other), words_of(one)) is near


def test_another_bound_may_be_asked_for() -> None:
    assert not are_near(words_of("a b c"), words_of("a b c d e"), Fraction(4, 5))


def test_counts_decide_as_the_words_themselves_do() -> None:
    shared, sides = np.array([3, 3, 0]), np.array([8, 9, 2])
    assert enough_shared(shared, sides).tolist() == [True, False, False]
