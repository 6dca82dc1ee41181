"""R2: whatever happens to any file of a real snapshot, nothing parses it and the last good snapshot serves."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assist.bootstrap import build_runtime
from assist.live import LiveEngine
from assist.models import SuggestRequest
from assist.settings import Settings
from assist.suggest import Suggester
from corpus.models import Case
from index.builder import build
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from index.snapshot import VerifiedSnapshot, current, verify_all
from tests.conftest import edition, write_folder
from tests.lookouts import looked_after

PAGE = 4096
SERVES_AGAIN_SECONDS = 5.0
PATIENCE_SECONDS = 60.0  # where it only matters that it happens: the machine may be busy with other things
Damage = Callable[[Path, Path], None]


def missing(path: Path, other: Path) -> None:
    path.unlink()


def empty(path: Path, other: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path, other: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def longer(path: Path, other: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def zeroed_page(path: Path, other: Path) -> None:
    data = path.read_bytes()
    last = (len(data) - 1) // PAGE * PAGE
    path.write_bytes(data[:last] + bytes(len(data) - last))


def flip(place: float) -> Damage:
    def flipped(path: Path, other: Path) -> None:
        data = bytearray(path.read_bytes())
        data[int(place * (len(data) - 1))] ^= 1
        path.write_bytes(data)

    return flipped


def of_another_snapshot(path: Path, other: Path) -> None:
    shutil.copy(other / path.name, path)


DAMAGES: dict[str, Damage] = {
    "missing": missing,
    "empty": empty,
    "cut": cut,
    "one byte longer": longer,
    "last page zeroed": zeroed_page,
    "first byte flipped": flip(0.0),
    "middle byte flipped": flip(0.5),
    "last byte flipped": flip(1.0),
    "of another snapshot": of_another_snapshot,
}
TRIED_ALWAYS = {"middle byte flipped", "of another snapshot"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    """A state with two snapshots of different corpora; the tests put back what they damage."""
    home = tmp_path_factory.mktemp("damage")
    settings = IndexSettings(var=home / "var", encoder="toy")
    for number in (1, 2):
        folder = write_folder(home / "corpus", edition(number))
        build(settings, open_encoder("toy", settings.models), folder, SilentReporter())
    return settings


@pytest.fixture
def bad(settings: IndexSettings) -> Iterator[Path]:
    """The directory of the snapshot that serves, to be damaged."""
    directory = settings.var / "snapshots" / str(current(settings.var))
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    yield directory
    for name, data in before.items():
        (directory / name).write_bytes(data)
    assert verify_all(settings.var) == ()


@pytest.fixture
def good(bad: Path) -> Path:
    """The directory of the other snapshot."""
    (other,) = (path for path in bad.parent.iterdir() if path.is_dir() and path != bad)
    return other


class Opener:
    """Opens snapshots as the service does, and keeps which ones."""

    def __init__(self, settings: IndexSettings) -> None:
        self._open = build_runtime(Settings(index=settings)).live._open
        self.opened: list[str] = []

    def __call__(self, verified: VerifiedSnapshot) -> Suggester:
        self.opened.append(verified.manifest.snapshot_id)
        return self._open(verified)


@pytest.fixture(scope="module")
def opener(settings: IndexSettings) -> Opener:
    return Opener(settings)


@pytest.mark.parametrize(
    "damage", [name if name in TRIED_ALWAYS else pytest.param(name, marks=pytest.mark.slow) for name in DAMAGES]
)
def test_damage_to_any_file_is_named_before_anything_parses_it_and_the_last_good_snapshot_serves(
    settings: IndexSettings, opener: Opener, bad: Path, good: Path, damage: str
) -> None:
    tried = 0
    for file in sorted(bad.iterdir()):
        whole = file.read_bytes()
        DAMAGES[damage](file, good)
        if file.exists() and file.read_bytes() == whole:
            continue  # the two snapshots agree in this file, so taking the other's damages nothing
        opener.opened.clear()
        live = LiveEngine(settings.var, opener)
        live.refresh()

        assert opener.opened == [good.name]
        assert (live.state().status, live.state().snapshot) == ("degraded", good.name)
        assert any(file.name in reason and bad.name in reason for reason in live.state().reasons)
        file.write_bytes(whole)
        tried += 1
    assert tried > 20 or damage == "of another snapshot"
    assert tried >= 5


@pytest.mark.parametrize(
    ("damage", "seconds"),
    [
        ("missing", PATIENCE_SECONDS),
        ("middle byte flipped", PATIENCE_SECONDS),
        pytest.param("missing", SERVES_AGAIN_SECONDS, marks=pytest.mark.slow),
        pytest.param("middle byte flipped", SERVES_AGAIN_SECONDS, marks=pytest.mark.slow),
    ],
)
def test_a_service_that_starts_on_a_damaged_snapshot_answers_from_the_last_good_one_in_time(
    settings: IndexSettings, bad: Path, good: Path, damage: str, seconds: float
) -> None:
    DAMAGES[damage](bad / "articles.documents.flat.npy", good)
    live = build_runtime(Settings(index=settings)).live
    with looked_after(live.look):
        deadline = time.monotonic() + seconds
        while live.engine() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        engine = live.engine()
        assert engine is not None
        answer = engine.suggest(SuggestRequest(case=Case(id="", description="Rechnung doppelt"), min_confidence=0.0))
        assert answer.snapshot == good.name


def test_one_that_serves_already_is_not_disturbed_by_damage_to_its_files(
    settings: IndexSettings, bad: Path, good: Path
) -> None:
    live = build_runtime(Settings(index=settings)).live
    live.refresh()
    for file in bad.iterdir():
        file.write_bytes(b"")
    engine = live.engine()
    assert engine is not None
    answer = engine.suggest(SuggestRequest(case=Case(id="", description="Rechnung doppelt"), min_confidence=0.0))
    assert answer.snapshot == bad.name
    assert answer.articles


def test_after_the_damage_is_mended_the_newer_snapshot_serves_again(
    settings: IndexSettings, bad: Path, good: Path
) -> None:
    file = bad / "cases.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[:-3])
    live = build_runtime(Settings(index=settings)).live
    live.refresh()
    assert live.state().snapshot == good.name
    file.write_bytes(whole)
    live.refresh()
    assert (live.state().status, live.state().snapshot) == ("ok", bad.name)
