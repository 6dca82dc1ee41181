from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from corpus.folder import Corpus
from corpus.models import Article, Case, Message, Use
from evaluation.judge_questions import questions_to_judge
from evaluation.judged import asked_text
from evaluation.judging_plan import JudgingError

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ARTICLE = Article(id="a", title="Kündigung", body="So kündigen Sie.", language="de")
TEXTS = ("Rechnung falsch gebucht", "Router blinkt rot", "Paket kam nie an", "Passwort vergessen", "Umzug im Mai")


def _case(number: int, *, closed: bool = True, **more: Any) -> Case:
    opened = NOON + timedelta(days=number)
    values: dict[str, Any] = {"description": TEXTS[number % len(TEXTS)], "opened_at": opened, **more}
    return Case(id=f"c{number}", closed_at=opened + timedelta(hours=1) if closed else None, **values)


def _corpus(*cases: Case) -> Corpus:
    return Corpus(articles=(ARTICLE,), cases=cases, dangling={})


def _asked(*cases: Case, count: int = 10) -> list[str]:
    return [question.id for question in questions_to_judge("shop", _corpus(*cases), "articles", count).questions]


def test_open_cases_come_first_and_late_ones_before_early_ones() -> None:
    cases = (_case(0), _case(1, closed=False), _case(2), _case(3, closed=False))
    assert _asked(*cases) == ["c3", "c1", "c2", "c0"]
    assert _asked(*cases, count=3) == ["c3", "c1", "c2"]


def test_nothing_that_came_later_is_told() -> None:
    said = (
        Message(role="customer", text="Mein Router blinkt", at=NOON),
        Message(role="agent", text="Bitte neu starten", at=NOON + timedelta(hours=2)),
        Message(role="customer", text="Geheimnis", at=NOON + timedelta(hours=3)),
    )
    case = _case(1, messages=said, resolution="Geheimnis", articles=(Use(id="a"),), status="closed")
    question = questions_to_judge("shop", _corpus(case), "articles", 5).questions[0]
    assert "Router blinkt" in asked_text(question.case)
    assert "Geheimnis" not in repr(question.case)
    assert question.case.articles == ()
    assert question.as_of == NOON


def test_a_case_that_an_agent_opened_is_asked_by_what_the_customer_answered() -> None:
    said = (
        Message(role="agent", text="Womit kann ich helfen?"),
        Message(role="customer", text="Paket kam nie an"),
        Message(role="agent", text="Ich sehe nach"),
        Message(role="customer", text="Geheimnis"),
    )
    question = questions_to_judge("shop", _corpus(_case(1, description=None, messages=said)), "articles", 5).questions[
        0
    ]
    assert asked_text(question.case) == "Paket kam nie an"


def test_cases_that_say_nothing_or_the_same_are_passed_over_and_counted() -> None:
    judged = questions_to_judge(
        "shop", _corpus(_case(0), _case(5), _case(1), _case(2, description=" ", subject=None)), "articles", 10
    )
    assert [question.id for question in judged.questions] == ["c5", "c1"]
    assert judged.dropped == {"cases without a text": 1, "near-duplicates": 1}


def test_history_are_solved_cases_that_are_not_asked() -> None:
    judged = questions_to_judge("shop", _corpus(*(_case(number) for number in range(5))), "articles", 2)
    assert [question.id for question in judged.questions] == ["c4", "c3"]
    assert [case.id for case in judged.records["cases"]] == ["c0", "c1", "c2"]


def test_a_corpus_without_anything_to_judge_is_refused() -> None:
    with pytest.raises(JudgingError, match="no templates"):
        questions_to_judge("shop", _corpus(_case(0)), "templates", 5)
    with pytest.raises(JudgingError, match="no case with a text"):
        questions_to_judge("shop", _corpus(), "articles", 5)
