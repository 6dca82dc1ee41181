"""The service as it is deployed, under gunicorn: nothing that happens to the index makes it fail."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.settings import IndexSettings
from index.snapshot import current
from tests.conftest import WriteCorpus, build_with_toy, small_corpus

ROOT = Path(__file__).parents[2]
FAILPOINTS = (
    "import.before_commit",
    "build.after_embedding",
    "snapshot.partial_file",
    "snapshot.before_rename",
    "current.before_replace",
)
QUESTION = {"case": {"description": "Die Rechnung wurde doppelt abgebucht", "language": "de"}, "min_confidence": 0}


class Service:
    """A running service and a way to ask it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {**os.environ, "ASSIST_ENCODER": "toy", "ASSIST_VAR": str(var)}
        command = [sys.executable, "-m", "assist", "serve", "--var", str(var), "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        return self._ask(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}"))

    def suggest(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        data = json.dumps(body).encode("utf-8")
        headers = {"Content-Type": "application/json"}
        return self._ask(urllib.request.Request(f"http://127.0.0.1:{self.port}/v1/suggest", data, headers))

    def _ask(self, request: urllib.request.Request) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def wait_for(self, snapshot: str | None, status: str = "ok", seconds: float = 30.0) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        state: dict[str, Any] = {}
        while time.monotonic() < deadline:
            try:
                _, state = self.get("/readyz")
            except OSError:
                state = {"status": "away"}
            serves = state.get("status") == status and (snapshot is None or self.serving() == snapshot)
            if serves:
                return state
            time.sleep(0.05)
        pytest.fail(f"still {state} after {seconds} s")

    def serving(self) -> str:
        status, answer = self.suggest(QUESTION)
        return str(answer["snapshot"]) if status == 200 else f"status {status}"

    def build(self, corpus: Path, **variables: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "index", "build", "--corpus", str(corpus)]
        environment = {**self.environment, **variables}
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )


@pytest.fixture
def service(index_settings: IndexSettings, write_corpus: WriteCorpus) -> Iterator[Service]:
    """A service that was started before there was anything to serve."""
    var = index_settings.var
    running = Service(var)
    try:
        build_with_toy(index_settings, write_corpus(small_corpus()))
        running.wait_for(current(var))
        yield running
    finally:
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(30)


def _edited(write_corpus: WriteCorpus, edition: int) -> Path:
    rows = small_corpus()
    rows["articles"][0]["title"] = f"Doppelte Abbuchung einer Rechnung, Ausgabe {edition}"
    return write_corpus(rows)


class Asking(threading.Thread):
    """Asks without pause and keeps what it got."""

    def __init__(self, service: Service) -> None:
        super().__init__(daemon=True)
        self.service = service
        self.statuses: list[int] = []
        self.snapshots: set[str] = set()
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            status, answer = self.service.suggest(QUESTION)
            self.statuses.append(status)
            self.snapshots.add(str(answer.get("snapshot")))


def test_a_new_snapshot_serves_within_two_seconds(
    service: Service, index_settings: IndexSettings, write_corpus: WriteCorpus
) -> None:
    build_with_toy(index_settings, _edited(write_corpus, 1))
    service.wait_for(current(service.var), seconds=2.0)


def test_it_ends_in_order_on_sigterm(service: Service) -> None:
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(30) == 0


@pytest.mark.slow
def test_rebuilds_killed_at_failpoints_and_at_random_moments_never_disturb_it(
    service: Service, write_corpus: WriteCorpus
) -> None:
    asking = Asking(service)
    asking.start()
    chance = random.Random(11)
    for edition, failpoint in enumerate(FAILPOINTS):
        killed = service.build(_edited(write_corpus, edition), STICHWORT_FAILPOINT=failpoint)
        assert killed.wait(60) == -signal.SIGKILL, failpoint
    for edition in range(10, 20):
        killed = service.build(_edited(write_corpus, edition))
        time.sleep(chance.uniform(0.5, 5.0))
        killed.kill()
        killed.wait(60)
    last = service.build(_edited(write_corpus, 99))
    assert last.wait(60) == 0
    service.wait_for(current(service.var), seconds=5.0)
    asking.stop.set()
    asking.join(10)
    assert len(asking.statuses) > 100
    assert set(asking.statuses) == {200}
    status, record = service.get("/v1/articles/rechnung-doppelt")
    assert (status, record["title"]) == (200, "Doppelte Abbuchung einer Rechnung, Ausgabe 99")


@pytest.mark.slow
def test_a_damaged_snapshot_is_named_and_the_last_good_one_serves(service: Service, write_corpus: WriteCorpus) -> None:
    good = current(service.var)
    assert good is not None
    assert service.build(_edited(write_corpus, 1)).wait(60) == 0
    bad = current(service.var)
    assert bad is not None
    service.wait_for(bad)
    damaged = service.var / "snapshots" / bad / "articles.jsonl"
    damaged.write_bytes(damaged.read_bytes()[:-5])
    # A worker that starts now finds the damage; the one that serves has everything in memory.
    restarted = Service(service.var)
    try:
        state = restarted.wait_for(good, status="degraded")
        assert any("articles.jsonl" in reason for reason in state["reasons"])
    finally:
        restarted.process.send_signal(signal.SIGTERM)
        restarted.process.wait(30)


@pytest.mark.slow
def test_processes_and_channels_agree_to_the_last_digit(service: Service, tmp_path: Path) -> None:
    cases = [
        {"id": f"n{number}", "description": f"{text} Nummer {number}", "language": "de"}
        for number, text in enumerate(["Rechnung doppelt abgebucht", "Lampe blinkt rot", "ich will kündigen"] * 5)
    ]
    file = tmp_path / "new.jsonl"
    file.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), encoding="utf-8")
    command = [sys.executable, "-m", "assist", "suggest", "--cases", str(file), "--as-of", "2026-06-01T00:00:00Z"]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=service.environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    printed = [process.communicate()[0] for process in running]
    assert len(set(printed)) == 1
    for case, line in zip(cases, printed[0].splitlines(), strict=True):
        _, answer = service.suggest({"case": case, "as_of": "2026-06-01T00:00:00Z"})
        shown = json.loads(line)
        for kind in ("articles", "templates", "actions", "similar_cases"):
            assert answer[kind] == shown[kind]
        assert answer["abstained"] == shown["abstained"]
