"""The memory of recent encodings: the same vectors, fewer times encoded, and never more than it may hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoder import Role
from index.encoders.recent import RecentEncodings
from index.encoders.toy import ToyEncoder


class _Counting(ToyEncoder):
    """The toy, which writes down what it has to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.encoded: list[tuple[str, ...]] = []

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        self.encoded.append(tuple(texts))
        return super().encode(texts, role=role)


@pytest.fixture
def counting() -> _Counting:
    return _Counting()


def test_a_text_that_comes_again_is_not_encoded_again(counting: _Counting) -> None:
    recent = RecentEncodings(counting, capacity=2)

    first = recent.encode_with_tokens(["Kein Netz"], role="query")
    before = len(counting.encoded)
    again = recent.encode_with_tokens(["Kein Netz"], role="query")
    vector = recent.encode(["Kein Netz"], role="query")

    assert len(counting.encoded) == before
    assert np.array_equal(first[0].vector, again[0].vector)
    assert np.array_equal(vector[0], first[0].vector)


def test_a_query_is_no_passage(counting: _Counting) -> None:
    recent = RecentEncodings(counting, capacity=2)

    recent.encode(["Kein Netz"], role="query")
    before = len(counting.encoded)
    recent.encode(["Kein Netz"], role="passage")

    assert len(counting.encoded) > before


def test_what_was_asked_longest_ago_is_forgotten_first(counting: _Counting) -> None:
    recent = RecentEncodings(counting, capacity=2)
    for text in ("eins", "zwei", "eins", "drei"):
        recent.encode([text], role="query")

    counting.encoded.clear()
    recent.encode(["eins"], role="query")
    assert counting.encoded == []
    recent.encode(["zwei"], role="query")
    assert counting.encoded == [("zwei",)]


def test_nothing_is_remembered_with_room_for_nothing(counting: _Counting) -> None:
    recent = RecentEncodings(counting, capacity=0)

    recent.encode(["Kein Netz"], role="query")
    recent.encode(["Kein Netz"], role="query")

    assert counting.encoded == [("Kein Netz",)] * 2


def test_who_changes_a_vector_changes_it_for_nobody_else(counting: _Counting) -> None:
    recent = RecentEncodings(counting, capacity=2)

    vector = recent.encode(["Kein Netz"], role="query")
    wanted = vector.copy()
    vector[:] = 0.0

    assert np.array_equal(recent.encode(["Kein Netz"], role="query"), wanted)
    with pytest.raises(ValueError, match="read-only"):
        recent.encode_with_tokens(["Kein Netz"], role="passage")[0].vector[:] = 0.0
