"""A cache for programs that write nothing: it reads what is there and keeps what is new in memory."""

from __future__ import annotations

from pathlib import Path

from index.cached_encoding import encode_cached, encode_closely_cached
from index.embedding_cache import EmbeddingCache
from index.untouched_cache import UntouchedCache
from tests.counting_encoder import CountingEncoder


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_the_file_holds_is_not_encoded_again_and_the_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "embeddings.sqlite"
    encoder = CountingEncoder()
    with EmbeddingCache(path) as cache:
        known = encode_closely_cached(encoder, cache, ["alt"], role="passage")
    before, encoder.seen = files_of(tmp_path), []
    with UntouchedCache(path) as cache:
        for _ in range(2):
            found = encode_closely_cached(encoder, cache, ["alt", "neu"], role="passage")
        vectors = encode_cached(encoder, cache, ["neu"], role="passage")
    assert encoder.seen == ["neu"]
    assert (found[0].vector == known[0].vector).all()
    assert (vectors[0] == found[1].vector).all()
    assert files_of(tmp_path) == before


def test_roles_are_kept_apart(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    with UntouchedCache(tmp_path / "none.sqlite") as cache:
        encode_cached(encoder, cache, ["x"], role="passage")
        encode_cached(encoder, cache, ["x"], role="query")
    assert encoder.seen == ["x", "x"]


def test_where_there_is_no_file_none_is_made(tmp_path: Path) -> None:
    with UntouchedCache(tmp_path / "folder" / "embeddings.sqlite") as cache:
        encode_cached(CountingEncoder(), cache, ["x"], role="passage")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_passed_over_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "embeddings.sqlite"
    path.write_bytes(b"kein SQLite" * 1_000)
    before, encoder = files_of(tmp_path), CountingEncoder()
    with UntouchedCache(path) as cache:
        encode_cached(encoder, cache, ["x"], role="passage")
    assert encoder.seen == ["x"]
    assert files_of(tmp_path) == before
