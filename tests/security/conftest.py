"""Fixtures of the security tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.folder import Corpus, read_corpus
from tests.conftest import small_corpus
from tests.security.toy_service import Indexer


@pytest.fixture(scope="session")
def indexer(tmp_path_factory: pytest.TempPathFactory) -> Indexer:
    """Index records in memory with the toy encoder."""
    folder: Path = tmp_path_factory.mktemp("toy")
    return Indexer(folder)


@pytest.fixture(scope="session")
def small_records(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The small corpus, read as any folder is."""
    folder: Path = tmp_path_factory.mktemp("corpus")
    for kind, rows in small_corpus().items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{kind}.jsonl").write_text(lines, encoding="utf-8")
    return read_corpus(folder)
