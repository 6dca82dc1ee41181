"""The encoder of a running service is changed, back and forth: nobody notices but by the answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.weights import ADAPTED
from tests.security.encoder_change import OWN, World, change


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    try:
        made.wait_until_ready()
        yield made
    finally:
        made.service.stop()


@pytest.mark.slow
def test_while_the_encoder_changes_no_request_fails_and_no_answer_mixes_vectors(world: World) -> None:
    found = change(world, requests=1_000)

    assert found["requests"] >= 1_000
    assert found["failed"] == {}
    assert found["of_more_than_one_snapshot"] == 0
    assert found["unlike_a_single_process"] == 0
    assert found["encoders"] == sorted(["toy-64", ADAPTED, OWN])
    assert len(found["by_snapshot"]) == 3
