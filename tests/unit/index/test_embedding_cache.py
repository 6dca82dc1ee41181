from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.cached_encoding import encode_cached
from index.embedding_cache import EmbeddingCache, EmbeddingCacheError, text_digest
from index.encoder import Role
from index.encoders.toy import ToyEncoder
from tests.counting_encoder import CountingEncoder

TEXTS = ["Router blinkt rot", "Rechnung fehlt", "Router blinkt rot", "Vertrag kündigen"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "embeddings.sqlite"


def encode(path: Path, encoder: CountingEncoder, texts: Sequence[str], role: Role = "passage") -> NDArray[np.float32]:
    with EmbeddingCache(path) as cache:
        return encode_cached(encoder, cache, texts, role=role)


def test_equal_texts_are_encoded_once_and_rows_keep_their_order(path: Path) -> None:
    encoder = CountingEncoder()

    vectors = encode(path, encoder, TEXTS)

    assert sorted(encoder.seen) == sorted(set(TEXTS))
    assert np.array_equal(vectors, ToyEncoder(16).encode(TEXTS, role="passage"))


def test_a_second_build_encodes_only_new_texts_and_gets_the_same_bits(path: Path) -> None:
    first = encode(path, CountingEncoder(), TEXTS)
    encoder = CountingEncoder()

    again = encode(path, encoder, [*TEXTS, "Neu"])

    assert encoder.seen == ["Neu"]
    assert np.array_equal(again[:-1], first)


def test_roles_and_encoders_do_not_share_vectors(path: Path) -> None:
    encode(path, CountingEncoder(), TEXTS)
    other_role, other_encoder = CountingEncoder(), CountingEncoder(dimension=8)

    encode(path, other_role, TEXTS, role="query")
    vectors = encode(path, other_encoder, TEXTS)

    assert len(other_role.seen) == 3
    assert vectors.shape == (4, 8)
    assert len(other_encoder.seen) == 3


def test_no_texts_give_no_rows(path: Path) -> None:
    assert encode(path, CountingEncoder(), []).shape == (0, 16)


def test_a_killed_build_keeps_what_it_had(path: Path) -> None:
    texts = [f"Text {number}" for number in range(400)]
    with pytest.raises(KeyboardInterrupt):
        encode(path, CountingEncoder(budget=300), texts)
    encoder = CountingEncoder()

    encode(path, encoder, texts)

    assert len(encoder.seen) == 400 - 256  # two whole batches of 128 were kept


def test_progress_counts_different_texts_up_to_their_number(path: Path) -> None:
    told: list[tuple[int, int]] = []
    texts = [f"Text {number % 200}" for number in range(300)]

    with EmbeddingCache(path) as cache:
        encode_cached(
            CountingEncoder(), cache, texts, role="query", progress=lambda done, total: told.append((done, total))
        )

    assert told == [(128, 200), (200, 200)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"no database at all" * 100,
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:4096] + bytes(len(raw) - 4096),
    ],
    ids=["overwritten", "cut", "zeroed"],
)
def test_a_damaged_file_is_begun_anew_with_a_warning(path: Path, damage, caplog: pytest.LogCaptureFixture) -> None:
    texts = [f"Text {number}" for number in range(150)]
    expected = encode(path, CountingEncoder(), texts)
    path.write_bytes(damage(path.read_bytes()))

    with caplog.at_level(logging.WARNING):
        vectors = encode(path, CountingEncoder(), texts)

    assert np.array_equal(vectors, expected)
    assert str(path) in caplog.text
    untouched = CountingEncoder()
    encode(path, untouched, texts)
    assert untouched.seen == []


def test_a_flipped_bit_in_a_vector_is_noticed(path: Path) -> None:
    expected = encode(path, CountingEncoder(), TEXTS)
    raw = bytearray(path.read_bytes())
    raw[raw.index(expected[0].tobytes()) + 5] ^= 0x40
    path.write_bytes(raw)
    encoder = CountingEncoder()

    vectors = encode(path, encoder, TEXTS)

    assert encoder.seen == [TEXTS[0]]
    assert np.array_equal(vectors, expected)


def test_a_cache_of_another_layout_is_begun_anew(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")

    encode(path, CountingEncoder(), TEXTS)
    encoder = CountingEncoder()
    encode(path, encoder, TEXTS)

    assert encoder.seen == []


def test_a_place_that_cannot_hold_a_cache_does_not_stop_a_build(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.write_text("a file where the folder should be")

    vectors = encode(path, CountingEncoder(), TEXTS)

    assert vectors.shape == (4, 16)
    assert "going on without it" in caplog.text


def test_pruning_leaves_no_byte_of_what_is_erased(path: Path) -> None:
    vectors = encode(path, CountingEncoder(), TEXTS)
    kept, gone = TEXTS[0], TEXTS[1]

    with EmbeddingCache(path) as cache:
        removed = cache.prune([text_digest(kept)])

    raw = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert removed == 2
    assert vectors[0].tobytes() in raw
    assert vectors[1].tobytes() not in raw
    assert text_digest(gone) not in raw


def test_pruning_what_is_not_there_removes_nothing(path: Path) -> None:
    with EmbeddingCache(path) as cache:
        assert cache.prune([]) == 0
    assert not path.exists()


def test_pruning_that_is_impossible_says_so(path: Path) -> None:
    path.mkdir(parents=True)

    with EmbeddingCache(path) as cache, pytest.raises(EmbeddingCacheError, match="delete the file"):
        cache.prune([])


@settings(deadline=None)  # files, and a busy machine
@given(texts=st.lists(st.text(max_size=5), max_size=30))
def test_cached_and_direct_vectors_are_equal(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("cache") / "embeddings.sqlite"

    assert np.array_equal(encode(path, CountingEncoder(), texts), ToyEncoder(16).encode(texts, role="passage"))
    assert np.array_equal(encode(path, CountingEncoder(), texts), ToyEncoder(16).encode(texts, role="passage"))
