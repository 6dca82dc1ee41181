"""The cache keeps tokens beside vectors."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.cached_encoding import encode_cached, encode_closely_cached
from index.embedding_cache import EmbeddingCache, text_digest
from index.encoder import Role
from index.encoders.toy import ToyEncoder
from index.tokens import Encoded, TokenVectors
from tests.counting_encoder import CountingEncoder

TEXTS = ["Router blinkt rot", "Rechnung fehlt", "Router blinkt rot", "Vertrag kündigen"]
LAYOUT_1 = """
CREATE TABLE vectors (
    fingerprint TEXT NOT NULL, role TEXT NOT NULL, text_sha256 BLOB NOT NULL,
    vector BLOB NOT NULL, vector_check BLOB NOT NULL,
    PRIMARY KEY (fingerprint, role, text_sha256)
) WITHOUT ROWID
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "embeddings.sqlite"


def closely(path: Path, encoder: CountingEncoder, texts: Sequence[str], role: Role = "passage") -> list[Encoded]:
    with EmbeddingCache(path) as cache:
        return encode_closely_cached(encoder, cache, texts, role=role)


def vectors_only(path: Path, encoder: CountingEncoder, texts: Sequence[str]) -> None:
    with EmbeddingCache(path) as cache:
        encode_cached(encoder, cache, texts, role="passage")


def equal(found: Sequence[Encoded], expected: Sequence[Encoded]) -> bool:
    return len(found) == len(expected) and all(
        np.array_equal(one.vector, other.vector)
        and np.array_equal(one.tokens.ids, other.tokens.ids)
        and np.array_equal(one.tokens.codes, other.tokens.codes)
        and one.tokens.codes.dtype == other.tokens.codes.dtype == np.int8
        for one, other in zip(found, expected, strict=True)
    )


def fresh(texts: Sequence[str], dimension: int = 16) -> Sequence[Encoded]:
    return ToyEncoder(dimension).encode_with_tokens(texts, role="passage")


def test_equal_texts_are_encoded_once_and_keep_their_order(path: Path) -> None:
    encoder = CountingEncoder()
    assert equal(closely(path, encoder, TEXTS), fresh(TEXTS))
    assert sorted(encoder.seen) == sorted(set(TEXTS))


def test_a_second_build_encodes_only_new_texts_and_gets_the_same_bits(path: Path) -> None:
    closely(path, CountingEncoder(), TEXTS)
    encoder = CountingEncoder()

    again = closely(path, encoder, [*TEXTS, "Neu"])

    assert encoder.seen == ["Neu"]
    assert equal(again, fresh([*TEXTS, "Neu"]))


def test_vectors_that_came_with_tokens_serve_alone_too(path: Path) -> None:
    closely(path, CountingEncoder(), TEXTS)
    encoder = CountingEncoder()
    vectors_only(path, encoder, TEXTS)
    assert encoder.seen == []


def test_a_text_of_which_only_the_vector_is_known_is_encoded_again(path: Path) -> None:
    vectors_only(path, CountingEncoder(), TEXTS[:2])
    encoder = CountingEncoder()
    assert equal(closely(path, encoder, TEXTS), fresh(TEXTS))
    assert sorted(encoder.seen) == sorted(set(TEXTS))


def test_roles_and_encoders_do_not_share_tokens(path: Path) -> None:
    closely(path, CountingEncoder(), TEXTS)
    other_role, other_encoder = CountingEncoder(), CountingEncoder(dimension=8)

    closely(path, other_role, TEXTS, role="query")

    assert equal(closely(path, other_encoder, TEXTS), fresh(TEXTS, dimension=8))
    assert (len(other_role.seen), len(other_encoder.seen)) == (3, 3)


def test_an_encoder_that_knows_no_tokens_gives_none_and_its_vectors_are_kept(path: Path) -> None:
    found = closely(path, CountingEncoder(knows_tokens=False), TEXTS)
    again = CountingEncoder(knows_tokens=False)

    assert [len(each.tokens) for each in closely(path, again, TEXTS)] == [0, 0, 0, 0]
    assert again.seen == []
    assert np.array_equal(found[0].vector, fresh(TEXTS)[0].vector)


def test_no_texts_give_nothing(path: Path) -> None:
    assert closely(path, CountingEncoder(), []) == []


def test_a_killed_build_keeps_what_it_had(path: Path) -> None:
    texts = [f"Text {number}" for number in range(400)]
    with pytest.raises(KeyboardInterrupt):
        closely(path, CountingEncoder(budget=300), texts)
    encoder = CountingEncoder()

    closely(path, encoder, texts)

    assert len(encoder.seen) == 400 - 256  # two whole batches of 128 were kept


def test_progress_counts_different_texts_up_to_their_number(path: Path) -> None:
    told: list[tuple[int, int]] = []
    texts = [f"Text {number % 200}" for number in range(300)]
    with EmbeddingCache(path) as cache:
        encode_closely_cached(
            CountingEncoder(), cache, texts, role="query", progress=lambda done, total: told.append((done, total))
        )
    assert told == [(128, 200), (200, 200)]


@pytest.mark.parametrize("part", ["ids", "codes"])
def test_a_flipped_bit_in_tokens_is_noticed(path: Path, part: str) -> None:
    expected = closely(path, CountingEncoder(), TEXTS)
    kept = getattr(expected[0].tokens, part).tobytes()
    raw = bytearray(path.read_bytes())
    raw[raw.index(kept) + 5] ^= 0x40
    path.write_bytes(raw)
    encoder = CountingEncoder()

    found = closely(path, encoder, TEXTS)

    assert encoder.seen == [TEXTS[0]]
    assert equal(found, expected)
    untouched = CountingEncoder()
    assert equal(closely(path, untouched, TEXTS), expected)
    assert untouched.seen == []


def test_pruning_leaves_no_byte_of_the_tokens_of_what_is_erased(path: Path) -> None:
    encoded = closely(path, CountingEncoder(), TEXTS)

    with EmbeddingCache(path) as cache:
        removed = cache.prune([text_digest(TEXTS[0])])

    raw = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert removed == 2
    assert encoded[0].tokens.codes.tobytes() in raw
    assert encoded[1].tokens.codes.tobytes() not in raw
    assert encoded[1].tokens.ids.tobytes() not in raw
    assert text_digest(TEXTS[1]) not in raw


def test_tokens_whose_vectors_are_gone_are_pruned_too(path: Path) -> None:
    encoder = CountingEncoder()
    tokens = fresh(TEXTS[:1])[0].tokens
    with EmbeddingCache(path) as cache:
        cache.put_tokens(encoder, "passage", {text_digest(TEXTS[0]): tokens})
        cache.prune([])
    assert tokens.codes.tobytes() not in path.read_bytes()


def test_a_cache_from_before_there_were_tokens_keeps_its_vectors(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    vectors_only(path, CountingEncoder(), TEXTS)
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT * FROM vectors").fetchall()
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute(LAYOUT_1)
        connection.executemany("INSERT INTO vectors VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    encoder = CountingEncoder()

    with caplog.at_level(logging.WARNING):
        vectors_only(path, encoder, TEXTS)

    assert encoder.seen == []
    assert caplog.text == ""
    assert equal(closely(path, encoder, TEXTS), fresh(TEXTS))
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)


def test_tokens_of_a_text_that_had_none_come_back_as_none(path: Path) -> None:
    encoder, digest = CountingEncoder(), text_digest("")
    with EmbeddingCache(path) as cache:
        cache.put_tokens(encoder, "query", {digest: TokenVectors.none()})
        found = cache.get_tokens(encoder, "query", [digest])
    assert found[digest].codes.shape == (0, encoder.token_dimension)


@settings(deadline=None)  # files, and a busy machine
@given(texts=st.lists(st.text(max_size=5), max_size=30))
def test_cached_and_direct_tokens_are_equal(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("cache") / "embeddings.sqlite"
    assert equal(closely(path, CountingEncoder(), texts), fresh(texts))
    assert equal(closely(path, CountingEncoder(), texts), fresh(texts))
