"""Matrix products of one request use one core."""

from __future__ import annotations

from pathlib import Path

from threadpoolctl import threadpool_info, threadpool_limits

from corpus.models import KINDS
from index.builder import index_records
from index.embedding_cache import EmbeddingCache
from index.encoders.toy import ToyEncoder
from index.native_threads import use_one_core
from index.progress import SilentReporter
from index.searcher import open_blobs


def _threads_of_blas() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_matrix_products_use_one_core_from_then_on() -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        assert _threads_of_blas() == {2}
        use_one_core()
        assert _threads_of_blas() == {1}


def test_an_open_snapshot_is_asked_with_one_core_for_each_request(tmp_path: Path) -> None:
    with EmbeddingCache(tmp_path / "cache.sqlite") as cache:
        blobs = index_records(dict.fromkeys(KINDS, ()), ToyEncoder(), cache, SilentReporter())
    with threadpool_limits(limits=2, user_api="blas"):
        open_blobs(blobs, snapshot_id="s", encoder_name="toy")
        assert _threads_of_blas() == {1}
