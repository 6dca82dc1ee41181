from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.failpoints import FAILPOINTS, VARIABLE, reach

ROOT = Path(__file__).parents[3]
SCRIPT = "import sys; from index.failpoints import reach; reach(sys.argv[1]); print('went on')"


def run(point: str, wanted: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, point],
        cwd=ROOT,
        env={**os.environ, VARIABLE: wanted},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("wanted", [None, ""])
def test_disabled_by_default(monkeypatch: pytest.MonkeyPatch, wanted: str | None) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if wanted is not None:
        monkeypatch.setenv(VARIABLE, wanted)
    for name in FAILPOINTS:
        reach(name)


@pytest.mark.parametrize("name", FAILPOINTS)
def test_error_is_that_of_a_full_disk_and_only_at_its_point(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(VARIABLE, f"{name}:error")
    for other in FAILPOINTS:
        if other != name:
            reach(other)
    with pytest.raises(OSError, match=name) as caught:
        reach(name)
    assert caught.value.errno == errno.ENOSPC


def test_a_point_of_several_things_can_be_that_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "snapshot.partial_file@b.json:error")
    for thing in ("a.json", ""):
        reach("snapshot.partial_file", thing)
    with pytest.raises(OSError, match="partial_file"):
        reach("snapshot.partial_file", "b.json")
    monkeypatch.setenv(VARIABLE, "snapshot.partial_file:error")
    with pytest.raises(OSError, match="partial_file"):
        reach("snapshot.partial_file", "a.json")


def test_the_bare_name_kills_the_process_at_once() -> None:
    process = run("import.before_commit", "import.before_commit")
    out, _ = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    assert out == ""


def test_another_point_lets_it_go_on() -> None:
    process = run("import.after_commit", "import.before_commit")
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "went on\n")


def test_pause_says_so_and_waits_to_be_killed() -> None:
    process = run("build.after_embedding", "build.after_embedding:pause")
    assert process.stderr is not None
    assert process.stderr.readline() == "paused build.after_embedding\n"
    assert process.poll() is None
    process.kill()
    out, _ = process.communicate(timeout=30)
    assert out == ""


@pytest.mark.parametrize("wanted", ["snapshot.nowhere", "snapshot.before_rename:", "snapshot.before_rename:explode"])
def test_an_unknown_wish_is_refused_at_any_point(monkeypatch: pytest.MonkeyPatch, wanted: str) -> None:
    monkeypatch.setenv(VARIABLE, wanted)
    with pytest.raises(ValueError, match=r"expected NAME, NAME:error or NAME:pause.*unset STICHWORT_FAILPOINT"):
        reach("import.before_commit")


def test_an_unknown_point_in_the_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(ValueError, match=r"snapshot\.typo"):
        reach("snapshot.typo")
