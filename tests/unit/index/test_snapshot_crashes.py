"""R1 and R4: killed or out of space at any point, the old or the new snapshot serves, and the next run succeeds."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.failpoints import FAILPOINTS, VARIABLE
from index.locks import WriterBusyError, WriterLock
from index.snapshot import (
    SnapshotError,
    SnapshotWriter,
    activate,
    current,
    list_snapshots,
    load_current_or_last_good,
    previous,
    verify_all,
)
from tests.unit.index.snapshot_writing import write_snapshot

Publish = Callable[..., str]
ROOT = Path(__file__).parents[3]
# The rest belongs to the build around the snapshot, and is tried in tests/integration/test_crashes.py.
POINTS = [
    name
    for name in FAILPOINTS
    if name.startswith(("snapshot.", "activation.", "current.", "retention.")) and name != "snapshot.after_set_aside"
]
SWAPPED = [name for name in POINTS if name.startswith(("current.after", "retention."))]


def start(var: Path, text: str, *, mode: str = "once", failpoint: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.unit.index.snapshot_writing", str(var), mode, text],
        cwd=ROOT,
        env={**os.environ, VARIABLE: failpoint},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def write(var: Path, text: str, *, mode: str = "once", failpoint: str = "") -> tuple[int, str, str]:
    process = start(var, text, mode=mode, failpoint=failpoint)
    out, err = process.communicate(timeout=60)
    return process.returncode, out.strip(), err.strip()


def leftovers(var: Path) -> list[str]:
    return [path.name for path in (var / "snapshots").glob(".*")]


@pytest.fixture
def served(var: Path, publish: Publish) -> tuple[str, str]:
    return publish(var, "alt", days=-30), publish(var, "jetzt", days=-20)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_the_old_or_the_new_one_serves_and_the_next_run_succeeds(
    var: Path, served: tuple[str, str], point: str
) -> None:
    code, out, _ = write(var, "neu", failpoint=point)
    assert (code, out) == (-signal.SIGKILL, "")
    snapshot, problems = load_current_or_last_good(var)
    swapped = point in SWAPPED
    assert problems == ()
    assert (snapshot.manifest.snapshot_id == served[1]) is not swapped
    assert previous(var) == (served[1] if swapped else served[0])

    made = write_snapshot(var, "neu")
    assert current(var) == made
    assert previous(var) == served[1]
    assert {info.id for info in list_snapshots(var)} == {made, served[1]}
    assert verify_all(var) == ()
    assert leftovers(var) == []


@pytest.mark.parametrize("point", POINTS)
def test_a_full_disk_at_any_point_is_told_and_leaves_nothing(
    var: Path, served: tuple[str, str], monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    monkeypatch.setenv(VARIABLE, f"{point}:error")
    with pytest.raises(SnapshotError) as told:
        write_snapshot(var, "neu")
    monkeypatch.delenv(VARIABLE)
    message = str(told.value)
    for part in ("failed: No space left on device", "bytes are free", "Make room on the disk"):
        assert part in message
    # what is taken out of sight already is removed by the next writer
    assert leftovers(var) == [] or point == "retention.after_set_aside"
    assert load_current_or_last_good(var)[1] == ()
    if point not in SWAPPED:
        assert current(var) == served[1]
        assert previous(var) == served[0]
    made = write_snapshot(var, "neu")
    assert (current(var), previous(var)) == (made, served[1])
    assert leftovers(var) == []


@pytest.mark.parametrize("action", ["", ":error"])
def test_a_damaged_one_is_replaced_at_last_when_replacing_it_was_interrupted(
    var: Path, served: tuple[str, str], action: str
) -> None:
    made = write_snapshot(var, "neu")
    (var / "snapshots" / made / "vectors.npy").write_bytes(b"")
    assert write(var, "neu", failpoint=f"snapshot.after_set_aside{action}")[0] != 0
    assert load_current_or_last_good(var)[0].manifest.snapshot_id == served[1]
    assert write_snapshot(var, "neu") == made
    assert load_current_or_last_good(var)[1] == ()
    assert leftovers(var) == []


def test_a_file_size_limit_is_told_and_leaves_nothing(var: Path, served: tuple[str, str]) -> None:
    code, _, message = write(var, "neu", mode="limited")
    assert code == 1
    assert message.startswith("writing vectors.npy (100000 bytes) failed: File too large")
    assert "ulimit -f" in message
    assert leftovers(var) == []
    assert load_current_or_last_good(var)[0].manifest.snapshot_id == served[1]


def run_with_room_for(var: Path, room: int, monkeypatch: pytest.MonkeyPatch, publish: Publish) -> int:
    """Publish and activate on a disk with ``room`` bytes, which ends in a short write; return the bytes left."""
    left = [room]
    genuine = os.write

    def write_what_fits(descriptor: int, data: memoryview) -> int:
        fits = min(len(data), left[0])
        if data and not fits:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left[0] -= fits
        return genuine(descriptor, data[:fits])

    with monkeypatch.context() as patch:
        patch.setattr("index.durable.os.write", write_what_fits)
        publish(var, "neu")
    return left[0]


def test_a_disk_full_after_each_twentieth_of_what_is_needed(
    var: Path, served: tuple[str, str], publish: Publish, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plenty = 1 << 20
    twin = shutil.copytree(var, tmp_path / "twin")
    needed = plenty - run_with_room_for(twin, plenty, monkeypatch, publish)
    for step in range(20):
        with pytest.raises(SnapshotError, match=r"No space left on device.*Make room"):
            run_with_room_for(var, needed * step // 20, monkeypatch, publish)
        assert leftovers(var) == []
        assert load_current_or_last_good(var)[0].manifest.snapshot_id == served[1]
        assert previous(var) == served[0]
    assert run_with_room_for(var, needed, monkeypatch, publish) == 0
    assert previous(var) == served[1]


def test_readers_go_on_beside_a_stopped_writer_and_a_second_writer_is_told_who_it_is(
    var: Path, served: tuple[str, str]
) -> None:
    process = start(var, "neu", failpoint="snapshot.before_rename:pause")
    try:
        assert process.stderr is not None
        assert process.stderr.readline() == "paused snapshot.before_rename\n"
        assert load_current_or_last_good(var)[0].manifest.snapshot_id == served[1]
        began = time.monotonic()
        with pytest.raises(WriterBusyError, match=f"pid {process.pid}"), WriterLock(var):
            pytest.fail("two writers at once")
        assert time.monotonic() - began < 2
    finally:
        process.kill()
        process.communicate(timeout=30)
    write_snapshot(var, "neu")
    assert leftovers(var) == []


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 40))])
def test_killed_at_a_random_moment(var: Path, served: tuple[str, str], seed: int) -> None:
    process = start(var, "neu", mode="forever")
    assert process.stdout is not None
    assert process.stdout.readline()
    time.sleep(random.Random(seed).uniform(0, 0.3))
    process.kill()
    process.communicate(timeout=30)
    assert load_current_or_last_good(var)[1] == ()
    assert verify_all(var) == ()
    before = current(var)
    made = write_snapshot(var, "danach")
    assert (current(var), previous(var)) == (made, before)
    assert leftovers(var) == []


def test_an_error_while_activating_leaves_the_pointer_alone(
    var: Path, served: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "current.before_replace:error")
    with pytest.raises(SnapshotError, match=f"activating snapshot {served[0]} failed"):
        activate(var, served[0])
    assert current(var) == served[1]
    assert previous(var) == served[0]
    assert leftovers(var) == []


def test_a_directory_without_the_right_to_write_is_told(
    var: Path, served: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SnapshotError, match="Give this user the right to write"):
        SnapshotWriter(var).__enter__()
