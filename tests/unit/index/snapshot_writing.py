"""Writes a snapshot and lets it serve, in a test's process or in one of its own, which can be killed.

``python -m tests.unit.index.snapshot_writing VAR MODE TEXT``: ``once``; ``limited``, where no file may be large;
``forever``, until it is killed.
"""

from __future__ import annotations

import random
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from index.locks import WriterLock
from index.snapshot import EncoderInfo, SnapshotError, SnapshotWriter, activate, sweep


def write_snapshot(var: Path, text: str) -> str:
    """Write a snapshot made of ``text``, let it serve, delete all others but the one before, and return its id."""
    with WriterLock(var):
        with SnapshotWriter(var) as writer:
            writer.add("records.jsonl", text.encode())
            writer.add("vectors.npy", random.Random(text).randbytes(100_000))
            made = writer.publish(
                encoder=EncoderInfo(name="toy", fingerprint="f", dimension=8),
                corpus_fingerprint=text,
                sequence=7,
                counts={},
                generator="test",
            )
        activate(var, made.snapshot_id)
        sweep(var, datetime(2036, 1, 1, tzinfo=UTC), keep_days=0, keep_at_least=1)
    return made.snapshot_id


def main(var: Path, mode: str, text: str) -> None:
    if mode == "limited":
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
    try:
        print(write_snapshot(var, text), flush=True)
        turn = 0
        while mode == "forever":
            turn += 1
            write_snapshot(var, text + str(turn))
    except SnapshotError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
