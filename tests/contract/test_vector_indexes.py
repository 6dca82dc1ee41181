"""What every vector index promises, run over all of them; the exact index is the reference."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.exact import ExactIndex
from index.flat import FlatIndex
from index.hits import Floats, Hits
from index.inverted import InvertedIndex, InvertedSettings
from index.layered_vectors import LayeredVectors
from index.vectors import VectorIndex, WrittenIndex, build_index, read_index

SIZE, DIMENSION, K = 3_000, 48, 50
Build = Callable[[Floats], VectorIndex]
BuildWritten = Callable[[Floats], WrittenIndex]


def layered(base: Build) -> Build:
    """Return an index over a base whose every third vector was replaced, and whose last ones came later."""

    def build(vectors: Floats) -> VectorIndex:
        size = len(vectors)
        old = size - size // 10
        fresh = np.array([row for row in range(size) if row >= old or row % 3 == 0], dtype=np.int64)
        before = vectors[:old].copy()
        before[::3] = np.flip(before[::3], axis=-1)  # what they were replaced for must never be found
        origin = np.arange(size, dtype=np.int64)
        origin[fresh] = -1 - np.arange(fresh.size)
        return LayeredVectors(base(before), ExactIndex(vectors[fresh]), origin)

    return build


LOOKING_UP = InvertedSettings(scan_below=0, fewest=8)  # uses its lists even where comparing all would be cheaper
WRITTEN: dict[str, BuildWritten] = {
    "exact": ExactIndex,
    "flat": FlatIndex,
    "inverted": InvertedIndex.build,
    "inverted-looking-up": lambda vectors: InvertedIndex.build(vectors, LOOKING_UP),
}
BUILDS: dict[str, Build] = {
    **WRITTEN,
    "layered-flat": layered(FlatIndex),
    "layered-inverted": layered(InvertedIndex.build),
}


def normalised(vectors: np.ndarray) -> Floats:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def clustered(size: int, seed: int) -> Floats:
    centres = np.random.default_rng(0).normal(size=(60, DIMENSION))
    noise = np.random.default_rng(seed)
    return normalised(centres[noise.integers(0, 60, size)] + 0.6 * noise.normal(size=(size, DIMENSION)))


VECTORS = clustered(SIZE, 1)
QUERIES = clustered(40, 2)
ORACLE = ExactIndex(VECTORS)


@pytest.fixture(scope="module", params=BUILDS)
def build(request: pytest.FixtureRequest) -> Build:
    return BUILDS[request.param]


@pytest.fixture(scope="module")
def index(build: Build) -> VectorIndex:
    return build(VECTORS)


@pytest.fixture(scope="module", params=WRITTEN)
def build_written(request: pytest.FixtureRequest) -> BuildWritten:
    return WRITTEN[request.param]


@pytest.fixture(scope="module")
def written(build_written: BuildWritten) -> WrittenIndex:
    return build_written(VECTORS)


def assert_well_formed(hits: Hits, allowed: np.ndarray | None = None) -> None:
    assert hits.ids.dtype == np.int64
    assert hits.scores.dtype == np.float32
    assert hits.ids.shape == hits.scores.shape
    assert (hits.ids >= 0).all()
    assert len(set(hits.ids.tolist())) == len(hits.ids)
    keys = [(-score, item) for score, item in zip(hits.scores.tolist(), hits.ids.tolist(), strict=True)]
    assert keys == sorted(keys)
    if allowed is not None:
        assert allowed[hits.ids].all()


@pytest.mark.parametrize("share", [None, 1.0, 0.3, 0.01])
def test_finds_what_the_exact_index_finds(index: VectorIndex, share: float | None) -> None:
    allowed = None if share is None else np.random.default_rng(3).random(SIZE) < share
    found = expected = 0
    for query in QUERIES:
        hits, truth = index.search(query, K, allowed), ORACLE.search(query, K, allowed)
        assert_well_formed(hits, allowed)
        assert len(hits.ids) == len(truth.ids)
        found += len(set(hits.ids.tolist()) & set(truth.ids.tolist()))
        expected += len(truth.ids)

    assert found / expected >= 0.98


def test_scores_are_inner_products_whatever_else_is_allowed(index: VectorIndex) -> None:
    half = np.arange(SIZE) % 2 == 0
    for query in QUERIES[:5]:
        hits = index.search(query, K, half)
        every = dict(zip(*map(np.ndarray.tolist, _both(index.search(query, SIZE))), strict=True))
        np.testing.assert_allclose(hits.scores, VECTORS[hits.ids] @ query, atol=1e-6)
        assert hits.scores.tolist() == [every[item] for item in hits.ids.tolist()]


def _both(hits: Hits) -> tuple[np.ndarray, np.ndarray]:
    return hits.ids, hits.scores


def test_equal_scores_come_by_id(build: Build) -> None:
    vectors = np.tile(VECTORS[:4], (50, 1))
    index = build(vectors)

    hits = index.search(VECTORS[1], 30)
    assert hits.ids.tolist() == list(range(1, 121, 4))
    assert len(set(hits.scores.tolist())) == 1
    only_late = np.arange(200) >= 100
    assert index.search(VECTORS[1], 3, only_late).ids.tolist() == [101, 105, 109]


def test_more_hits_than_vectors_give_all(index: VectorIndex) -> None:
    few = np.zeros(SIZE, dtype=np.bool_)
    few[[5, 70, 2_999]] = True

    assert sorted(index.search(QUERIES[0], 10, few).ids.tolist()) == [5, 70, 2_999]
    assert len(index.search(QUERIES[0], SIZE + 1).ids) == SIZE


@pytest.mark.parametrize("k", [0, -1])
def test_asking_for_nothing_gives_nothing(index: VectorIndex, k: int) -> None:
    hits = index.search(QUERIES[0], k)

    assert_well_formed(hits)
    assert len(hits.ids) == 0


def test_nothing_allowed_gives_nothing(index: VectorIndex) -> None:
    assert len(index.search(QUERIES[0], K, np.zeros(SIZE, dtype=np.bool_)).ids) == 0


def test_an_empty_index_is_searched_in_vain(build: Build) -> None:
    check_empty(build(VECTORS[:0]))


def test_an_empty_index_that_was_written_is_searched_in_vain(build_written: BuildWritten) -> None:
    check_empty(read_index(build_written(VECTORS[:0]).to_blobs()))


def check_empty(index: VectorIndex) -> None:
    assert (index.size, index.dimension) == (0, DIMENSION)
    assert len(index.search(QUERIES[0], K).ids) == 0
    assert len(index.search(QUERIES[0], K, np.zeros(0, dtype=np.bool_)).ids) == 0
    assert index.vectors(np.zeros(0, dtype=np.int64)).shape == (0, DIMENSION)


def test_a_single_vector_is_found(build: Build) -> None:
    assert build(VECTORS[:1]).search(VECTORS[0], K).ids.tolist() == [0]


def test_vectors_come_back_as_they_were(index: VectorIndex) -> None:
    ids = np.array([2_999, 0, 7, 7])

    np.testing.assert_array_equal(index.vectors(ids), VECTORS[ids])
    index.vectors(ids)[:] = 0
    np.testing.assert_array_equal(index.vectors(ids), VECTORS[ids])


@pytest.mark.parametrize(
    "query",
    [
        np.full(DIMENSION, np.nan, dtype=np.float32),
        np.full(DIMENSION, np.inf, dtype=np.float32),
        np.zeros(DIMENSION + 1, dtype=np.float32),
        np.zeros((1, DIMENSION), dtype=np.float32),
        np.zeros(DIMENSION, dtype=np.float64),
    ],
    ids=["nan", "infinity", "dimension", "two-dimensional", "float64"],
)
def test_unusable_queries_are_refused(index: VectorIndex, query: np.ndarray) -> None:
    with pytest.raises(ValueError, match="query"):
        index.search(query, K)


@pytest.mark.parametrize("mask", [np.ones(SIZE - 1, dtype=np.bool_), np.ones(SIZE, dtype=np.int64)])
def test_unusable_masks_are_refused(index: VectorIndex, mask: np.ndarray) -> None:
    with pytest.raises(ValueError, match="mask"):
        index.search(QUERIES[0], K, mask)


@pytest.mark.parametrize(
    "vectors",
    [np.zeros((2, 4)), np.zeros(4, dtype=np.float32), np.zeros((2, 0), dtype=np.float32)],
    ids=["float64", "one-dimensional", "no-dimension"],
)
def test_unusable_vectors_are_refused(build: Build, vectors: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected float32"):
        build(vectors)


def test_a_vector_with_nan_is_named(build: Build) -> None:
    vectors = VECTORS[:5].copy()
    vectors[3, 2] = np.nan

    with pytest.raises(ValueError, match="Vector 3 holds NaN"):
        build(vectors)


def test_blobs_hold_the_whole_index(written: WrittenIndex) -> None:
    blobs = written.to_blobs()
    copy = read_index(blobs)

    assert type(copy) is type(written)
    assert copy.to_blobs() == blobs
    for query in QUERIES[:5]:
        np.testing.assert_array_equal(copy.search(query, K).scores, written.search(query, K).scores)


def test_building_twice_gives_the_same_bytes(build_written: BuildWritten) -> None:
    assert build_written(VECTORS[:500]).to_blobs() == build_written(VECTORS[:500]).to_blobs()


def test_threads_get_the_same_hits(index: VectorIndex) -> None:
    allowed = np.random.default_rng(4).random(SIZE) < 0.5
    expected = [index.search(query, K, allowed).ids.tolist() for query in QUERIES]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda query: index.search(query, K, allowed).ids.tolist(), QUERIES)) == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 40), st.integers(0, 12), st.integers(0, 2**32 - 1))
def test_small_indexes_agree_to_the_bit(size: int, k: int, seed: int) -> None:
    noise = np.random.default_rng(seed)
    vectors = VECTORS[noise.integers(0, 12, size)]
    allowed = noise.random(size) < 0.7
    truth = ExactIndex(vectors).search(QUERIES[0], k, allowed)

    for make in BUILDS.values():
        hits = make(vectors).search(QUERIES[0], k, allowed)
        assert hits.ids.tolist() == truth.ids.tolist()
        assert hits.scores.tolist() == truth.scores.tolist()


def test_rows_that_are_gone_are_never_found_and_those_behind_them_move_up() -> None:
    origin = np.array([0, 3, -1, 4], dtype=np.int64)
    index = LayeredVectors(FlatIndex(VECTORS[:5]), ExactIndex(VECTORS[7:8]), origin, gone=np.array([3]))

    assert sorted(index.search(VECTORS[2], 9).ids.tolist()) == [0, 1, 2]
    assert index.search(VECTORS[3], 1).ids.tolist() == [1]
    assert index.search(VECTORS[3], 9, np.array([True, False, False, True])).ids.tolist() == [0]
    np.testing.assert_array_equal(index.vectors(np.array([1, 2])), VECTORS[[3, 7]])


def test_of_equals_the_one_of_the_lowest_rank_comes_first() -> None:
    same = np.tile(VECTORS[:1], (2, 1))
    index = LayeredVectors(
        FlatIndex(same), ExactIndex(same[:1]), np.array([0, 1, -1]), ranks=np.array([0, 10, 5], dtype=np.int64)
    )
    assert index.search(VECTORS[0], 2).ids.tolist() == [0, 2]


def test_the_index_is_chosen_by_its_size() -> None:
    assert isinstance(build_index(VECTORS[:100], flat_up_to=100), FlatIndex)
    assert isinstance(build_index(VECTORS[:101], flat_up_to=100), InvertedIndex)


def test_reading_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no vector index among \['words.json'\]"):
        read_index({"words.json": b"{}"})
