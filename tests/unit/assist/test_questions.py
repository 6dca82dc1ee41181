"""Questions out of files: bare cases and bodies of ``POST /v1/suggest``, with every fault of a file told at once."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from assist.questions import QuestionError, question_of, read_questions
from corpus.findings import CorpusErrors

PUBLIC = frozenset({"public"})
EXAMPLES = Path(__file__).parents[3] / "docs" / "examples" / "cases.jsonl"
BODY = {"case": {"description": "Internet tot"}, "context": {"contact": {"last_name": "Brandt"}}, "limit": 2}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    return path


def test_a_file_may_mix_bare_cases_and_bodies(tmp_path: Path) -> None:
    file = write(tmp_path / "cases.jsonl", {"id": "c1", "description": "Internet tot"}, BODY)

    bare, body = read_questions(file, PUBLIC)

    assert (bare.case.id, bare.context) == ("c1", {})
    assert body.context["contact"] == {"last_name": "Brandt"}
    assert set(body.limits.values()) == {2}
    assert bare.audiences == body.audiences == PUBLIC


def test_a_packed_file_is_read_alike(tmp_path: Path) -> None:
    file = write(tmp_path / "cases.jsonl", BODY)
    packed = tmp_path / "cases.jsonl.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))

    assert read_questions(packed, PUBLIC) == read_questions(file, PUBLIC)


def test_every_fault_is_told_with_its_line_and_place(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    write(file, {"case": {"description": "x", "chanel": "email"}}, {"id": "c2"}, [1])
    file.write_text(file.read_text(encoding="utf-8") + "{nonsense\n", encoding="utf-8")

    with pytest.raises(CorpusErrors) as raised:
        read_questions(file, PUBLIC)

    told = str(raised.value)
    assert f"{file}:1: /case/chanel" in told
    assert {each.line for each in raised.value.problems} == {1, 2, 3, 4}


def test_what_an_open_case_lists_was_done() -> None:
    open_case = {"id": "c", "description": "x", "actions": ["verify_identity"]}
    closed = {**open_case, "closed_at": "2026-05-01T00:00:00Z"}

    assert question_of(open_case, PUBLIC).actions_done == ("verify_identity",)
    assert question_of(closed, PUBLIC).actions_done == ()


def test_a_question_that_is_no_object_is_named() -> None:
    with pytest.raises(QuestionError, match="expected a case"):
        question_of("Internet tot", PUBLIC)


def test_the_examples_of_the_documents_can_be_asked() -> None:
    assert len(read_questions(EXAMPLES, PUBLIC)) == 12
