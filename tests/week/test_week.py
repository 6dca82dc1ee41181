"""The week of a knowledge manager, with the toy encoder and a small edition."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.security.wire import ROOT, Wired
from tests.week.play import Week, play


@pytest.mark.slow
def test_the_week_is_played_without_a_failed_request(tmp_path: Path) -> None:
    service = Wired(tmp_path, ROOT / "corpus" / "demo", ASSIST_WORKERS="2", ASSIST_RATE_LIMIT="0")
    told: list[str] = []
    try:
        service.wait_until_ready()
        facts = play(Week(tmp_path, service, "toy", told.append), None, 60)
    finally:
        service.stop()

    assert facts["load"]["failed"] == 0
    assert facts["load"]["suggestions"] > 0
    assert {line.split()[0] for line in told} == {
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Weekend",
        "Load",
    }
