"""R4: the disk is full at any step of a build: it says so and leaves nothing behind, and the old snapshot serves.

Each build runs on a file system of bounded size, mounted in a namespace of its own; no right beyond that is needed.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assist.models import SuggestRequest
from assist.opening import current_suggester
from assist.settings import Settings
from corpus.database import create_engine, writing
from corpus.models import Case
from corpus.store import Store
from corpus.store_errors import StoreAwayError
from corpus.stored import StoredRecord
from index.builder import build
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from index.snapshot import current, verify_all
from tests.conftest import edition, write_folder

ROOT = Path(__file__).parents[2]
PAGE = 4096
STEPS = 20
TRIED_ALWAYS = {0, 9}
# size, where to mount, the state to begin with, the corpus, Python, where the outcome goes
BUILD = """
mount -t tmpfs -o size="$1" tmpfs "$2" || exit 99
cp -a "$3/." "$2/" || exit 98
"$5" -m index build --var "$2" --corpus "$4"
code=$?
cp -a "$2/." "$6/" || exit 97
exit $code
"""
NAMESPACE = ("unshare", "--mount", "--map-root-user", "--user")


def can_mount() -> bool:
    probe = [*NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return shutil.which("unshare") is not None and subprocess.run(probe, capture_output=True).returncode == 0


needs_mounting = pytest.mark.skipif(not can_mount(), reason="this system lets nobody mount a file system of their own")


@dataclass(frozen=True)
class World:
    """A state that serves, the corpus to index next, and the bytes that its files take and will take."""

    before: Path
    corpus: Path
    size: int
    needed: int


def settings_of(var: Path) -> IndexSettings:
    return IndexSettings(var=var, encoder="toy")


def index(var: Path, corpus: Path) -> None:
    build(settings_of(var), open_encoder("toy", Path("models")), corpus, SilentReporter())


def bytes_of(files: Iterable[Path]) -> int:
    return sum(-(-file.stat().st_size // PAGE) * PAGE for file in files if file.is_file())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    home = tmp_path_factory.mktemp("full")
    index(home / "before", write_folder(home / "corpus", edition(1)))
    corpus = write_folder(home / "corpus", edition(2))
    index(shutil.copytree(home / "before", home / "after"), corpus)
    size = bytes_of((home / "before").rglob("*"))
    return World(home / "before", corpus, size, bytes_of((home / "after").rglob("*")) - size)


def build_with_room(world: World, room: int, outcome: Path) -> subprocess.CompletedProcess[str]:
    """Build on a disk with ``room`` free bytes; the state that this leaves is copied to ``outcome``."""
    mount = outcome.with_name("disk")
    for directory in (mount, outcome):
        directory.mkdir()
    arguments = [world.size + room, mount, world.before, world.corpus, sys.executable, outcome]
    return subprocess.run(
        [*NAMESPACE, "sh", "-c", BUILD, "sh", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "ASSIST_ENCODER": "toy"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def names(directory: Path) -> set[str]:
    return {path.relative_to(directory).as_posix() for path in directory.rglob("*")}


def steps() -> list[Any]:
    return [step if step in TRIED_ALWAYS else pytest.param(step, marks=pytest.mark.slow) for step in range(STEPS)]


@needs_mounting
@pytest.mark.parametrize("step", steps())
def test_a_disk_full_at_each_twentieth_of_what_a_build_needs_is_told_and_leaves_the_old_one_serving(
    world: World, tmp_path: Path, step: int
) -> None:
    var = tmp_path / "var"
    done = build_with_room(world, world.needed * step // STEPS, var)

    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    message = done.stderr.strip().splitlines()[-1]
    assert message.startswith("error: ")
    assert str(tmp_path / "disk") in message
    assert re.search(r"\d+ bytes are needed, \d+ are free, \d+ are missing|\d+ bytes are free in \S+", message)
    assert re.search("Make room on the disk|free some and try again", message)
    assert names(var) == names(world.before)
    assert verify_all(var) == ()
    assert current(var) == current(world.before)
    answer = current_suggester(Settings(index=settings_of(var))).suggest(
        SuggestRequest(case=Case(id="", description="Rechnung doppelt abgebucht"), min_confidence=0.0)
    )
    assert answer.snapshot == current(world.before)
    with closing(sqlite3.connect(settings_of(var).database_file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    index(var, world.corpus)
    assert current(var) == current(world.before.with_name("after"))


@needs_mounting
def test_with_room_for_twice_what_a_build_needs_it_succeeds(world: World, tmp_path: Path) -> None:
    done = build_with_room(world, 2 * world.needed, tmp_path / "var")
    assert done.returncode == 0, done.stderr
    assert current(tmp_path / "var") == current(world.before.with_name("after"))


def test_a_store_that_cannot_grow_says_how_much_is_free_and_keeps_what_it_had(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store.open(path) as store:
        before = store.live_state()
    engine = create_engine(path)
    with writing(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    large = [StoredRecord(kind="cases", id=f"n{i}", content_hash=f"n{i}", payload="x" * 500) for i in range(500)]
    with engine.connect() as connection:  # as a disk without room for one page more
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreAwayError, match=rf"cannot grow: the disk is full.*\d+ bytes are free in {tmp_path}"):
        Store(engine).import_records({"cases": large}, source="large")
    engine.dispose()
    with Store.open(path) as store:
        assert store.live_state() == before
