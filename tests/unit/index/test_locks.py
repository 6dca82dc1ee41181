from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.locks import WriterBusyError, WriterLock

ROOT = Path(__file__).parents[3]
HOLDER = """
import sys
from pathlib import Path
from index.locks import WriterLock
with WriterLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(var: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(var)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate(timeout=30)


def test_a_second_process_is_refused_within_two_seconds_and_told_who_writes(
    var: Path, holder: subprocess.Popen[str]
) -> None:
    start = time.monotonic()
    with (
        pytest.raises(WriterBusyError, match=rf"pid {holder.pid}, since 20.*, command .*python") as caught,
        WriterLock(var),
    ):
        pytest.fail("two writers at once")
    assert 1.4 < time.monotonic() - start < 2
    assert "try again" in str(caught.value)


def test_a_killed_holder_blocks_nobody(var: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait(timeout=30)
    assert json.loads((var / "writer.json").read_text())["pid"] == holder.pid
    with WriterLock(var, wait_seconds=0):
        assert json.loads((var / "writer.json").read_text())["pid"] != holder.pid


def test_waits_for_a_holder_that_finishes_in_time(var: Path, holder: subprocess.Popen[str]) -> None:
    assert holder.stdin is not None
    holder.stdin.close()
    with WriterLock(var):
        pass
    holder.wait(timeout=30)
    holder.stdin = None


def test_is_free_again_after_the_block_and_after_an_error_in_it(var: Path) -> None:
    with pytest.raises(KeyError), WriterLock(var):
        raise KeyError
    assert not (var / "writer.json").exists()
    with WriterLock(var, wait_seconds=0):
        pass


def test_excludes_within_one_process_too(var: Path) -> None:
    lock = WriterLock(var, wait_seconds=0)
    with lock:
        for other in (lock, WriterLock(var, wait_seconds=0)):
            with pytest.raises(WriterBusyError, match="another writer"), other:
                pytest.fail("two writers at once")
        with pytest.raises(WriterBusyError), WriterLock(var, wait_seconds=0):
            pytest.fail("the refused attempt released the lock")


@pytest.mark.parametrize("sidecar", ["", "[]", '{"pid": "x"}', "\x00", "[" * 100_000])
def test_an_unreadable_sidecar_only_costs_the_name(var: Path, sidecar: str) -> None:
    with WriterLock(var):
        (var / "writer.json").write_text(sidecar)
        with pytest.raises(WriterBusyError, match="has not said who it is"), WriterLock(var, wait_seconds=0):
            pytest.fail("two writers at once")


def test_makes_the_state_directory(tmp_path: Path) -> None:
    with WriterLock(tmp_path / "new" / "var"):
        assert (tmp_path / "new" / "var" / "writer.lock").is_file()


def test_the_file_that_says_who_writes_names_no_person(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["python", "-m", "assist", "erase", "--customer", "kd-77", "--agent=Beate", "--var", "v"]
    monkeypatch.setattr(sys, "orig_argv", words)
    with WriterLock(var):
        said = json.loads((var / "writer.json").read_text(encoding="utf-8"))["command"]

    assert said == "python -m assist erase --customer '…' '--agent=…' --var v"
