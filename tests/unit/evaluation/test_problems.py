from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.findings import CorpusErrors
from corpus.models import Case
from evaluation.audit import audit
from evaluation.problems import asked_question, read_problem_history, read_problems, read_similar_problems

ROWS: list[dict[str, Any]] = [
    {
        "id": "energy-002",
        "industry": "energy",
        "title": "Abschlag ändern",
        "article": "Den Abschlag ändern Sie im Portal.",
        "mails": [
            {"form": "email", "subject": "zu teuer", "text": "Ich zahle jeden Monat zu viel."},
            {"form": "note", "text": "Kd. möchte weniger vorauszahlen, bitte prüfen."},
        ],
    },
    {
        "id": "energy-001",
        "industry": "energy",
        "title": "Zählerstand melden",
        "article": "Melden Sie den Stand bis zum Stichtag.",
        "mails": [
            {"form": "chat", "subject": "", "text": "wo trage ich die zahl vom zähler ein"},
            {"form": "email", "subject": None, "text": "Wo trage ich die Zahl vom Zähler ein?"},
        ],
    },
]


def _write(folder: Path, rows: list[dict[str, Any]]) -> Path:
    file = folder / "energy.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_every_message_asks_for_the_article_of_its_problem(tmp_path: Path) -> None:
    judged = read_problems(_write(tmp_path, ROWS))

    assert (judged.name, judged.family, judged.kind) == ("mails_energy", "mails", "articles")
    assert [article.id for article in judged.records["articles"]] == ["energy-001", "energy-002"]
    assert [(each.id, set(each.relevant), each.group) for each in judged.questions] == [
        ("energy-002-0", {"energy-002"}, "energy-002"),
        ("energy-002-1", {"energy-002"}, "energy-002"),
        ("energy-001-0", {"energy-001"}, "energy-001"),
        ("energy-001-1", {"energy-001"}, "energy-001"),
    ]
    first, second = judged.questions[:2]
    assert (first.case.subject, first.case.description) == ("zu teuer", "Ich zahle jeden Monat zu viel.")
    assert second.case.subject is None
    assert second.slices == {"form": "note", "language": "de", "length": "short"}
    assert judged.records["cases"] == []


def test_second_messages_ask_for_the_case_of_the_first(tmp_path: Path) -> None:
    judged = read_similar_problems(_write(tmp_path, ROWS[:1]))

    assert (judged.name, judged.kind, judged.source) == ("mails_energy", "similar_cases", "history")
    (solved,) = judged.records["cases"]
    assert isinstance(solved, Case)
    assert (solved.id, solved.is_solved_history) == ("energy-002-0", True)
    assert [use.id for use in solved.articles] == ["energy-002"]
    (question,) = judged.questions
    assert (question.id, question.relevant) == ("energy-002-1", {"energy-002-0"})
    assert solved.closed_at is not None
    assert question.as_of is not None
    assert solved.closed_at < question.as_of
    assert audit(judged) == ()


def test_second_messages_that_repeat_a_first_or_are_missing_are_dropped_and_counted(tmp_path: Path) -> None:
    alone = {**ROWS[0], "id": "energy-003", "mails": [{"form": "chat", "text": "allein auf weiter Flur"}]}
    judged = read_similar_problems(_write(tmp_path, [*ROWS, alone]))
    assert [question.id for question in judged.questions] == ["energy-002-1"]
    assert judged.dropped == {"problems without a second message": 1, "near-duplicates in history": 1}
    assert len(judged.records["cases"]) == 3


def test_a_short_question_asks_for_the_article_of_its_id() -> None:
    question = asked_question("energy-001", "Wohin mit dem Zählerstand?", "de")
    assert (question.id, question.relevant, question.group) == ("energy-001", {"energy-001"}, "energy-001")
    assert (question.case.subject, question.case.description) == ("Wohin mit dem Zählerstand?", None)
    assert question.slices == {"language": "de", "length": "short"}


def test_faults_name_file_line_and_key(tmp_path: Path) -> None:
    wrong = [
        {**ROWS[0], "mails": [{"text": "gut"}, {"text": 3}]},
        {**ROWS[1], "mails": "keine"},
        {**ROWS[1], "id": "energy-001", "title": " "},
    ]
    with pytest.raises(CorpusErrors) as caught:
        read_problems(_write(tmp_path, wrong))
    told = str(caught.value)
    assert "energy.jsonl:1: /mails/1/text: found 3, expected a text" in told
    assert 'energy.jsonl:2: /mails: found "keine", expected a list of objects' in told
    assert 'energy.jsonl:3: /id: found "energy-001", which line 2 has already' in told
    assert 'energy.jsonl:3: /title: found " ", expected a text that is not blank' in told
    with pytest.raises(CorpusErrors, match=r"none\.jsonl: found no file of this name"):
        read_problems(tmp_path / "none.jsonl")


def test_a_file_without_messages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"energy\.jsonl: found no message that could be asked"):
        read_problems(_write(tmp_path, [{**ROWS[0], "mails": []}]))


def test_second_messages_ask_for_the_article_that_solved_the_first(tmp_path: Path) -> None:
    file = _write(tmp_path, ROWS)
    cases, articles = read_similar_problems(file), read_problem_history(file)
    assert articles.kind == "articles"
    assert articles.records == cases.records
    assert {question.id: question.relevant for question in articles.questions} == {
        question.id: frozenset({question.group}) for question in cases.questions
    }
