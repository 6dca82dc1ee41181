"""R1: a build or a rollback killed anywhere loses and doubles nothing, and the next one ends as if nothing happened."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assist.bootstrap import build_runtime
from assist.models import SuggestRequest
from assist.services import Readiness
from assist.settings import Settings
from corpus.models import KINDS, Case
from corpus.store import Store
from index.builder import build
from index.encoders import open_encoder
from index.failpoints import FAILPOINTS, VARIABLE
from index.manifest import MANIFEST, serialise_manifest
from index.progress import SilentReporter
from index.settings import IndexSettings
from index.snapshot import current, list_snapshots, verify_all
from index.snapshot_verify import read_manifest, snapshot_ids
from tests.conftest import edition, write_folder

ROOT = Path(__file__).parents[2]
OLD_EDITIONS = 5
TRIED_ALWAYS = {"import.before_commit", "current.before_replace"}
ROLLBACK_POINTS = [name for name in FAILPOINTS if name.startswith(("activation.", "current."))]
QUESTION = Case(id="", description="Die Rechnung wurde doppelt abgebucht", language="de")

# One process forks a build for each file: starting Python anew for so many would take minutes.
KILLED_IN_EACH_FILE = """
import os, sys
from index import __main__ as command
from index.failpoints import VARIABLE

corpus, *names = sys.argv[1:]
for name in names:
    child = os.fork()
    if not child:
        os.environ[VARIABLE] = f"snapshot.partial_file@{name}"
        os._exit(command.main(["build", "--corpus", corpus]))
    print(name, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass(frozen=True)
class World:
    """A state with five old snapshots, and what it becomes when the newest corpus is indexed without disturbance."""

    before: Path
    after: Path
    corpus: Path


def settings_of(var: Path) -> IndexSettings:
    return IndexSettings(var=var, encoder="toy")


def index(var: Path, corpus: Path) -> None:
    build(settings_of(var), open_encoder("toy", Path("models")), corpus, SilentReporter())


def age(var: Path) -> None:
    """Make the snapshots look as old as they have to be for the next build to delete some."""
    for info in list_snapshots(var):
        manifest = read_manifest(var, info.id)
        days = 60 if info.is_current else 70
        older = replace(manifest, created_at=manifest.created_at - timedelta(days=days))
        (var / "snapshots" / info.id / MANIFEST).write_bytes(serialise_manifest(older))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    home = tmp_path_factory.mktemp("world")
    for number in range(OLD_EDITIONS):
        index(home / "before", write_folder(home / "corpus", edition(number)))
    age(home / "before")
    corpus = write_folder(home / "corpus", edition(OLD_EDITIONS))
    after = shutil.copytree(home / "before", home / "after")
    index(after, corpus)
    return World(before=home / "before", after=after, corpus=corpus)


@pytest.fixture
def var(world: World, tmp_path: Path) -> Path:
    return shutil.copytree(world.before, tmp_path / "var")


def start(var: Path, *arguments: str, failpoint: str = "") -> subprocess.Popen[str]:
    environment = {**os.environ, "ASSIST_ENCODER": "toy", "ASSIST_VAR": str(var), VARIABLE: failpoint}
    return subprocess.Popen(
        [sys.executable, "-m", "index", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_at(var: Path, failpoint: str, *arguments: str) -> None:
    process = start(var, *arguments, failpoint=failpoint)
    _, printed = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL, f"{failpoint} was not reached: {printed}"


def records(var: Path) -> dict[str, list[tuple[str, str, str]]]:
    with Store.open(settings_of(var).database, create=False) as store:
        return {kind: list(store.live_records(kind)) for kind in KINDS}


def rows(var: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(settings_of(var).database_file)) as database:
        return database.execute(statement).fetchall()


def imports(var: Path) -> int:
    return len(rows(var, "SELECT id FROM imports"))


def snapshot_files(var: Path) -> dict[str, bytes]:
    directory = var / "snapshots" / str(current(var))
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.name != MANIFEST}


def described(var: Path) -> object:
    """What a manifest says but for the time, and for the number of store rows that a repeated import adds to."""
    manifest = read_manifest(var, str(current(var)))
    return replace(manifest, created_at=datetime(2026, 1, 1, tzinfo=UTC), sequence=0)


def assert_serves(var: Path, snapshot: str) -> None:
    live = build_runtime(Settings(index=settings_of(var))).live
    live.refresh()
    assert live.state() == Readiness(status="ok", snapshot=snapshot)
    engine = live.engine()
    assert engine is not None
    answer = engine.suggest(SuggestRequest(case=QUESTION, min_confidence=0.0))
    assert answer.snapshot == snapshot
    assert answer.articles
    assert answer.articles[0].id == "rechnung-doppelt"


def assert_sound_store(var: Path) -> None:
    assert rows(var, "PRAGMA integrity_check") == [("ok",)]
    assert rows(var, "PRAGMA foreign_key_check") == []
    doubled = "SELECT 1 FROM record_versions GROUP BY import_id, kind, record_id HAVING count(*) > 1"
    assert rows(var, doubled) == []
    for found in records(var).values():
        assert len(found) == len({record_id for record_id, _, _ in found})


def assert_as_if_undisturbed(var: Path, after: Path) -> None:
    assert current(var) == current(after)
    assert snapshot_files(var) == snapshot_files(after)
    assert described(var) == described(after)
    assert snapshot_ids(var) == snapshot_ids(after)
    assert verify_all(var) == ()
    assert records(var) == records(after)
    contents = "SELECT hash, payload FROM contents ORDER BY hash"
    assert rows(var, contents) == rows(after, contents)
    assert_sound_store(var)
    assert leftovers(var) == []


def leftovers(var: Path) -> list[str]:
    hidden = [path.name for path in (var / "snapshots").iterdir() if path.name.startswith(".")]
    return hidden + [path.name for path in var.rglob("*-journal")]


def is_behind(point: str, other: str) -> bool:
    return FAILPOINTS.index(point) > FAILPOINTS.index(other)


def points(names: Iterable[str]) -> list[Any]:
    return [name if name in TRIED_ALWAYS else pytest.param(name, marks=pytest.mark.slow) for name in names]


@pytest.mark.parametrize("point", points(FAILPOINTS))
def test_a_build_killed_anywhere_loses_and_doubles_nothing_and_the_next_ends_as_if_undisturbed(
    world: World, var: Path, point: str
) -> None:
    if point == "snapshot.after_set_aside":  # reached only where a damaged snapshot of the same content stands
        new = var / "snapshots" / str(current(world.after))
        shutil.copytree(world.after / "snapshots" / new.name, new)
        (new / "articles.jsonl").write_bytes(b"")

    kill_at(var, point, "build", "--corpus", str(world.corpus))

    swapped = is_behind(point, "current.before_replace")
    assert_serves(var, str(current(world.after if swapped else world.before)))
    committed = is_behind(point, "import.before_commit")
    assert records(var) == records(world.after if committed else world.before)
    assert_sound_store(var)
    if point != "snapshot.after_set_aside":
        assert verify_all(var) == ()

    index(var, world.corpus)

    assert_as_if_undisturbed(var, world.after)
    assert imports(var) == imports(world.after) + committed


@pytest.mark.slow
def test_a_build_killed_within_any_file_of_a_snapshot_leaves_the_old_one_serving(world: World, var: Path) -> None:
    names = [MANIFEST, *snapshot_files(world.after)]
    assert len(names) > 20
    environment = {**os.environ, "ASSIST_ENCODER": "toy", "ASSIST_VAR": str(var)}
    command = [sys.executable, "-c", KILLED_IN_EACH_FILE, str(world.corpus), *names]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, timeout=600)
    assert done.stdout.splitlines() == [f"{name} {-signal.SIGKILL}" for name in names]
    assert_serves(var, str(current(world.before)))
    assert verify_all(var) == ()
    index(var, world.corpus)
    assert_as_if_undisturbed(var, world.after)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_a_build_killed_at_a_random_moment_is_made_up_for_by_the_next(world: World, var: Path, seed: int) -> None:
    twin = shutil.copytree(var, var.with_name("twin"))
    began = time.monotonic()
    assert start(twin, "build", "--corpus", str(world.corpus)).wait(120) == 0
    took = time.monotonic() - began

    process = start(var, "build", "--corpus", str(world.corpus))
    time.sleep(random.Random(seed).uniform(0.1, 1.0) * took)
    process.kill()
    process.communicate(timeout=120)

    assert current(var) in (current(world.before), current(world.after))
    assert_serves(var, str(current(var)))
    assert records(var) in (records(world.before), records(world.after))
    index(var, world.corpus)
    assert_as_if_undisturbed(var, world.after)


@pytest.mark.parametrize("point", points(ROLLBACK_POINTS))
def test_a_rollback_killed_anywhere_serves_the_one_or_the_other_and_going_on_leads_to_the_same(
    world: World, var: Path, point: str
) -> None:
    shutil.rmtree(var)
    shutil.copytree(world.after, var)

    kill_at(var, point, "rollback")

    went_back = is_behind(point, "current.before_replace")
    assert_serves(var, str(current(world.before if went_back else world.after)))
    if not went_back:
        assert start(var, "rollback").wait(120) == 0
    assert current(var) == current(world.before)
    index(var, world.corpus)
    assert_as_if_undisturbed(var, world.after)
