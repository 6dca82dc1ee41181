"""What a serving process looks after by itself, how soon, and that all of it ends when it is told to."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from assist.bootstrap import Runtime, build_runtime
from assist.settings import Settings
from index.settings import IndexSettings

LONG = 30.0
# What the documents promise: revoked keys within five seconds, a snapshot and live changes within two.
SOON_ENOUGH_S = {
    "agent-key-watch": 600,
    "declined-watch": 5,
    "key-watch": 5,
    "snapshot-watch": 2,
    "upload-sweep": 3_600,
    "observer": 5,
}


@pytest.fixture
def runtime(tmp_path: Path) -> Runtime:
    return build_runtime(Settings(index=IndexSettings(var=tmp_path, encoder="toy")))


def test_everything_that_may_change_is_looked_after_soon_enough(runtime: Runtime) -> None:
    assert [each.name for each in runtime.lookouts] == list(SOON_ENOUGH_S)
    assert all(each.every_s < SOON_ENOUGH_S[each.name] for each in runtime.lookouts)


def test_once_started_it_works_by_itself_and_stopped_it_leaves_no_thread(runtime: Runtime, tmp_path: Path) -> None:
    old = tmp_path / "uploads" / "0123456789abcdef"
    old.mkdir(parents=True)
    os.utime(old, (0, 0))
    assert runtime.keys.known() is None

    runtime.start()
    deadline = time.monotonic() + LONG
    while (old.exists() or runtime.keys.known() is None or runtime.live.opening()) and time.monotonic() < deadline:
        time.sleep(0.01)
    runtime.stop()

    assert not old.exists()
    assert runtime.keys.known() is not None
    assert not runtime.live.opening()
    assert {thread.name for thread in threading.enumerate()} & set(SOON_ENOUGH_S) == set()
