"""Late interaction by hand: codes of four components of +-80 have length 160 exactly, so cosines are quarters."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.alignment import MOST_QUERY_TOKENS, TokenTable
from index.token_basis import DIMENSION
from index.tokens import SCALE, TokenVectors

# Orthogonal to each other, and one that has a cosine of .5 with each of the first three.
A, B, C, D = (1, 1, 1, 1), (1, 1, -1, -1), (1, -1, 1, -1), (1, -1, -1, 1)
HALF = (1, 1, 1, -1)
NOBODY = np.zeros(0, dtype=np.int64)


def tokens(*pairs: tuple[int, Sequence[int]]) -> TokenVectors:
    return TokenVectors(
        ids=np.array([key for key, _ in pairs], dtype=np.int32),
        codes=np.array([vector for _, vector in pairs], dtype=np.int8).reshape(-1, 4) * np.int8(80),
    )


def rows(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(numbers, dtype=np.int64)


def table(*items: TokenVectors, public: Sequence[bool] | None = None, background: np.ndarray = NOBODY) -> TokenTable:  # type: ignore[type-arg]
    return TokenTable.build(items, public or [True] * len(items), background)


def idf(public: int, frequency: int) -> float:
    return math.log(1 + (public - frequency + 0.5) / (frequency + 0.5))


ITEMS = (tokens((1, A), (2, B)), tokens((1, A), (3, HALF), (3, HALF)), tokens((4, D)))


def test_each_query_token_counts_with_its_nearest_token_of_the_item() -> None:
    # Without a background the alignment stands for itself. Both query tokens are in no item: they weigh the same.
    standing = table(*ITEMS).standing(tokens((8, A), (9, C)), rows(0, 1, 2))
    assert standing.tolist() == pytest.approx([(1 + 0) / 2, (1 + 0.5) / 2, 0.0], abs=1e-6)


def test_an_item_that_says_the_opposite_aligns_below_nothing() -> None:
    against = tuple(-component for component in A)
    assert table(*ITEMS).standing(tokens((8, against)), rows(2, 0)).tolist() == pytest.approx([0.0, 0.0], abs=1e-6)
    assert table(tokens((1, A))).standing(tokens((8, against)), rows(0)).tolist() == pytest.approx([-1.0], abs=1e-6)


def test_the_idf_is_that_of_bm25_over_items() -> None:
    found = table(*ITEMS).information(np.array([3, 1, 9, 2], dtype=np.int32))
    assert found.tolist() == pytest.approx([idf(3, 1), idf(3, 2), idf(3, 0), idf(3, 1)])


def test_a_token_weighs_as_much_as_it_tells() -> None:
    common, rare = idf(3, 2), idf(3, 0)
    query = tokens((1, A), (9, B))

    _, weights = table(*ITEMS).telling(query)
    standing = table(*ITEMS).standing(query, rows(0, 1, 2))

    assert weights.tolist() == pytest.approx([common / (common + rare), rare / (common + rare)])
    assert standing[1] == pytest.approx((common * 1 + rare * 0.5) / (common + rare), abs=1e-6)


def test_even_a_token_of_every_item_counts_a_little() -> None:
    everywhere = table(*[tokens((1, A))] * 50)
    assert 0 < everywhere.information(np.array([1], dtype=np.int32))[0] < 0.02


def test_restricted_items_change_neither_statistics_nor_background() -> None:
    secret = tokens((1, A), (5, C), (6, HALF))
    open_only = table(*ITEMS, background=rows(0, 1, 2))
    with_secret = table(*ITEMS, secret, public=[True, True, True, False], background=rows(0, 1, 2))
    query = tokens((1, A), (5, C), (6, HALF))

    assert with_secret.public == 3
    assert np.array_equal(with_secret.known, open_only.known)
    assert np.array_equal(with_secret.information(query.ids), open_only.information(query.ids))
    assert np.array_equal(with_secret.standing(query, rows(0, 1, 2)), open_only.standing(query, rows(0, 1, 2)))
    assert with_secret.standing(query, rows(3))[0] > open_only.standing(query, rows(0, 1, 2)).max()


def test_of_a_long_query_the_tokens_that_tell_most_are_compared_in_their_order() -> None:
    common = [tokens((number, A)) for number in range(40) for _ in range(5)]
    everything = table(*common)
    query = tokens(*[(number, A) for number in range(40)], *[(1000 + number, B) for number in range(20)])

    kept, weights = everything.telling(query)

    assert len(kept) == MOST_QUERY_TOKENS == 32
    # All 20 that no item has, and of the others, which tell the same, the first 12.
    assert kept.ids.tolist() == [*range(12), *range(1000, 1020)]
    assert weights.sum() == pytest.approx(1.0)
    assert weights[-1] > weights[0]


def test_a_short_query_is_compared_whole() -> None:
    query = tokens(*[(number, A) for number in range(MOST_QUERY_TOKENS)])
    assert table(*ITEMS).telling(query)[0] is query


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from([A, B, C, D, HALF]), min_size=1, max_size=4), min_size=2, max_size=12))
def test_over_the_background_the_standing_has_a_mean_of_0_and_never_spreads_further_than_1(
    items: list[list[tuple[int, ...]]],
) -> None:
    background = np.arange(len(items), dtype=np.int64)
    everything = table(*[tokens(*enumerate(item)) for item in items], background=background)

    standing = everything.standing(tokens((1, A), (7, B), (8, D)), background)

    assert float(standing.mean()) == pytest.approx(0.0, abs=1e-3)
    assert float(standing.std()) <= 1.0 + 1e-3


def test_items_that_align_differently_spread_by_1() -> None:
    background = rows(0, 1, 2)
    everything = table(tokens((1, A), (2, B)), tokens((1, A)), tokens((3, D)), background=background)
    standing = everything.standing(tokens((1, A), (7, B), (8, D)), background)
    assert float(standing.std()) == pytest.approx(1.0, abs=1e-3)


def test_where_all_items_align_the_same_none_stands_out() -> None:
    alike = table(*[tokens((1, A))] * 4, background=rows(0, 1, 2, 3))
    assert alike.standing(tokens((1, A), (2, B)), rows(0, 3)).tolist() == pytest.approx([0.0, 0.0], abs=1e-3)


@settings(deadline=None)
@given(st.permutations(range(3)))
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    everything = table(*ITEMS, background=rows(0, 1, 2))
    query = tokens((1, HALF), (9, C), (3, D))
    whole = everything.standing(query, rows(0, 1, 2))
    assert everything.standing(query, rows(*order)).tolist() == pytest.approx(whole[order].tolist(), abs=1e-5)
    assert everything.standing(query, rows(order[0])).tolist() == pytest.approx([whole[order[0]]], abs=1e-5)


def test_no_rows_no_query_and_no_public_item_give_no_surprise() -> None:
    everything = table(*ITEMS, background=rows(0, 1, 2))
    hidden = table(*ITEMS, public=[False, False, False])

    assert everything.standing(tokens((1, A)), rows()).shape == (0,)
    assert everything.standing(TokenVectors.none(), rows(0, 2)).tolist() == [0.0, 0.0]
    assert (hidden.public, hidden.known.size) == (0, 0)
    assert hidden.standing(tokens((1, A), (2, B)), rows(0, 2)).tolist() == pytest.approx([1.0, 0.0], abs=1e-6)


def test_a_background_of_one_item_tells_nothing_about_the_average() -> None:
    lonely = table(*ITEMS, background=rows(0))
    assert lonely.standing(tokens((9, A)), rows(0, 2)).tolist() == pytest.approx([1.0, 0.0], abs=1e-6)


def test_a_table_comes_back_from_its_bytes_as_it_was() -> None:
    written = table(*ITEMS, public=[True, False, True], background=rows(0, 2))
    read = TokenTable.from_blobs(written.to_blobs())

    assert read.public == written.public == 2
    for name in ("starts", "known", "frequencies", "background"):
        assert np.array_equal(getattr(read, name), getattr(written, name))
        assert getattr(read, name).dtype == getattr(written, name).dtype
    query = tokens((1, HALF), (2, C))
    assert np.array_equal(read.standing(query, rows(0, 1, 2)), written.standing(query, rows(0, 1, 2)))
    assert read.to_blobs() == written.to_blobs()


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(1, 70))
def test_items_one_by_one_give_to_the_last_bit_what_one_product_over_all_gives(
    seed: int, lengths: list[int], asked: int
) -> None:
    codes = np.random.default_rng(seed)
    items = [_random_tokens(codes, length) for length in lengths]
    query, order = _random_tokens(codes, asked), codes.permutation(len(items)).astype(np.int64)

    best = table(*items).best(query, order)

    products = [items[item].codes.astype(np.int64) @ query.codes.astype(np.int64).T for item in order]
    whole = np.stack([each.max(axis=0) for each in products], axis=1).astype(np.float32)
    assert np.array_equal(best, whole / np.float32(SCALE * SCALE))


def _random_tokens(random: np.random.Generator, length: int) -> TokenVectors:
    # Codes as large as they get, and as many of them as the shipped basis keeps.
    codes = random.integers(-127, 128, size=(length, DIMENSION), dtype=np.int8)
    return TokenVectors(ids=np.arange(length, dtype=np.int32), codes=codes)
