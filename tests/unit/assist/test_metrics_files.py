"""The files that workers keep their figures in: they never outgrow the room that was taken, and are tidied up."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assist.counting import open_metrics
from assist.metrics import METRICS_FOLDER, WorkerState
from assist.metrics_files import begin_anew, folder_of, take_room
from assist.settings import Settings
from assist.unavailable import Unavailable

ROOT = Path(__file__).parents[3]
# Every label takes every value that it can: all routes of the document, in all states, with all that can be counted.
FILL = """
import itertools, os, sys
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args
folder = Path(sys.argv[1])
from assist.metrics import WorkerState
from assist.metrics_files import take_room
from assist.prometheus import PrometheusMetrics
from assist.app import create_app
from corpus.feedback import FeedbackEvent, FeedbackKind
from tests.local_services import local_services
take_room(folder, os.getpid())
before = {file.name: file.stat().st_size for file in folder.iterdir()}
metrics = PrometheusMetrics(lambda: WorkerState(built_at=datetime.now(UTC)), {"version": "1"}, folder)
rules = list(create_app(local_services(None)).url_map.iter_rules())
statuses = (200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 503)
every = [(rule.rule, method) for rule in rules for method in rule.methods]
for (endpoint, method), status in itertools.product([*every, ("other", "other")], statuses):
    metrics.answered(endpoint=endpoint, method=method, status=status, seconds=1)
for kind, event in itertools.product(get_args(FeedbackKind), get_args(FeedbackEvent)):
    metrics.took_feedback(kind, event, 1)
after = {file.name: file.stat().st_size for file in folder.iterdir()}
page = metrics.page()
assert before == after, (before, after)
print(len(page))
assert len(rules) > 20, rules
"""


def fill(folder: Path) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, METRICS_FOLDER: str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", FILL, str(folder)]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)


def test_figures_never_outgrow_the_room_that_was_taken_for_them(tmp_path: Path) -> None:
    done = fill(tmp_path)
    assert done.returncode == 0, done.stderr
    taken = {re.sub(r"_\d+\.db", "", file.name): file.stat() for file in tmp_path.iterdir()}
    assert set(taken) == {"counter", "histogram", "gauge_livesum", "gauge_livemax", "gauge_liveall"}
    assert all(each.st_blocks * 512 >= each.st_size for each in taken.values())


def test_without_room_a_service_goes_on_without_figures_and_says_why(tmp_path: Path) -> None:
    blocked = tmp_path / "metrics"
    blocked.write_text("not a folder", encoding="utf-8")
    begin_anew(blocked / "host-8080")

    metrics = open_metrics(Settings(metrics_folder=blocked / "host-8080"), WorkerState)

    metrics.answered(endpoint="/healthz", method="GET", status=200, seconds=0.1)
    with pytest.raises(Unavailable, match="no place to keep figures"):
        metrics.page()


def test_a_service_begins_with_an_empty_folder_of_its_own(tmp_path: Path) -> None:
    mine, beside = folder_of(tmp_path, 8080), folder_of(tmp_path, 8081)
    for folder in (mine, beside):
        take_room(folder, 1)

    begin_anew(mine)

    assert list(mine.iterdir()) == []
    assert len(list(beside.iterdir())) == 5


def test_what_a_service_left_behind_a_week_ago_goes(tmp_path: Path) -> None:
    long_gone = folder_of(tmp_path, 9000)
    take_room(long_gone, 1)
    eight_days_ago = time.time() - 8 * 86_400
    for path in (*long_gone.iterdir(), long_gone):
        os.utime(path, (eight_days_ago, eight_days_ago))

    begin_anew(folder_of(tmp_path, 8080))

    assert not long_gone.exists()
