"""The command: what it prints, writes and returns; what it leaves alone."""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import shutil
from pathlib import Path

import pytest

from corpus.__main__ import main
from corpus.folder import read_corpus
from corpus.importers import judging, output

FIXTURES = Path(__file__).parents[3] / "fixtures" / "importers"
CASES = FIXTURES / "cases" / "faelle.csv"
MAP = FIXTURES / "cases" / "map.yaml"


def run(corpus: Path, *arguments: object, kind: str = "cases", export: Path = CASES) -> int:
    given = ["import", "--from", export, "--kind", kind, "--corpus", corpus, *arguments]
    return main([str(each) for each in given])


def run_cases(corpus: Path, *arguments: object) -> int:
    return run(corpus, "--map", MAP, "--timezone", "Europe/Berlin", *arguments)


def test_counts_go_to_stdout_and_reasons_to_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cases(tmp_path) == 0

    told = capsys.readouterr()
    assert told.out.splitlines()[0] == "cases: 14 rows found, 4 taken, 10 quarantined, 0 skipped"
    assert f"written: {tmp_path / 'cases.jsonl'} (4 cases)" in told.out
    assert told.err.startswith("10 rows are in quarantine")


def test_many_reasons_to_skip_are_told_briefly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export = tmp_path / "export"
    export.mkdir()
    (export / "gut.md").write_text("# Umzug\n\nText\n", encoding="utf-8")
    for number in range(30):
        (export / f"datei.{number}").touch()

    run(tmp_path / "corpus", "--language", "de", kind="markdown", export=export)

    lines = [line for line in capsys.readouterr().out.splitlines() if "skipped: " in line]
    assert len(lines) == 11
    assert lines[-1] == "  skipped: 20 for 20 more reasons (--json has them all)"


def test_counts_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--json", kind="html", export=FIXTURES / "html") == 0

    found = json.loads(capsys.readouterr().out)
    assert (found["found"], found["taken"], found["quarantined"]) == (9, 3, 4)
    assert found["skipped"] == {"no HTML file (.css)": 1, "a page that only leads to another": 1}
    assert sum(found["reasons"].values()) == 4


def test_without_a_map_one_is_suggested_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "corpus") == 2

    told = capsys.readouterr()
    assert "opened_at: Erstellt am" in told.out
    assert "--map FILE" in told.err
    (tmp_path / "map.yaml").write_text(told.out, encoding="utf-8")
    assert not (tmp_path / "corpus").exists()
    assert run(tmp_path / "corpus", "--map", tmp_path / "map.yaml", "--timezone", "Europe/Berlin") == 0


@pytest.mark.parametrize("arguments", [("--timezone", "Mond/Krater"), ("--kind", "fax")])
def test_wrong_arguments_are_usage(tmp_path: Path, arguments: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(tmp_path, *arguments)

    assert ended.value.code == 2


def test_when_no_row_can_be_taken_the_old_file_stays_and_the_quarantine_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cases.jsonl").write_text('{"id": "alt", "subject": "x"}\n', encoding="utf-8")

    assert run(tmp_path, "--map", MAP) == 1  # no time has a zone

    assert "cases.jsonl stays as it was" in capsys.readouterr().err
    assert [case.id for case in read_corpus(tmp_path).cases] == ["alt"]
    assert "--timezone" in (tmp_path / "quarantine.jsonl").read_text(encoding="utf-8")


def test_the_quarantine_holds_nothing_that_a_case_says(tmp_path: Path) -> None:
    run_cases(tmp_path)

    text = (tmp_path / "quarantine.jsonl").read_text(encoding="utf-8")
    for said in ("Helmut", "Hannelore", "abgebucht", "89,90", "derselben", "K-77", "letztes", "a.muster", "Unfug"):
        assert said not in text
    allowed = {"kind", "import", "file", "line", "pointer", "id", "reason", "hint"}
    assert all(set(json.loads(line)) <= allowed for line in text.splitlines())


def test_each_kind_has_its_own_part_of_the_quarantine(tmp_path: Path) -> None:
    run_cases(tmp_path)
    run(tmp_path, kind="html", export=FIXTURES / "html")
    run_cases(tmp_path)

    lines = (tmp_path / "quarantine.jsonl").read_text(encoding="utf-8").splitlines()
    kinds = [json.loads(line)["kind"] for line in lines]
    assert sorted(kinds) == ["articles"] * 4 + ["cases"] * 10


def test_a_clean_import_takes_its_part_of_the_quarantine_away(tmp_path: Path) -> None:
    run(tmp_path / "corpus", kind="html", export=FIXTURES / "html")
    (tmp_path / "gut").mkdir()
    shutil.copy(FIXTURES / "html" / "hilfe" / "stoerung.html", tmp_path / "gut")

    assert run(tmp_path / "corpus", kind="html", export=tmp_path / "gut") == 0
    assert [path.name for path in (tmp_path / "corpus").iterdir()] == ["articles.jsonl"]


def test_a_packed_file_is_replaced_by_a_packed_one(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl.gz").write_bytes(gzip.compress(b'{"id": "alt", "subject": "x"}\n'))

    assert run_cases(tmp_path) == 0

    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.jsonl.gz", "quarantine.jsonl"]
    assert [case.id for case in read_corpus(tmp_path).cases] == ["F-1", "F-2", "F-3-neu", "F-14"]


def test_a_plain_and_a_packed_file_are_for_the_user_to_tell_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cases.jsonl").touch()
    (tmp_path / "cases.jsonl.gz").touch()

    assert run_cases(tmp_path) == 1
    assert "expected one of the two" in capsys.readouterr().err


def test_a_link_in_the_place_of_a_corpus_file_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("as it was", encoding="utf-8")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "cases.jsonl").symlink_to(tmp_path / "elsewhere")

    assert run_cases(tmp_path / "corpus") == 1
    assert (tmp_path / "elsewhere").read_text(encoding="utf-8") == "as it was"


def test_two_imports_do_not_write_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    holder = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX)
        assert run_cases(tmp_path) == 1
    finally:
        os.close(holder)

    assert "another import writes there" in capsys.readouterr().err
    assert run_cases(tmp_path) == 0


@pytest.mark.parametrize("step", ["publish_quarantine", "publish_records"])
def test_an_import_that_dies_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    run_cases(tmp_path)
    before = (tmp_path / "cases.jsonl").read_bytes()

    def dies(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"corpus.importers.running.{step}", dies)
    assert run_cases(tmp_path) == 1
    assert (tmp_path / "cases.jsonl").read_bytes() == before
    assert not list(tmp_path.glob(f"{output._STAGING}*"))


def test_what_a_killed_import_left_is_swept_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / f"{output._STAGING}1-abc"
    left.mkdir()
    (left / "cases.jsonl").write_text("half", encoding="utf-8")

    run_cases(tmp_path)

    assert not left.exists()


def test_what_the_reader_of_folders_refuses_is_quarantined_and_the_rest_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that the reader has and single records have not must not cost the whole import."""
    asked: list[Path] = []

    def refuses_two(folder: Path, kind: str) -> dict[int, str]:
        asked.append(folder)
        return {1: "/body: found nothing to like", 3: "/body: found it too"} if len(asked) == 1 else {}

    monkeypatch.setattr("corpus.importers.running.refused_by_reader", refuses_two)
    assert run_cases(tmp_path) == 0

    assert [case.id for case in read_corpus(tmp_path).cases] == ["F-2", "F-14"]
    rows = [json.loads(line) for line in (tmp_path / "quarantine.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["line"], row["reason"]) for row in rows if "like" in row["reason"] or "too" in row["reason"]] == [
        (2, "/body: found nothing to like"),
        (7, "/body: found it too"),
    ]
    assert len(asked) == 2


def test_the_reader_tells_lines_that_it_refuses(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text('{"id": "a", "subject": "x"}\n{"id": "b"}\n', encoding="utf-8")

    refused = judging.refused_by_reader(tmp_path, "cases")

    assert list(refused) == [2]
