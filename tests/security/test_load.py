"""Five times what it can do: the service refuses what is too much and stays alive; SIGTERM then loses no request.

How fast it is on a free machine, ``python -m tests.security.load`` measures; here nothing depends on that.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.load import Load, measure, press
from tests.security.wire import ROOT, Wired

pytestmark = pytest.mark.slow


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Wired]:
    running = Wired(tmp_path, ROOT / "corpus" / "demo", ASSIST_REQUEST_THREADS="2", ASSIST_QUEUE="4")
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


def test_what_is_too_much_is_refused_and_the_rest_goes_on(service: Wired) -> None:
    found = measure(service, 10.0)

    assert set(found["statuses"]) == {200, 503}
    assert set(found["health_statuses"]) == {200}
    assert found["shed_without_retry_after"] == 0
    assert found["shed_ms"]["p50"] < found["accepted_ms"]["p50"] * 2 + 1_000
    assert found["recovered_s"]["found"] < 30
    assert found["answers"]["compared"] > 0
    assert found["answers"]["different_from_unloaded"] == 0


def test_sigterm_under_load_loses_no_request_that_was_taken(service: Wired) -> None:
    ending = threading.Timer(3.0, service.process.terminate)
    ending.start()
    load: Load = asyncio.run(press(service.port, 60.0, 8.0))

    assert service.process.wait(30) == 0
    statuses = {sent.status for sent in load.suggest}
    assert {200, 0} <= statuses <= {200, 503, 0}, [sent.broken for sent in load.suggest if sent.broken][:3]
    # Refused at the door is whoever came later, and nobody but them.
    first_refused = min(sent.due for sent in load.suggest if sent.status == 0)
    assert all(sent.status == 0 for sent in load.suggest if sent.due > first_refused + 1.0)
