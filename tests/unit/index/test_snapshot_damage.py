"""R2: whatever happens to a file, it is found before use and named, and the last good snapshot serves."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.snapshot import (
    DamagedSnapshotError,
    NoSnapshotError,
    UnknownSnapshotError,
    activate,
    current,
    list_snapshots,
    load_current_or_last_good,
    load_verified,
    verify,
    verify_all,
)

FILES = ("manifest.json", "records.jsonl", "vectors.npy", "empty.json", "articles.tokens.codes.npy")
Damage = Callable[[Path], None]


def missing(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(len(path.read_bytes())))


def zeroed_page(path: Path) -> None:
    data = path.read_bytes()
    start = 4096 if len(data) > 8192 else 0
    path.write_bytes(data[:start] + bytes(len(data[start : start + 4096])) + data[start + 4096 :])


def turned_into_a_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def turned_into_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


DAMAGES: tuple[Damage, ...] = (
    missing,
    empty,
    cut,
    longer,
    zeroed,
    zeroed_page,
    turned_into_a_directory,
    turned_into_a_pipe,
)
CASES = [
    (name, damage)
    for name in FILES
    for damage in DAMAGES
    if name != "empty.json" or damage not in (empty, cut, zeroed, zeroed_page)  # nothing of it could change
]


@pytest.fixture
def older(var: Path, publish: Callable[..., str]) -> str:
    return publish(var, "alt", days=-1)


@pytest.fixture
def newer(var: Path, older: str, publish: Callable[..., str]) -> str:
    return publish(var, "neu")


@pytest.mark.parametrize(("name", "damage"), CASES)
def test_damage_is_named_and_the_last_good_one_serves(
    var: Path, older: str, newer: str, name: str, damage: Damage
) -> None:
    damage(var / "snapshots" / newer / name)

    with pytest.raises(DamagedSnapshotError, match=f"snapshot {newer}: {name}: found .* expected .*make reindex"):
        load_verified(var, newer)
    snapshot, problems = load_current_or_last_good(var)
    assert snapshot.manifest.snapshot_id == older
    assert [(problem.snapshot, problem.file) for problem in problems] == [(newer, name)]
    assert verify_all(var) == problems
    assert current(var) == newer  # reading repairs nothing


@pytest.mark.parametrize(("name", "damage"), CASES)
def test_a_damaged_one_is_never_activated(var: Path, older: str, newer: str, name: str, damage: Damage) -> None:
    activate(var, older)
    damage(var / "snapshots" / newer / name)
    with pytest.raises(DamagedSnapshotError, match=name):
        activate(var, newer)
    assert current(var) == older


@pytest.mark.parametrize("name", FILES[:3])
def test_a_file_of_another_snapshot_is_found(var: Path, older: str, newer: str, name: str) -> None:
    shutil.copy(var / "snapshots" / older / name, var / "snapshots" / newer / name)
    snapshot, problems = load_current_or_last_good(var)
    assert snapshot.manifest.snapshot_id == older
    assert [problem.file for problem in problems] == [name]


def test_found_and_expected_hashes_are_told(var: Path, older: str, newer: str) -> None:
    (var / "snapshots" / newer / "vectors.npy").write_bytes(b"a")
    (problem,) = verify(var, newer)
    expected = load_verified(var, older).manifest.files["vectors.npy"].bytes
    assert problem.found == ("1 bytes with SHA-256 ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb")
    assert problem.expected.startswith(f"{expected} bytes with SHA-256 ")


def test_every_damaged_file_is_named(var: Path, older: str, newer: str) -> None:
    for name in FILES[1:]:
        longer(var / "snapshots" / newer / name)
    _, problems = load_current_or_last_good(var)
    assert {problem.file for problem in problems} == set(FILES[1:])


@pytest.mark.parametrize(
    "damage",
    [missing, empty, cut, longer, zeroed, turned_into_a_directory, lambda path: path.write_bytes(b"\xff" * 17)],
)
def test_a_damaged_pointer_is_named_and_the_newest_good_one_serves(
    var: Path, older: str, newer: str, damage: Damage
) -> None:
    damage(var / "snapshots" / "CURRENT")
    snapshot, problems = load_current_or_last_good(var)
    assert snapshot.manifest.snapshot_id == newer
    assert [problem.file for problem in problems] == ["CURRENT"]
    assert verify_all(var) == problems
    assert not any(info.is_current for info in list_snapshots(var))


def test_a_damaged_pointer_is_mended_by_activating(var: Path, older: str, newer: str) -> None:
    zeroed(var / "snapshots" / "CURRENT")
    with pytest.raises(DamagedSnapshotError, match="CURRENT: found 17 bytes"):
        current(var)
    activate(var, newer)
    assert load_current_or_last_good(var)[1] == ()


@pytest.mark.parametrize("pointer", ["../../etc/passwd\n", f"{'A' * 16}\n", f"{'0' * 16}\n"])
def test_a_pointer_to_nowhere_is_named(var: Path, newer: str, pointer: str) -> None:
    (var / "snapshots" / "CURRENT").write_text(pointer)
    snapshot, (problem,) = load_current_or_last_good(var)
    assert snapshot.manifest.snapshot_id == newer
    assert problem.file == "CURRENT"
    assert pointer.strip() in problem.found


def test_nothing_good_is_an_error_that_names_everything(var: Path, older: str, newer: str) -> None:
    for snapshot_id in (older, newer):
        cut(var / "snapshots" / snapshot_id / "vectors.npy")
    with pytest.raises(NoSnapshotError, match="make reindex") as caught:
        load_current_or_last_good(var)
    assert {problem.snapshot for problem in caught.value.problems} == {older, newer}


def test_none_at_all_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(NoSnapshotError, match=r"found no snapshot below .*make reindex") as caught:
        load_current_or_last_good(tmp_path / "nowhere")
    assert caught.value.problems == ()
    assert list_snapshots(tmp_path / "nowhere") == ()
    assert verify_all(tmp_path / "nowhere") == ()


@pytest.mark.parametrize("snapshot_id", ["", "..", "../../etc", "0" * 16, "CURRENT", "a" * 16 + "\n"])
def test_an_unknown_id_is_refused(var: Path, newer: str, snapshot_id: str) -> None:
    with pytest.raises(UnknownSnapshotError, match="found no snapshot"):
        activate(var, snapshot_id)


def test_an_impossible_id_never_becomes_a_path(var: Path) -> None:
    with pytest.raises(UnknownSnapshotError):
        load_verified(var, "../../etc")


def test_a_list_flags_damage(var: Path, older: str, newer: str) -> None:
    assert [(info.id, info.is_current, info.problems) for info in list_snapshots(var)] == [
        (newer, True, ()),
        (older, False, ()),
    ]
    assert list_snapshots(var)[0].counts == {"articles": 2}
    assert list_snapshots(var)[0].bytes > 12_000
    longer(var / "snapshots" / older / "vectors.npy")
    empty(var / "snapshots" / newer / "manifest.json")
    first, second = list_snapshots(var)
    assert (first.id, first.problems[0].file) == (older, "vectors.npy")
    assert (second.id, second.created_at, second.problems[0].file) == (newer, None, "manifest.json")


def test_a_list_reads_every_byte_only_on_demand(var: Path, newer: str) -> None:
    zeroed(var / "snapshots" / newer / "vectors.npy")
    assert list_snapshots(var)[0].problems == ()
    assert list_snapshots(var, hashes=True)[0].problems[0].file == "vectors.npy"


@pytest.fixture(scope="module")
def pair(publish: Callable[..., str]) -> Iterator[tuple[Path, str, str]]:
    with tempfile.TemporaryDirectory() as directory:
        var = Path(directory)
        yield var, publish(var, "alt", days=-1), publish(var, "neu")


@given(
    name=st.sampled_from(("manifest.json", "records.jsonl", "vectors.npy", "CURRENT")),
    where=st.floats(0, 1, exclude_max=True),
    bit=st.integers(0, 7),
)
def test_any_flipped_bit_anywhere_is_found(pair: tuple[Path, str, str], name: str, where: float, bit: int) -> None:
    var, older, newer = pair
    path = var / "snapshots" / (name if name == "CURRENT" else f"{newer}/{name}")
    good = path.read_bytes()
    damaged = bytearray(good)
    damaged[int(where * len(good))] ^= 1 << bit
    path.write_bytes(damaged)
    try:
        snapshot, problems = load_current_or_last_good(var)
    finally:
        path.write_bytes(good)
    assert [problem.file for problem in problems] == [name]
    assert snapshot.manifest.snapshot_id == (newer if name == "CURRENT" else older)
