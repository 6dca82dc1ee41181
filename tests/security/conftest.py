"""Fixtures of the security tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.security.toy_service import Indexer


@pytest.fixture(scope="session")
def indexer(tmp_path_factory: pytest.TempPathFactory) -> Indexer:
    """Index records in memory with the toy encoder."""
    folder: Path = tmp_path_factory.mktemp("toy")
    return Indexer(folder)
