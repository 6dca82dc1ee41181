from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from corpus.models import Action, Article, Case, Message, Outcome, Use
from evaluation.case_questions import case_questions
from evaluation.heirs import current_ids
from evaluation.hiding import hide_history, shuffle_history, with_newest
from evaluation.history_sets import read_history, read_kind, used_in_history
from evaluation.questions import JudgedSet, Question
from evaluation.similar_sets import similar_cases
from index.situations import UsedKind
from tests.conftest import WriteCorpus

OPENED = datetime(2026, 3, 1, 8, tzinfo=UTC)
ARTICLES = {each: Article(id=each, title="t", body="b", language="de") for each in ("a", "b")}
ACTIONS = {each: Action(id=each, name="n") for each in ("check", "refund", "close")}
TALK = (
    Message(role="customer", text="Hallo, meine Rechnung stimmt nicht"),
    Message(role="agent", text="Was genau?", at=OPENED + timedelta(minutes=5)),
    Message(role="customer", text="doppelt abgebucht", at=OPENED + timedelta(minutes=9)),
    Message(role="agent", text="Ich erstatte den Betrag, Lösung XYZ"),
)
CASE = Case(
    id="c",
    subject="Rechnung",
    description="Kunde ruft an",
    messages=TALK,
    language="de",
    channel="chat",
    product="dsl",
    opened_at=OPENED,
    closed_at=OPENED + timedelta(hours=1),
    status="closed",
    resolution="Lösung XYZ",
    outcome=Outcome(solved=True, csat=5),
    agent="agent-7",
)


def _asked(case: Case, kind: UsedKind) -> list[Question]:
    items: Mapping[str, Any] = ACTIONS if kind == "actions" else ARTICLES
    return case_questions(case, kind, items, current_ids(list(items.values())))


def _known(question: Question) -> int:
    return len(question.case.messages)


def test_an_article_is_asked_for_with_the_messages_before_it_was_used() -> None:
    (question,) = _asked(replace(CASE, articles=(Use(id="a", after_message=3),)), "articles")
    assert (question.id, question.relevant, _known(question)) == ("c", {"a"}, 3)
    assert question.as_of == TALK[2].at


def test_without_a_message_number_only_what_came_before_the_first_reply_is_known() -> None:
    (question,) = _asked(replace(CASE, articles=(Use(id="a"),)), "articles")
    assert question.case.messages == TALK[:1]
    assert (question.case.subject, question.case.description) == ("Rechnung", "Kunde ruft an")
    assert question.as_of == OPENED  # its only message has no time


def test_articles_used_at_different_moments_are_different_questions() -> None:
    uses = (Use(id="b", after_message=3), Use(id="a"), Use(id="b"))
    first, second = _asked(replace(CASE, articles=uses), "articles")
    assert (first.id, first.relevant, _known(first)) == ("c#1", {"a", "b"}, 1)
    assert (second.id, second.relevant, _known(second)) == ("c#2", {"b"}, 3)
    assert {first.group, second.group} == {"c"}


def test_each_step_asks_for_the_next_action_with_those_done_before() -> None:
    uses = (Use(id="check", after_message=1), Use(id="refund", after_message=3), Use(id="close", after_message=3))
    steps = _asked(replace(CASE, actions=uses), "actions")
    assert [(step.relevant, step.done, _known(step)) for step in steps] == [
        ({"check"}, (), 1),
        ({"refund"}, ("check",), 3),
        ({"close"}, ("check", "refund"), 3),
    ]
    assert [step.id for step in steps] == ["c#1", "c#2", "c#3"]


def test_nothing_known_at_closing_is_ever_asked_with() -> None:
    uses = {"articles": (Use(id="a"),), "actions": (Use(id="check", after_message=2),)}
    for kind in ("articles", "actions"):
        for question in _asked(replace(CASE, **uses), kind):  # type: ignore[arg-type]
            case = question.case
            assert "XYZ" not in repr(case)
            assert (case.closed_at, case.status, case.resolution, case.outcome, case.agent) == (None,) * 5
            assert case.articles == case.templates == case.actions == ()


def test_items_that_the_corpus_lacks_are_right_for_nothing_but_stay_done() -> None:
    steps = _asked(replace(CASE, actions=(Use(id="gone"), Use(id="check"))), "actions")
    assert [(step.id, step.relevant, step.done) for step in steps] == [("c", {"check"}, ("gone",))]


def test_an_item_that_replaces_another_is_right_in_its_place() -> None:
    items = {"new": Article(id="new", title="t", body="b", language="de", replaces=("old",))}
    (question,) = case_questions(
        replace(CASE, articles=(Use(id="old"),)), "articles", items, current_ids(list(items.values()))
    )
    assert question.relevant == {"new"}


def test_a_moment_before_anything_was_written_is_not_asked() -> None:
    case = replace(CASE, subject=None, description=None, actions=(Use(id="check", after_message=0), Use(id="refund")))
    assert [step.relevant for step in _asked(case, "actions")] == [{"refund"}]


def test_slices_tell_language_channel_product_and_length() -> None:
    english = {"a": replace(ARTICLES["a"], language="en-GB")}
    (question,) = case_questions(replace(CASE, articles=(Use(id="a"),)), "articles", english, {"a": "a"})
    assert question.slices == {"channel": "chat", "language": "de>en", "length": "short", "product": "dsl"}


# Ten cases, a day apart: c0 to c7 are history, c8 and c9 tests.
PROBLEMS = ("Rechnung doppelt", "Router blinkt rot", "Vertrag kündigen", "SIM gesperrt")


def _row(number: int, text: str, article: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"c{number}",
        "description": text,
        "language": "de",
        "opened_at": f"2026-03-{number + 1:02}T08:00:00Z",
        "closed_at": f"2026-03-{number + 1:02}T09:00:00Z",
        "articles": [article],
        **more,
    }


def _corpus() -> dict[str, list[dict[str, Any]]]:
    articles = [{"id": f"a{n}", "title": "t", "body": "b", "language": "de"} for n in range(4)]
    cases = [_row(n, f"{PROBLEMS[n % 4]} Fall {n} am Morgen und Abend", f"a{n % 4}") for n in range(8)]
    cases.append(_row(8, "meine Karte wurde zweimal belastet", "a0"))
    cases.append(_row(9, "das Lämpchen leuchtet", "a1"))
    return {"articles": articles, "cases": cases}


@pytest.fixture
def judged(write_corpus: WriteCorpus) -> JudgedSet:
    return read_kind(write_corpus(_corpus()), "articles")


def test_a_corpus_becomes_history_and_questions(judged: JudgedSet) -> None:
    assert (judged.name, judged.source, judged.kind) == ("corpus", "history", "articles")
    assert [record.id for record in judged.records["cases"]] == [f"c{n}" for n in range(8)]
    assert [(each.id, set(each.relevant)) for each in judged.questions] == [("c8", {"a0"}), ("c9", {"a1"})]
    assert judged.split["at"] == "2026-03-09T08:00:00+00:00"
    assert set(judged.dropped.values()) == {0}
    assert used_in_history(judged) == {"a0": 2, "a1": 2, "a2": 2, "a3": 2}
    assert {question.slices["history"] for question in judged.questions} == {"1-4"}


def test_what_a_manager_pins_is_in_no_judged_set(write_corpus: WriteCorpus) -> None:
    pin = {"id": "p", "kind": "articles", "item": "a0", "effect": "forbid", "reason": "im Umbau"}
    judged = read_kind(write_corpus(_corpus() | {"pins": [pin]}), "articles")
    assert judged == read_kind(write_corpus(_corpus()), "articles")
    assert "pins" not in judged.records


def test_near_duplicates_of_history_are_dropped_and_counted_unless_kept(write_corpus: WriteCorpus) -> None:
    rows = _corpus()
    rows["cases"][9]["description"] = "Router blinkt rot, Fall 1 am Morgen und Abend!"
    folder = write_corpus(rows)
    (judged,) = read_history(folder)
    assert [question.id for question in judged.questions] == ["c8"]
    assert judged.dropped["near-duplicates in history"] == 1
    (kept,) = read_history(folder, keep_near=True)
    assert [question.id for question in kept.questions] == ["c8", "c9"]
    assert (judged.split["near_duplicates"], kept.split["near_duplicates"]) == ("dropped", "kept")


def test_near_duplicate_tests_share_a_group(write_corpus: WriteCorpus) -> None:
    rows = _corpus()
    rows["cases"][9]["description"] = "Meine Karte wurde heute zweimal belastet"
    assert {question.group for question in read_kind(write_corpus(rows), "articles").questions} == {"c8"}


def test_each_kind_that_tests_used_is_a_set_of_its_own(write_corpus: WriteCorpus) -> None:
    rows = _corpus()
    rows["actions"] = [{"id": "check", "name": "n"}, {"id": "close", "name": "n"}]
    rows["cases"][8]["actions"] = ["check", "close", "unknown"]
    articles, actions = read_history(write_corpus(rows))
    assert (articles.kind, actions.kind) == ("articles", "actions")
    assert [(each.id, each.group) for each in actions.questions] == [("c8#1", "c8"), ("c8#2", "c8")]
    assert actions.dropped["test cases without a question"] == 1
    assert actions.dropped["uses of unknown items"] == 1
    with pytest.raises(ValueError, match="found test cases that used articles, actions, expected some that used templ"):
        read_kind(write_corpus(rows), "templates")


def test_a_corpus_with_nothing_to_ask_is_refused(write_corpus: WriteCorpus) -> None:
    rows = _corpus()
    for case in rows["cases"]:
        case["articles"] = []
    with pytest.raises(ValueError, match="corpus: found no question in 2 test cases"):
        read_history(write_corpus(rows))


def test_history_has_what_was_sent_in_it_but_tests_ask_only_for_what_they_name(write_corpus: WriteCorpus) -> None:
    rows = _corpus()
    rows["articles"][0]["url"] = "https://hilfe.example/erster"
    for number in (0, 8):
        rows["cases"][number]["articles"] = []
        rows["cases"][number]["messages"] = [{"role": "agent", "text": "Siehe https://hilfe.example/erster"}]
    judged = read_kind(write_corpus(rows), "articles")
    cases = {case.id: case for case in judged.records["cases"] if isinstance(case, Case)}
    assert cases["c0"].articles == (Use(id="a0", after_message=0),)
    assert [question.id for question in judged.questions] == ["c9"]


def test_hiding_withholds_every_use_of_a_seeded_sample(judged: JudgedSet) -> None:
    less, hidden = hide_history(judged, share=0.5, seed=7)

    assert len(hidden) == 2
    assert used_in_history(less) == {each: 2 for each in ("a0", "a1", "a2", "a3") if each not in hidden}
    assert less.split["hidden_cases"] == 4
    assert less.records["articles"] == judged.records["articles"]
    assert [question.id for question in less.questions] == [question.id for question in judged.questions]
    for question in less.questions:
        assert question.slices["history"] == ("none" if question.relevant <= hidden else "1-4")
    assert hide_history(judged, share=0.5, seed=7) == (less, hidden)
    assert any(hide_history(judged, share=0.5, seed=seed)[1] != hidden for seed in range(8, 14))


def test_a_case_that_used_something_else_too_stays_without_the_hidden_use(write_corpus: WriteCorpus) -> None:
    rows = _corpus()
    rows["articles"][0]["replaces"] = ["before"]
    rows["cases"][1]["articles"] = ["a1", "before"]
    judged = read_kind(write_corpus(rows), "articles")
    hidden: frozenset[str] = frozenset()
    for seed in range(50):
        less, hidden = hide_history(judged, share=0.1, seed=seed)
        if hidden == {"a0"}:
            break
    assert hidden == {"a0"}
    cases = {case.id: case for case in less.records["cases"] if isinstance(case, Case)}
    assert "c0" not in cases
    assert [use.id for use in cases["c1"].articles] == ["a1"]


def test_hiding_nothing_sensible_is_refused(judged: JudgedSet) -> None:
    with pytest.raises(ValueError, match=r"found the share 1\.5"):
        hide_history(judged, share=1.5)
    with pytest.raises(ValueError, match="found no use of articles in history"):
        hide_history(replace(judged, records={**judged.records, "cases": ()}))
    with pytest.raises(ValueError, match="similar cases"):
        hide_history(similar_cases(judged))


def test_similar_cases_are_those_that_used_what_is_right(judged: JudgedSet) -> None:
    similar = similar_cases(judged)
    assert similar.kind == "similar_cases"
    assert [set(question.relevant) for question in similar.questions] == [{"c0", "c4"}, {"c1", "c5"}]
    less, hidden = hide_history(judged, share=0.9, seed=7)
    left = [question for question in judged.questions if not question.relevant <= hidden]
    if left:
        assert len(similar_cases(less).questions) == len(left)
    else:
        with pytest.raises(ValueError, match="found no case of history"):
            similar_cases(less)


def test_shuffling_mixes_up_items_and_changes_nothing_else(judged: JudgedSet) -> None:
    mixed = shuffle_history(judged, 1.0, seed=7)
    assert used_in_history(mixed) == used_in_history(judged)
    assert mixed.records["cases"] != judged.records["cases"]
    without = [replace(case, articles=()) for case in mixed.records["cases"] if isinstance(case, Case)]
    assert without == [replace(case, articles=()) for case in judged.records["cases"] if isinstance(case, Case)]
    assert mixed.questions == judged.questions
    assert shuffle_history(judged, 1.0, seed=7) == mixed
    with pytest.raises(ValueError, match=r"found the share 0\.0"):
        shuffle_history(judged, 0.0)
    with pytest.raises(ValueError, match="similar cases"):
        shuffle_history(similar_cases(judged), 0.5)


def test_the_newest_history_is_that_of_the_cases_that_closed_last(judged: JudgedSet) -> None:
    cases = [case for case in judged.records["cases"] if isinstance(case, Case)]
    last = sorted(cases, key=lambda case: (case.closed_at or case.opened_at, case.id))[-3:]  # type: ignore[arg-type, return-value]
    newest = with_newest(judged, 3)
    assert {case.id for case in newest.records["cases"]} == {case.id for case in last}
    assert with_newest(judged, 0).records["cases"] == []
    assert len(with_newest(judged, 99).records["cases"]) == len(cases)
    assert all(question.slices["history"] == "none" for question in with_newest(judged, 0).questions)
