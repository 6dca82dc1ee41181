"""Reading while another thread builds, activates and deletes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import index.snapshot_store as store
from index.snapshot import Problem, activate, delete, load_current_or_last_good, sweep

Publish = Callable[..., str]


class Reader:
    """Loads the current snapshot over and over, as a worker does, and keeps what it saw."""

    def __init__(self, var: Path) -> None:
        self._var = var
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self.seen: list[tuple[str, bytes]] = []
        self.problems: list[Problem] = []
        self.errors: list[Exception] = []

    def __enter__(self) -> Reader:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)

    def _read(self) -> None:
        while not self._stop.is_set():
            try:
                snapshot, problems = load_current_or_last_good(self._var)
            except Exception as error:  # whatever it is, the test must see it
                self.errors.append(error)
                return
            self.seen.append((snapshot.manifest.corpus_fingerprint, snapshot.blobs["records.jsonl"]))
            self.problems.extend(problems)


def test_a_reader_sees_a_whole_snapshot_through_a_hundred_swaps(
    var: Path, publish: Publish, snapshot_contents: Callable[[str], dict[str, bytes]]
) -> None:
    pair = (publish(var, "a"), publish(var, "b"))
    with Reader(var) as reader:
        for turn in range(100):
            activate(var, pair[turn % 2])
    assert (reader.errors, reader.problems) == ([], [])
    assert {text for text, _ in reader.seen} == {"a", "b"}
    assert all(records == snapshot_contents(text)["records.jsonl"] for text, records in reader.seen)


def test_a_reader_is_not_disturbed_when_old_snapshots_go_at_once(var: Path, publish: Publish) -> None:
    publish(var, "start")
    with Reader(var) as reader:
        for turn in range(40):
            publish(var, str(turn), days=turn / 24)
            sweep(var, datetime(2036, 1, 1, tzinfo=UTC), keep_days=0, keep_at_least=1)
    assert (reader.errors, reader.problems) == ([], [])
    assert len(reader.seen) > 1


@pytest.mark.parametrize("step", ["current", "load_verified"])
def test_starts_again_when_the_snapshot_is_replaced_and_deleted_meanwhile(
    var: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    old = publish(var, "alt")
    genuine = getattr(store, step)
    new: list[str] = []

    def overtaken(*arguments: object) -> object:
        outcome = genuine(*arguments) if step == "current" else None
        if not new:
            new.append(publish(var, "neu"))
            delete(var, old)
        return outcome or genuine(*arguments)

    monkeypatch.setattr(store, step, overtaken)
    snapshot, problems = load_current_or_last_good(var)
    assert (snapshot.manifest.snapshot_id, problems) == (new[0], ())
