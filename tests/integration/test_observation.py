"""What two workers under gunicorn tell together: whichever is asked knows the figures of both, and of one that died."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import small_corpus, write_folder
from tests.security.wire import Wired, ask, request

CANARY = "KANARIENVOGEL"
QUESTION = {
    "case": {"id": f"{CANARY}-1", "description": f"Rechnung doppelt abgebucht, {CANARY}", "customer_id": CANARY},
    "context": {"agent": {"name": CANARY}},
    "min_confidence": 0,
}
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    root = tmp_path_factory.mktemp("observed")
    running = Wired(root, write_folder(root / "corpus", small_corpus()), ASSIST_WORKERS="2")
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


def page(service: Wired) -> str:
    (reply,) = service.send(request("GET", "/metrics"))
    assert reply.status == 200, reply.body
    return reply.body.decode("utf-8")


def samples(service: Wired) -> Samples:
    return {
        (sample.name.removeprefix("stichwort_"), frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page(service))
        for sample in family.samples
    }


def of(found: Samples, name: str, **labels: str) -> float | None:
    return found.get((name, frozenset(labels.items())))


def processes(found: Samples) -> set[int]:
    return {int(dict(labels)["pid"]) for name, labels in found if name == "process_resident_bytes"}


def until(service: Wired, holds: Callable[[Samples], bool]) -> Samples:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = samples(service)
        if holds(found):
            return found
        time.sleep(0.1)
    pytest.fail(f"never came to be: {found}")


def both_serve(found: Samples) -> bool:
    return of(found, "workers", status="ok") == 2


def test_both_workers_count_as_one_service(service: Wired) -> None:
    before = until(service, both_serve)
    asked = 40
    for _ in range(asked):
        assert service.send(ask(QUESTION))[0].status == 200

    after = samples(service)
    route = {"endpoint": "/v1/suggest", "method": "POST", "status": "200"}
    assert (of(after, "requests_total", **route) or 0) - (of(before, "requests_total", **route) or 0) == asked
    assert of(after, "suggest_stage_seconds_count", stage="whole") == of(after, "asked_total", kind="articles")
    assert len(processes(after)) == 2
    assert all(value > 10_000_000 for (name, _), value in after.items() if name == "process_resident_bytes")
    assert len({value for (name, _), value in after.items() if name == "snapshot_built_time_seconds"}) == 1
    assert of(after, "store_away") == 0


def test_neither_figures_nor_log_have_a_word_of_a_case_and_each_request_is_a_line_of_json(service: Wired) -> None:
    service.send(ask(QUESTION, "X-Request-Id: anfrage-4711"))
    service.send(request("GET", f"/{CANARY}?{CANARY}={CANARY}"))
    service.send(b"KEIN HTTP " + CANARY.encode() + b"\r\n\r\n", end=True)

    said = service.said.read_text(encoding="utf-8")
    assert CANARY.casefold() not in (page(service) + said).casefold()
    lines = [line for line in said.splitlines() if not line.startswith(("Stichwort serves", "No keys are"))]
    told = [json.loads(line) for line in lines]
    (mine,) = [each for each in told if each.get("request_id") == "anfrage-4711"]
    assert (mine["route"], mine["status"]) == ("/v1/suggest", 200)
    assert mine["stages_ms"]["whole"] > 0


def test_what_a_dead_worker_counted_stays_and_how_it_was_goes(service: Wired) -> None:
    before = until(service, both_serve)
    counted = of(before, "asked_total", kind="articles")
    victim = min(processes(before))

    os.kill(victim, signal.SIGKILL)

    after = until(service, lambda found: both_serve(found) and victim not in processes(found))
    assert len(processes(after)) == 2
    assert (of(after, "asked_total", kind="articles") or 0) >= (counted or 0)


def test_the_files_of_figures_lie_in_the_state_and_hold_no_word_of_a_case(service: Wired) -> None:
    files = [path for path in (service.var / "metrics").rglob("*") if path.is_file()]
    assert files
    assert not any(CANARY.casefold().encode() in Path(path).read_bytes().lower() for path in files)
