from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from corpus.models import Article, Case, Message, Use
from evaluation.audit import LeakError, audit, refuse_leaks
from evaluation.leakage import near_in_history, without_near
from evaluation.questions import JudgedSet, Question

CUT = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _past(name: str, text: str = "Router blinkt rot", *, closed: datetime = CUT - HOUR, **more: Any) -> Case:
    return Case(id=name, description=text, opened_at=closed - HOUR, closed_at=closed, articles=(Use(id="a"),), **more)


def _question(name: str, text: str = "Rechnung wurde doppelt abgebucht", *, opened: datetime = CUT) -> Question:
    case = Case(id=name, description=text, opened_at=opened)
    return Question(id=name, case=case, relevant=frozenset({"a"}), group=name, as_of=opened)


def _judged(history: Sequence[Case], questions: Sequence[Question], by: str = "time", **facts: str) -> JudgedSet:
    return JudgedSet(
        name="set",
        family="set",
        source="history",
        kind="articles",
        records={"articles": [Article(id="a", title="t", body="b", language="de")], "cases": history},
        questions=questions,
        split={"by": by, "at": CUT.isoformat(), **facts},
        dropped={},
    )


def test_an_honest_set_has_no_leak() -> None:
    judged = _judged([_past("h1"), _past("h2", "SIM gesperrt")], [_question("q1"), _question("q2", "Umzug melden")])
    assert audit(judged) == ()
    assert refuse_leaks(judged) == ()


def test_a_case_that_is_both_history_and_asked_is_a_leak() -> None:
    judged = _judged([_past("h1"), _past("q1", "anders erzählt")], [_question("q1")])
    with pytest.raises(
        LeakError, match=r"set: the split leaks \(cases asked about that are in history: q1\)"
    ) as caught:
        refuse_leaks(judged)
    assert [leak.ids for leak in caught.value.leaks] == [("q1",)]


@pytest.mark.parametrize(
    "late",
    [
        _past("h2", closed=CUT),
        _past("h2", closed=CUT + HOUR),
        replace(_past("h2"), closed_at=None),
        replace(_past("h2"), opened_at=CUT),
    ],
)
def test_history_that_was_open_at_the_split_or_after_it_is_a_leak(late: Case) -> None:
    (leak,) = audit(_judged([_past("h1"), late], [_question("q1")]))
    assert leak.fatal
    assert leak.ids == ("h2",)
    assert "open at the split (2026-06-01T00:00:00+00:00)" in str(leak)


def test_a_question_from_before_the_split_is_a_leak() -> None:
    (leak,) = audit(_judged([_past("h1")], [_question("q1"), _question("q2", "Umzug", opened=CUT - HOUR)]))
    assert (leak.ids, leak.fatal) == (("q2",), True)


def test_history_that_its_own_split_calls_a_test_is_a_leak() -> None:
    (leak,) = audit(_judged([_past("h1", split="test")], [_question("q1")], by="field"))
    assert (leak.ids, leak.fatal) == (("h1",), True)


def test_a_case_that_its_own_split_puts_into_history_too_late_is_told_but_borne() -> None:
    judged = _judged([_past("h1", split="train", closed=CUT + 5 * HOUR)], [_question("q1")], by="field")
    (leak,) = refuse_leaks(judged)
    assert (leak.ids, leak.fatal) == (("h1",), False)


def test_a_question_that_knows_how_its_case_ended_is_a_leak() -> None:
    question = _question("q1")
    for told in ({"resolution": "erstattet"}, {"closed_at": CUT + HOUR}, {"articles": (Use(id="a"),)}, {"status": "x"}):
        case = replace(question.case, **told)  # type: ignore[arg-type]
        (leak,) = audit(_judged([_past("h1")], [replace(question, case=case)]))
        assert (leak.ids, leak.fatal) == (("q1",), True)


def test_a_near_duplicate_in_history_is_a_leak_unless_they_were_kept_on_purpose() -> None:
    history = [_past("h1", "rechnung doppelt abgebucht!")]
    (leak,) = audit(_judged(history, [_question("q1")]))
    assert (leak.ids, leak.fatal) == (("q1",), True)
    (borne,) = refuse_leaks(_judged(history, [_question("q1")], near_duplicates="kept"))
    assert not borne.fatal


def test_many_ids_are_told_briefly() -> None:
    history = [_past(f"h{n}", f"wort{n} nummer{n}", closed=CUT) for n in range(8)]
    (leak,) = audit(_judged(history, [_question("q1")]))
    assert str(leak).endswith(": h0, h1, h2, h3, h4 and 3 more")


def test_history_is_compared_as_it_stood_whenever_something_was_used() -> None:
    talk = (
        Message(role="customer", text="Guten Tag"),
        Message(role="agent", text="Wie kann ich helfen, vielleicht beim Umzug?"),
        Message(role="customer", text="Die Rechnung wurde doppelt abgebucht"),
        Message(role="customer", text="und außerdem ist der Router kaputt, schon seit vielen vielen Wochen"),
    )
    past = Case(id="h1", messages=talk, closed_at=CUT - HOUR, articles=(Use(id="a", after_message=3),))
    asked = [
        _question("opening", "guten tag!"),
        _question("used", "Guten Tag, Rechnung wurde doppelt abgebucht"),
        _question("later", " ".join(message.text for message in talk if message.role == "customer")),
        _question("agent", "Wie kann ich helfen, vielleicht beim Umzug?"),
    ]
    assert near_in_history(asked, [past]) == [True, True, False, False]
    assert [question.id for question in without_near(asked, [past])] == ["later", "agent"]
