"""R3, R18: a service that answers and swaps all the time fails no request and holds no more than after its warm-up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.security.soak import REQUESTS, SWAPS, soak
from tests.security.wire import ROOT, Wired

pytestmark = pytest.mark.slow

GROWTH = 0.05


def test_memory_threads_and_files_stay_flat(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(ROOT / "corpus" / "demo", corpus)
    service = Wired(tmp_path, corpus)
    try:
        service.wait_until_ready()
        found = soak(service, corpus, REQUESTS, SWAPS)
    finally:
        service.stop()
    assert found["statuses"] == {200: REQUESTS}
    assert found["of_more_than_one_snapshot"] == 0
    assert found["snapshots_served"] >= SWAPS
    assert found["rss_growth"]["found"] < GROWTH
    # A request more or less may be at work at the moment of counting.
    assert abs(found["at_the_end"]["threads"] - found["after_warm_up"]["threads"]) <= 4
    assert abs(found["at_the_end"]["files"] - found["after_warm_up"]["files"]) <= 8
