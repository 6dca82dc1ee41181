"""Snapshots with small, random-looking content."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from index.blobs import blob_of
from index.snapshot import EncoderInfo, Manifest, SnapshotWriter, activate

Publish = Callable[..., str]

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def contents_of(text: str) -> dict[str, bytes]:
    noise = random.Random(text)
    return {
        "records.jsonl": text.encode() + noise.randbytes(300),
        "vectors.npy": noise.randbytes(12_000),
        "empty.json": b"",
        "articles.tokens.codes.npy": blob_of(np.frombuffer(text.encode() * 500, dtype=np.int8)),
    }


def publish_manifest(var: Path, text: str, *, days: float = 0) -> Manifest:
    with SnapshotWriter(var) as writer:
        for name, data in contents_of(text).items():
            writer.add(name, data)
        return writer.publish(
            encoder=EncoderInfo(name="toy", fingerprint="f" * 8, dimension=8),
            corpus_fingerprint=text,
            sequence=7,
            counts={"articles": 2},
            generator="stichwort test",
            created_at=NOON + timedelta(days=days),
        )


@pytest.fixture(scope="session")
def publish() -> Publish:
    """Publish a snapshot of ``text``, made ``days`` after noon, activate it unless told otherwise, return its id."""

    def publish(var: Path, text: str, *, days: float = 0, active: bool = True) -> str:
        var.mkdir(parents=True, exist_ok=True)
        snapshot_id = publish_manifest(var, text, days=days).snapshot_id
        if active:
            activate(var, snapshot_id, at=NOON + timedelta(days=days))
        return snapshot_id

    return publish


@pytest.fixture(scope="session")
def snapshot_contents() -> Callable[[str], dict[str, bytes]]:
    return contents_of


@pytest.fixture
def var(tmp_path: Path) -> Path:
    directory = tmp_path / "var"
    directory.mkdir()
    return directory
