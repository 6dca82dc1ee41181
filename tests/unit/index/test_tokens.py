from __future__ import annotations

import numpy as np

from index.tokens import SCALE, TokenVectors


def _of(*vectors: list[float]) -> TokenVectors:
    return TokenVectors.of(np.arange(len(vectors)), np.array(vectors, dtype=np.float32))


def test_a_code_is_the_component_of_the_unit_vector_times_the_scale() -> None:
    tokens = _of([3.0, 0.0, 3.0, -3.0, 3.0])
    assert tokens.codes.tolist() == [[80, 0, 80, -80, 80]]
    assert (tokens.codes.dtype, tokens.ids.dtype) == (np.int8, np.int32)


def test_how_long_a_vector_was_does_not_count() -> None:
    tokens = _of([0.001, 0.002, 0.001], [1000.0, 2000.0, 1000.0])
    assert tokens.codes[0].tolist() == tokens.codes[1].tolist()


def test_a_component_that_no_byte_holds_is_cut_off() -> None:
    assert _of([5.0, 0.0], [0.0, -5.0]).codes.tolist() == [[127, 0], [0, -127]]


def test_codes_give_the_cosines_of_the_vectors() -> None:
    vectors = np.random.default_rng(1).normal(size=(50, 128)).astype(np.float32)
    codes = TokenVectors.of(np.arange(50), vectors).codes.astype(np.float64)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert np.abs(codes @ codes.T / SCALE**2 - unit @ unit.T).max() < 0.01


def test_some_tokens_are_taken_in_the_order_asked_for() -> None:
    taken = _of([1.0, 1.0], [1.0, -1.0], [-1.0, 1.0]).taken(np.array([2, 0], dtype=np.int64))
    assert taken.ids.tolist() == [2, 0]
    assert taken.codes.tolist() == [[-113, 113], [113, 113]]


def test_there_can_be_no_tokens() -> None:
    assert len(TokenVectors.none()) == 0
    assert len(_of([1.0, 2.0], [3.0, 4.0])) == 2


def test_of_a_token_that_comes_again_the_first_is_kept() -> None:
    tokens = TokenVectors(ids=np.array([7, 3, 7, 9, 3], dtype=np.int32), codes=np.arange(5, dtype=np.int8)[:, None])

    distinct = tokens.distinct()

    assert distinct.ids.tolist() == [7, 3, 9]
    assert distinct.codes[:, 0].tolist() == [0, 1, 3]
