from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.findings import CorpusErrors
from corpus.plain_passages import PlainPassage, read_plain
from corpus.training_problems import LANGUAGES

ROW = {"id": "plain-de-001", "topic": "Garten", "question": "Wann Tomaten säen?", "passage": "Ab Ende Februar im Haus."}
ENGLISH = {"id": "plain-en-001", "topic": "garden", "question": "When to sow?", "passage": "From March, indoors."}


def write(folder: Path, language: str, *rows: Any) -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / f"{language}.jsonl").write_text(text, encoding="utf-8")


def fault(folder: Path, row: Any) -> str:
    write(folder, "de", row)
    write(folder, "en", ENGLISH)
    with pytest.raises(CorpusErrors) as caught:
        read_plain(folder)
    return str(caught.value)


def test_passages_are_read_in_the_order_of_languages_and_lines(tmp_path: Path) -> None:
    write(tmp_path, "de", ROW, ROW | {"id": "plain-de-000"})
    write(tmp_path, "en", ENGLISH)

    passages = read_plain(tmp_path)

    assert [each.id for each in passages] == ["plain-de-001", "plain-de-000", "plain-en-001"]
    assert passages[0] == PlainPassage(
        id="plain-de-001",
        language="de",
        topic="Garten",
        question="Wann Tomaten säen?",
        passage="Ab Ende Februar im Haus.",
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"question": " "}, 'de.jsonl:1: /question: found " ", expected a text that is not blank'),
        ({"passage": 3}, "/passage: found 3, expected a text"),
        ({"answer": "x"}, "/answer: unknown key"),
        ({"id": "plain-en-001"}, '/id: found "plain-en-001", expected it to begin with plain-de-'),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    assert message in fault(tmp_path, ROW | changed)


def test_a_missing_language_is_named(tmp_path: Path) -> None:
    write(tmp_path, "de", ROW)

    with pytest.raises(CorpusErrors, match=r"en\.jsonl: cannot be opened \(No such file or directory\)"):
        read_plain(tmp_path)


def test_the_repositorys_passages_are_all_different_and_of_both_languages() -> None:
    passages = read_plain()

    assert {each.language for each in passages} == set(LANGUAGES)
    assert len({each.question.casefold() for each in passages}) == len(passages)
    assert len({each.passage for each in passages}) == len(passages)
