"""What feedback teaches: what was sent, what was perhaps used where nothing else is known, and little by one source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from corpus.feedback import Evidence, FeedbackEvent
from corpus.models import Article, Case, Message, Outcome, Template, Use
from index.bounds import Bound
from index.labels import Items, with_known_uses

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
ITEMS: Items = {
    "articles": [Article(id=name, title=name, body=name, language="de") for name in ("a", "b", "c")]
    + [Article(id="intern", title="i", body="i", language="de", audience=("level2",))],
    "templates": [
        Template(
            id="t",
            name="t",
            body="Wir haben Ihre Rechnung geprüft und erstatten den doppelt abgebuchten Betrag in fünf Tagen.",
            language="de",
        )
    ],
    "actions": [],
}


def case(name: str = "c1", **parts: Any) -> Case:
    return Case(id=name, subject=name, closed_at=NOW, **parts)


def told(event: FeedbackEvent, item: str = "a", about: str = "c1", **parts: Any) -> Evidence:
    given: dict[str, Any] = {"kind": "articles", "key": "crm", "hand": "2026Q4-1", "at": NOW, **parts}
    return Evidence(case_id=about, item_id=item, event=event, **given)


def articles(cases: Iterable[Case]) -> dict[str, list[str]]:
    return {each.id: [use.id for use in each.articles] for each in cases}


@pytest.mark.parametrize("event", ["sent", "executed"])
def test_what_was_sent_or_done_in_a_solved_case_is_a_use_from_its_opening_on(event: FeedbackEvent) -> None:
    (known,) = with_known_uses([case()], ITEMS, [told(event)])

    assert known.articles == (Use(id="a", after_message=None),)


def test_uses_that_a_case_names_stay_first_and_are_not_doubled() -> None:
    given = case(articles=(Use(id="b", after_message=2),))
    (known,) = with_known_uses([given], ITEMS, [told("sent", "a"), told("sent", "b")])

    assert known.articles == (Use(id="b", after_message=2), Use(id="a"))


def test_uses_are_gained_in_the_order_in_which_they_were_sent() -> None:
    evidence = [told("sent", "a", at=NOW + timedelta(hours=1)), told("sent", "b", at=NOW)]
    assert articles(with_known_uses([case()], ITEMS, evidence)) == {"c1": ["b", "a"]}


@pytest.mark.parametrize(
    "unsolved",
    [replace(case(), closed_at=None), case(outcome=Outcome(solved=False))],
)
def test_a_case_that_is_not_solved_teaches_nothing(unsolved: Case) -> None:
    assert with_known_uses([unsolved], ITEMS, [told("sent"), told("copied", "b")]) == [unsolved]


def test_feedback_on_a_case_that_the_store_lacks_changes_nothing() -> None:
    assert with_known_uses([case()], ITEMS, [told("sent", about="fremd")]) == [case()]


def test_a_kind_that_feedback_tells_of_is_not_recovered_from_messages() -> None:
    sent = Message(role="agent", text=ITEMS["templates"][0].body)  # type: ignore[union-attr]  # of a template
    asked = Message(role="customer", text="Rechnung doppelt")
    conversation = case(messages=(asked, sent))

    (recovered,) = with_known_uses([conversation], ITEMS)
    (known,) = with_known_uses([conversation], ITEMS, [told("sent", "anders", kind="templates")])
    (perhaps,) = with_known_uses([conversation], ITEMS, [told("copied", "anders", kind="templates")])

    assert recovered.templates == (Use(id="t", after_message=1),)
    assert known.templates == (Use(id="anders"),)
    assert perhaps.templates == (Use(id="t", after_message=1),)


@pytest.mark.parametrize(
    ("evidence", "used"),
    [
        ([told("opened", "a")], ["a"]),
        ([told("helpful", "a"), told("opened", "b")], ["a"]),
        ([told("copied", "b"), told("helpful", "a")], ["b"]),
        ([told("inserted", "b"), told("copied", "a"), told("copied", "c")], ["b"]),
        ([told("attached", "c"), told("inserted", "a")], ["c"]),
        ([told("copied", "a"), told("copied", "b"), told("opened", "b")], ["b"]),
        ([told("copied", "a"), told("dismissed", "a")], []),
        ([told("copied", "a"), told("not_helpful", "a"), told("opened", "b")], ["b"]),
        ([told("shown", "a")], []),
        ([told("dismissed", "a")], []),
        ([told("copied", "b"), told("sent", "a")], ["a"]),
        ([told("sent", "a"), told("dismissed", "a")], ["a"]),
    ],
)
def test_where_nothing_was_sent_the_likeliest_item_counts(evidence: list[Evidence], used: list[str]) -> None:
    assert articles(with_known_uses([case()], ITEMS, evidence)) == {"c1": used}


def test_what_was_perhaps_used_never_joins_a_use_that_a_case_names() -> None:
    given = case(articles=(Use(id="b"),))
    assert with_known_uses([given], ITEMS, [told("inserted", "a")]) == [given]


def test_a_hidden_item_changes_nothing_about_what_everybody_may_see() -> None:
    without = [told("copied", "a")]
    beside = [*without, told("attached", "intern"), told("inserted", "intern")]

    (seen,) = with_known_uses([case()], ITEMS, beside)
    assert [use.id for use in seen.articles if use.id != "intern"] == ["a"]
    hidden = case(articles=(Use(id="intern"),))
    assert articles(with_known_uses([hidden], ITEMS, without)) == {"c1": ["intern", "a"]}


def many(count: int, **parts: Any) -> list[Case]:
    return [case(f"c{number}", **parts) for number in range(count)]


def gained(cases: Iterable[Case], item: str = "a") -> int:
    return sum(item in names for names in articles(cases).values())


@pytest.mark.parametrize("event", ["sent", "copied"])
def test_one_hand_gives_an_item_three_cases_however_often_it_takes_it(event: FeedbackEvent) -> None:
    cases = many(1000)
    evidence = [told(event, about=each.id) for each in cases]

    assert gained(with_known_uses(cases, ITEMS, evidence, bound=None)) == 1000
    assert gained(with_known_uses(cases, ITEMS, evidence)) == 3


def test_one_hand_may_not_add_what_it_looked_at_to_what_it_sent() -> None:
    cases = many(1000)
    evidence = [told("sent" if number % 2 else "copied", about=each.id) for number, each in enumerate(cases)]

    assert gained(with_known_uses(cases, ITEMS, evidence)) == 3


def test_one_key_gives_an_item_one_case_in_fifty_whatever_agents_it_names() -> None:
    cases = many(500)
    evidence = [told("sent", about=each.id, hand=f"2026Q4-{number}") for number, each in enumerate(cases)]
    unnamed = [replace(each, hand="") for each in evidence]

    assert gained(with_known_uses(cases, ITEMS, evidence)) == 10
    assert gained(with_known_uses(cases, ITEMS, unnamed)) == 10


def test_what_others_use_counts_a_quarter_more() -> None:
    used = many(100, articles=(Use(id="a"),))
    cases = [*used, *(case(f"n{number}") for number in range(300))]
    evidence = [told("sent", about=f"n{number}") for number in range(300)]

    assert gained(with_known_uses(cases, ITEMS, evidence)) == 100 + 25


def test_two_who_help_each_other_gain_nothing() -> None:
    cases = many(600)
    bound = Bound(key_part=1.0)
    evidence = [told("sent", about=each.id, hand=f"2026Q4-{number % 2}") for number, each in enumerate(cases)]

    assert gained(with_known_uses(cases, ITEMS, evidence, bound=bound)) == 6


def test_honest_hands_of_one_key_are_all_heard() -> None:
    cases = many(600)
    evidence = [
        told("sent", f"item-{number % 10}", about=f"c{number}", hand=f"2026Q4-{number // 10}") for number in range(100)
    ]

    known = with_known_uses(cases, ITEMS, evidence)
    assert sum(len(names) for names in articles(known).values()) == len(evidence)


def test_the_same_cases_count_whatever_the_order_of_what_is_told() -> None:
    cases = many(100)
    evidence = [told("sent", about=each.id) for each in cases]

    assert with_known_uses(cases, ITEMS, evidence) == with_known_uses(cases, ITEMS, evidence[::-1])


def test_hidden_cases_change_nothing_about_those_that_everybody_sees() -> None:
    public = many(100)
    hidden = [case(f"h{number}", audience=("level2",), articles=(Use(id="a"),)) for number in range(50)]
    unnamed = [case(f"u{number}", audience=("level2",)) for number in range(50)]
    evidence = [told("sent", about=each.id) for each in (*public, *unnamed)]

    alone = articles(with_known_uses(public, ITEMS, evidence))
    together = articles(with_known_uses([*public, *hidden, *unnamed], ITEMS, evidence))
    assert {name: together[name] for name in alone} == alone
