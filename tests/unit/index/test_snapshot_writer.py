from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.snapshot import (
    DamagedSnapshotError,
    EncoderInfo,
    SnapshotError,
    SnapshotWriter,
    current,
    load_current_or_last_good,
    load_verified,
    verify,
)

Publish = Callable[..., str]
ENCODER = EncoderInfo(name="toy", fingerprint="f", dimension=8)


def names_in(var: Path) -> set[str]:
    return {path.name for path in (var / "snapshots").iterdir()}


def fail_halfway(var: Path) -> None:
    with SnapshotWriter(var) as writer:
        writer.add("a.json", b"{}")
        raise KeyError


def test_what_was_added_is_what_is_read(
    var: Path, publish: Publish, snapshot_contents: Callable[[str], dict[str, bytes]]
) -> None:
    snapshot_id = publish(var, "eins", active=False)
    snapshot = load_verified(var, snapshot_id)
    assert dict(snapshot.blobs) == snapshot_contents("eins")
    assert snapshot.manifest.snapshot_id == snapshot_id
    assert snapshot.manifest.sequence == 7
    assert names_in(var) == {snapshot_id}


def test_large_vectors_of_tokens_are_left_on_the_disk(
    var: Path, publish: Publish, snapshot_contents: Callable[[str], dict[str, bytes]]
) -> None:
    name, contents = "articles.tokens.codes.npy", snapshot_contents("eins")

    snapshot = load_verified(var, publish(var, "eins"), on_disk_above=0)

    assert dict(snapshot.blobs) == {other: blob for other, blob in contents.items() if other != name}
    shutil.rmtree(var / "snapshots")  # an open file outlives its name
    assert snapshot.on_disk[name].read(0, 1 << 20) == contents[name]


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data + b"x", lambda data: data[:-1] + b"x"])
def test_what_is_left_on_the_disk_is_verified_too(
    var: Path, publish: Publish, damage: Callable[[bytes], bytes]
) -> None:
    snapshot_id = publish(var, "eins")
    file = var / "snapshots" / snapshot_id / "articles.tokens.codes.npy"
    file.write_bytes(damage(file.read_bytes()))

    with pytest.raises(DamagedSnapshotError, match=f"{file.name}: found .* expected"):
        load_verified(var, snapshot_id, on_disk_above=0)


def test_publishing_alone_changes_nothing_that_serves(var: Path, publish: Publish) -> None:
    first = publish(var, "eins")
    publish(var, "zwei", active=False)
    assert current(var) == first


def test_the_same_content_is_kept_once(var: Path, publish: Publish) -> None:
    first = publish(var, "eins")
    made = load_verified(var, first).manifest.created_at
    assert publish(var, "eins", days=1) == first
    assert load_verified(var, first).manifest.created_at == made
    assert names_in(var) == {"ACTIVATIONS.jsonl", "CURRENT", first}


@pytest.mark.parametrize("name", ["manifest.json", "vectors.npy"])
def test_a_damaged_one_of_the_same_content_is_replaced(var: Path, publish: Publish, name: str) -> None:
    first = publish(var, "eins")
    (var / "snapshots" / first / name).write_bytes(b"kaputt")
    assert publish(var, "eins", days=1) == first
    assert load_current_or_last_good(var)[1] == ()
    assert names_in(var) == {"ACTIVATIONS.jsonl", "CURRENT", first}


def test_a_file_in_the_place_of_a_snapshot_is_replaced(var: Path, publish: Publish) -> None:
    first = publish(var, "eins")
    elsewhere = (var / "snapshots" / first).rename(var / "weg")
    (var / "snapshots" / first).write_text("eine Datei")
    assert publish(var, "eins") == first
    assert verify(var, first) == ()
    assert elsewhere.is_dir()


def test_progress_names_each_file_and_its_size(var: Path) -> None:
    seen: list[tuple[str, int]] = []
    with SnapshotWriter(var, on_file=lambda name, size: seen.append((name, size))) as writer:
        writer.add("a.json", b"{}")
        writer.add("b.json", b"")
    assert seen == [("a.json", 2), ("b.json", 0)]


def test_leaving_without_publishing_leaves_nothing(var: Path) -> None:
    with pytest.raises(KeyError):
        fail_halfway(var)
    assert names_in(var) == set()


def test_what_killed_runs_left_is_removed_by_the_next(var: Path, publish: Publish) -> None:
    kept = publish(var, "eins", active=False)
    (var / "snapshots" / ".tmp-1-dead").mkdir()
    (var / "snapshots" / ".tmp-1-dead" / "vectors.npy").write_bytes(b"x")
    (var / "snapshots" / ".tmp-1-pointer").write_text(kept)
    (var / "snapshots" / ".trash-1-dead").mkdir()
    with SnapshotWriter(var):
        assert len(names_in(var)) == 2
    assert names_in(var) == {kept}


@pytest.mark.parametrize("name", ["", "A.json", "a/b", "../a", ".a", "manifest.json", "ä.json", "a\n", "a" * 101])
def test_a_bad_name_is_refused(var: Path, name: str) -> None:
    with SnapshotWriter(var) as writer, pytest.raises(ValueError, match="file name: found"):
        writer.add(name, b"")


def test_a_name_counts_once(var: Path) -> None:
    with SnapshotWriter(var) as writer:
        writer.add("a.json", b"1")
        with pytest.raises(ValueError, match="twice"):
            writer.add("a.json", b"2")


def test_is_used_within_its_block_only(var: Path) -> None:
    writer = SnapshotWriter(var)
    with pytest.raises(RuntimeError, match="`with` block"):
        writer.add("a.json", b"")
    with writer:
        writer.publish(encoder=ENCODER, corpus_fingerprint="k", sequence=0, counts={}, generator="g")
        with pytest.raises(RuntimeError, match="`with` block"):
            writer.add("a.json", b"")


def test_what_cannot_fit_is_refused_before_anything_is_written(var: Path, publish: Publish) -> None:
    first = publish(var, "eins")
    writer = SnapshotWriter(var, expected_sizes=[1 << 60])
    with pytest.raises(SnapshotError, match=r"No space left.* 115292150460\d+ bytes are needed.* missing.*Make room"):
        writer.__enter__()
    assert current(var) == first
    assert names_in(var) == {"ACTIVATIONS.jsonl", "CURRENT", first}


def test_a_device_that_gives_back_other_bytes_is_found(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(path: Path, data: bytes, **_: object) -> None:
        path.write_bytes(bytes(len(data)))

    monkeypatch.setattr("index.snapshot_writer.write_file", forgetful)
    with SnapshotWriter(var) as writer, pytest.raises(SnapshotError, match=r"a\.json was read back.*Check the disk"):
        writer.add("a.json", b"abc")
    assert names_in(var) == set()
