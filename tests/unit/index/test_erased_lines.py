"""Lines and files that name what was erased go; others stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.erased_lines import remove_names


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("runs/a.trec", "c1 Q0 x 1 2.0 s\nc10 Q0 c1x 1 2.0 s\n", "c10 Q0 c1x 1 2.0 s\n"),
        ("jobs/a.jsonl", '{"case": "c1"}\n{"case": "c1-b"}\n', '{"case": "c1-b"}\n'),
        ("reports/a.csv", "id;n\nc1;2\nac1;3\n", "id;n\nac1;3\n"),
        ("irgendwo/quarantine.jsonl", '{"ids": ["c1"]}\n{}\n', "{}\n"),
        ("quarantine-2026.jsonl", '{"ids": ["c1"]}\n{}\n', "{}\n"),
        ("out/a.jsonl", '{"kunde": "Gr\\u00fcn"}\n{"kunde": "Gr\\u00fcne"}\n', '{"kunde": "Gr\\u00fcne"}\n'),
    ],
)
def test_only_the_lines_that_name_it_go(tmp_path: Path, name: str, before: str, after: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(before, encoding="utf-8")

    assert remove_names(tmp_path, ["c1", "Grün"]) == {"lines": 1, "files": 0}
    assert path.read_text(encoding="utf-8") == after


def test_a_report_that_names_it_goes_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "metrics.json").write_text('{"worst": ["c1"]}', encoding="utf-8")
    (out / "other.json").write_text('{"worst": ["c2"]}', encoding="utf-8")

    assert remove_names(tmp_path, ["c1"]) == {"lines": 0, "files": 1}
    assert [path.name for path in out.iterdir()] == ["other.json"]


def test_vectors_of_an_evaluation_go_whatever_was_erased(tmp_path: Path) -> None:
    cache = tmp_path / "evaluation" / "embeddings.sqlite"
    cache.parent.mkdir()
    cache.write_bytes(b"")

    assert remove_names(tmp_path, []) == {"lines": 0, "files": 1}
    assert not cache.exists()


def test_other_state_is_not_touched(tmp_path: Path) -> None:
    for name in ("smoke.jsonl", "agent-keys.json", "snapshots/x/cases.jsonl", "rankers/own-1/scorecard.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('"c1"\n', encoding="utf-8")

    assert remove_names(tmp_path, ["c1"]) == {"lines": 0, "files": 0}
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 4
