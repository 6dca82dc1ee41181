"""Smoke questions are read strictly: every wrong line is named, in one pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.findings import CorpusErrors
from corpus.smoke import SmokeQuestion, read_smoke


def written(folder: Path, *lines: str) -> Path:
    file = folder / "smoke.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def test_a_question_has_its_line_and_defaults(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        '{"question": "Wie?", "expect": {"articles": ["a", "b"]}}',
        "",
        '{"question": "Wer?", "expect": {"templates": ["t"], "actions": ["x"]}, "language": "de-AT", "top": 1}',
    )
    assert read_smoke(file) == (
        SmokeQuestion(line=1, question="Wie?", expect={"articles": ("a", "b")}),
        SmokeQuestion(
            line=3, question="Wer?", expect={"templates": ("t",), "actions": ("x",)}, language="de-AT", top=1
        ),
    )


def test_no_file_and_an_empty_one_have_no_questions(tmp_path: Path) -> None:
    assert read_smoke(tmp_path / "smoke.jsonl") == ()
    assert read_smoke(written(tmp_path)) == ()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"expect": {"articles": ["a"]}}', "/question"),
        ('{"question": " ", "expect": {"articles": ["a"]}}', "/question"),
        ('{"question": "x"}', "/expect"),
        ('{"question": "x", "expect": {}}', "/expect: found nothing expected"),
        ('{"question": "x", "expect": {"articles": []}}', "/expect/articles: found an empty list"),
        ('{"question": "x", "expect": {"articles": ["a b"]}}', "/expect/articles/0"),
        ('{"question": "x", "expect": {"cases": ["a"]}}', "/expect/cases: unknown key"),
        ('{"question": "x", "expect": {"articles": ["a"]}, "top": 0}', "/top"),
        ('{"question": "x", "expect": {"articles": ["a"]}, "top": 21}', "/top"),
        ('{"question": "x", "expect": {"articles": ["a"]}, "top": true}', "/top"),
        ('{"question": "x", "expect": {"articles": ["a"]}, "language": "Deutsch!"}', "/language"),
        ('{"question": "x", "expect": {"articles": ["a"]}, "colour": 1}', "/colour: unknown key"),
        ("[]", "expected an object"),
        ("{", "smoke.jsonl:2"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(CorpusErrors) as error:
        read_smoke(written(tmp_path, '{"question": "x", "expect": {"articles": ["a"]}}', line, "[]"))
    first, *_, last = str(error.value).splitlines()
    assert first.startswith("smoke.jsonl:2: ")
    assert told in first
    assert last.startswith("smoke.jsonl:3: ")
