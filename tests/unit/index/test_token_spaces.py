"""Items keep their tokens in a snapshot, as far as their encoder knows any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.models import Article, Kind, Record, Template
from index.builder import index_records
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder
from index.encoders.toy import ToyEncoder
from index.progress import SilentReporter
from index.searcher import OpenSnapshot, open_blobs
from index.space import ItemSpace
from index.spaces import TOKEN_BACKGROUND, Blobs
from index.tokens import TokenVectors
from tests.counting_encoder import CountingEncoder

TOPICS = ("Rechnung", "Router", "Vertrag", "Lieferung", "Passwort")


def _article(number: int, **more: object) -> Article:
    text = f"{TOPICS[number % 5]} Nummer {number} und Absatz {number * 7}"
    return Article(id=f"a{number:03d}", title=text, body=f"{text} im Wortlaut.", language="de", **more)  # type: ignore[arg-type]


ARTICLES = [_article(number) for number in range(100)]
SECRET = _article(999, audience=("second_level",))


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[EmbeddingCache]:
    with EmbeddingCache(tmp_path / "cache.sqlite") as opened:
        yield opened


def _blobs(cache: EmbeddingCache, articles: Sequence[Article], encoder: Encoder | None = None) -> Blobs:
    records: dict[Kind, Sequence[Record]] = {
        "articles": articles,
        "templates": [Template(id="t1", name="Gutschrift", body="Wir erstatten die Rechnung.", language="de")],
        "actions": (),
        "cases": (),
    }
    return index_records(records, encoder or ToyEncoder(), cache, SilentReporter())


def _open(blobs: Blobs) -> OpenSnapshot:
    return open_blobs(blobs, snapshot_id="s", encoder_name="toy")


def _space(cache: EmbeddingCache, articles: Sequence[Article]) -> ItemSpace:
    return _open(_blobs(cache, articles)).items["articles"]


def _query(text: str) -> TokenVectors:
    return ToyEncoder().encode_with_tokens([text], role="query")[0].tokens


def test_the_item_that_holds_every_word_stands_out_most(cache: EmbeddingCache) -> None:
    space = _space(cache, ARTICLES)
    rows = np.arange(100, dtype=np.int64)
    standing = space.alignment(_query("Router Nummer 41 Absatz 287"), rows)
    assert standing is not None
    assert standing.shape == (100,)
    assert space.items[int(standing.argmax())].id == "a041"
    assert standing.max() > 3


def test_a_few_dozen_public_items_tell_what_an_average_one_aligns(cache: EmbeddingCache) -> None:
    space = _space(cache, [*ARTICLES, SECRET])
    assert space.tokens is not None
    assert space.tokens.background.size == TOKEN_BACKGROUND
    assert space.row_of[SECRET.id] not in space.tokens.background


def test_a_restricted_item_changes_no_standing_of_the_others(cache: EmbeddingCache) -> None:
    without, with_secret = _space(cache, ARTICLES), _space(cache, [*ARTICLES, SECRET])
    rows, query = np.arange(100, dtype=np.int64), _query("Passwort Nummer 999")
    expected, found = without.alignment(query, rows), with_secret.alignment(query, rows)
    assert expected is not None
    assert found is not None
    assert np.array_equal(found, expected)


def test_equal_records_give_equal_bytes_whether_or_not_the_cache_knew_them(cache: EmbeddingCache) -> None:
    first = _blobs(cache, ARTICLES)
    assert [name for name in first if ".tokens." in name]
    assert _blobs(cache, ARTICLES) == first


def test_a_kind_without_items_has_no_tokens_and_nothing_to_align(cache: EmbeddingCache) -> None:
    space = _open(_blobs(cache, ARTICLES)).items["actions"]
    assert space.tokens is None
    assert space.alignment(_query("Router"), np.zeros(0, dtype=np.int64)) is None


def test_an_encoder_without_tokens_makes_a_snapshot_without_them(cache: EmbeddingCache) -> None:
    blobs = _blobs(cache, ARTICLES, CountingEncoder(knows_tokens=False))
    space = _open(blobs).items["articles"]
    assert not [name for name in blobs if ".tokens." in name]
    assert space.tokens is None
    assert space.alignment(_query("Router"), np.arange(3, dtype=np.int64)) is None


def test_a_query_without_tokens_aligns_with_nothing(cache: EmbeddingCache) -> None:
    assert _space(cache, ARTICLES).alignment(TokenVectors.none(), np.arange(3, dtype=np.int64)) is None
