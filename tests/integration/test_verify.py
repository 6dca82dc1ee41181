"""``python -m index verify`` finds whatever is not as it was written, and names file, expected and found hash."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index import __main__ as command
from index.builder import build
from index.encoders.onnx import MODEL_FILE
from index.own_encoder import encoders_folder, set_encoder, use_own_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from index.snapshot import current
from index.weights import ADAPTED, PACKAGED
from tests.conftest import WriteCorpus, edition
from tests.tiny_encoder import write_tiny_encoder

Verify = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def settings(tmp_path: Path, write_corpus: WriteCorpus, monkeypatch: pytest.MonkeyPatch) -> IndexSettings:
    """Two snapshots, the packaged and the plain encoder, one fitted here, and a store."""
    settings = IndexSettings(var=tmp_path / "var", models=tmp_path / "models", threads=1)
    folders = [settings.models / ADAPTED, settings.models / PACKAGED, encoders_folder(settings) / "own-1"]
    for seed, folder in enumerate(folders):
        write_tiny_encoder(folder, seed=seed)
    for number in (1, 2):
        build(settings, set_encoder(settings), write_corpus(edition(number)), SilentReporter())
    monkeypatch.setenv("ASSIST_VAR", str(settings.var))
    monkeypatch.setenv("ASSIST_MODELS", str(settings.models))
    return settings


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Verify:
    """Run the command and return its exit code and what it printed as JSON."""

    def run(*arguments: str) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = command.main(["verify", "--json", *arguments])
        return code, json.loads(capsys.readouterr().out)

    return run


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def damaged(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["part"], each["name"]) for each in document["checked"] if each["damages"]]


def execute(settings: IndexSettings, statement: str) -> None:
    with closing(sqlite3.connect(settings.database_file)) as database, database:
        database.execute(statement)


def files_below(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_that_is_there_is_checked_and_nothing_is_written(
    settings: IndexSettings, verify: Verify, tmp_path: Path
) -> None:
    before = files_below(tmp_path)
    code, document = verify()
    assert (code, document["good"]) == (0, True)
    assert [each["part"] for each in document["checked"]] == ["pointer", *["snapshot"] * 2, *["encoder"] * 3, "store"]
    assert files_below(tmp_path) == before


def test_people_get_one_line_for_each_thing(settings: IndexSettings, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["verify"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7
    assert all(line.split()[1] == "good" for line in lines)
    assert any(str(current(settings.var)) in line for line in lines)


def test_a_damaged_file_of_a_snapshot_is_named_with_both_hashes(
    settings: IndexSettings, verify: Verify, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = str(current(settings.var))
    file = settings.var / "snapshots" / bad / "cases.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b" ")

    code, document = verify()

    assert (code, document["good"]) == (1, False)
    assert damaged(document) == [("snapshot", bad)]
    (damage,) = next(each for each in document["checked"] if each["damages"])["damages"]
    assert damage["file"] == "cases.jsonl"
    assert sha256(whole) in damage["expected"]
    assert sha256(whole[:-1] + b" ") in damage["found"]
    assert command.main(["verify"]) == 1
    printed = capsys.readouterr()
    assert sha256(whole) in printed.out
    assert "make reindex" in printed.err


def test_one_snapshot_can_be_checked_by_its_id(settings: IndexSettings, verify: Verify) -> None:
    bad = str(current(settings.var))
    (good,) = (path.name for path in (settings.var / "snapshots").iterdir() if path.is_dir() and path.name != bad)
    (settings.var / "snapshots" / bad / "cases.jsonl").unlink()
    assert verify(good)[0] == 0
    assert verify(bad)[0] == 1


def test_an_unknown_snapshot_is_refused(settings: IndexSettings, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["verify", "0123456789abcdef"]) == 1
    assert "found no snapshot '0123456789abcdef'" in capsys.readouterr().err


def test_a_pointer_to_nowhere_is_found(settings: IndexSettings, verify: Verify) -> None:
    (settings.var / "snapshots" / "CURRENT").write_text("?")
    code, document = verify()
    assert (code, [part for part, _ in damaged(document)]) == (1, ["pointer"])


@pytest.mark.parametrize("name", ["packaged", "plain", "own"])
def test_a_damaged_encoder_is_named_with_both_hashes(settings: IndexSettings, verify: Verify, name: str) -> None:
    folders = {
        "packaged": settings.models / ADAPTED,
        "plain": settings.models / PACKAGED,
        "own": encoders_folder(settings) / "own-1",
    }
    file = folders[name] / MODEL_FILE
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b"?")

    code, document = verify()

    assert (code, damaged(document)) == (1, [("encoder", str(folders[name]))])
    (damage,) = next(each for each in document["checked"] if each["damages"])["damages"]
    assert damage["file"] == str(file)
    assert sha256(whole) in damage["expected"]
    assert sha256(whole[:-1] + b"?") in damage["found"]


def test_a_missing_encoder_and_a_pointer_to_none_are_found(settings: IndexSettings, verify: Verify) -> None:
    (settings.models / ADAPTED / "checksums.json").unlink()
    use_own_encoder(settings, "own-2")
    code, document = verify()
    assert code == 1
    assert damaged(document) == [
        ("encoder", str(encoders_folder(settings))),
        ("encoder", str(settings.models / ADAPTED)),
    ]


def test_a_content_that_was_changed_behind_the_store_is_named_with_both_hashes(
    settings: IndexSettings, verify: Verify
) -> None:
    execute(settings, "UPDATE contents SET payload = 'geändert' WHERE hash = (SELECT min(hash) FROM contents)")
    code, document = verify()
    assert (code, damaged(document)) == (1, [("store", str(settings.database_file))])
    (damage,) = document["checked"][-1]["damages"]
    assert sha256("geändert".encode()) in damage["found"]
    assert damage["file"].split()[-1] in damage["expected"]


def test_a_content_that_is_no_text_any_more_is_named_without_showing_it(
    settings: IndexSettings, verify: Verify
) -> None:
    execute(settings, "UPDATE contents SET payload = CAST(x'4d65696ee4' AS TEXT)")
    code, document = verify()
    assert code == 1
    assert sha256(b"Mein\xe4") in document["checked"][-1]["damages"][0]["found"]
    assert "Mein" not in json.dumps(document)


def test_a_version_whose_content_is_gone_is_found(settings: IndexSettings, verify: Verify) -> None:
    execute(settings, "DELETE FROM contents WHERE hash = (SELECT min(hash) FROM contents)")
    code, document = verify()
    assert code == 1
    assert "a reference to no row of contents" in document["checked"][-1]["damages"][0]["found"]


def test_a_damaged_page_of_the_database_is_found(settings: IndexSettings, verify: Verify) -> None:
    data = bytearray(settings.database_file.read_bytes())
    for page in range(2 * 4096, len(data), 4096):
        data[page : page + 8] = bytes(8)
    settings.database_file.write_bytes(data)
    code, document = verify()
    assert (code, [part for part, _ in damaged(document)]) == (1, ["store"])


@pytest.mark.parametrize("content", [None, b"kein SQLite" * 1000])
def test_a_store_that_is_gone_or_no_database_is_found(
    settings: IndexSettings, verify: Verify, content: bytes | None
) -> None:
    settings.database_file.unlink()
    if content is not None:
        settings.database_file.write_bytes(content)
    code, document = verify()
    assert (code, damaged(document)) == (1, [("store", str(settings.database_file))])


def test_before_the_first_build_there_is_nothing_to_find_fault_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    assert command.main(["verify", "--var", str(tmp_path / "new")]) == 0
    assert "nothing to check" in capsys.readouterr().out
    assert not (tmp_path / "new").exists()
