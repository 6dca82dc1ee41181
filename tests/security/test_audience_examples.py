"""Ways in which something hidden could show, each tried once: what is found must not depend on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from corpus.models import Action, Article, Case, Kind, Message, Outcome, Record, Template, Use
from corpus.times import parse_time
from index.filters import ValueMasks
from tests.security.toy_service import Indexer, client_of
from tests.security.worlds import without_the_hidden

CALLER = frozenset({"public"})
DAY = parse_time("2026-03-01T09:00:00Z")
ROUTER = "Router blinkt rot, Leitung messen"


def _case(name: str, subject: str = ROUTER, *, articles: tuple[str, ...] = (), actions: tuple[str, ...] = ()) -> Case:
    return Case(
        id=name,
        subject=subject,
        language="de",
        closed_at=DAY,
        articles=tuple(Use(id=each) for each in articles),
        actions=tuple(Use(id=each) for each in actions),
        outcome=Outcome(solved=True),
    )


def _ask(indexer: Indexer, world: dict[Kind, list[Record]], **case: Any) -> dict[str, Any]:
    client = client_of(indexer.suggester(world), CALLER)
    question = {"case": {"description": ROUTER, **case}, "min_confidence": 0, "as_of": "2026-06-01T00:00:00Z"}
    answer: dict[str, Any] = client.post("/v1/suggest", json=question).get_json()
    return {
        "language": answer["language"],
        **{
            kind: [(item["id"], item["score"], item["confidence"], item["reasons"]) for item in answer[kind]]
            for kind in ("articles", "templates", "actions", "similar_cases")
        },
    }


def _both(indexer: Indexer, world: dict[Kind, list[Record]], **case: Any) -> dict[str, Any]:
    """Return the answer, after making sure that it is the same without the hidden records."""
    full = _ask(indexer, world, **case)
    assert full == _ask(indexer, dict(without_the_hidden(world, CALLER)), **case)
    return full


# Nearness means something only among cases that are not near.
OTHERS = [
    _case(f"x{number}", subject)
    for number, subject in enumerate(
        ["Rechnung doppelt abgebucht", "Vertrag kündigen zum Monatsende", "Umzug melden", "invoice refund please"]
    )
]
MEASURE = Action(id="messen", name="Leitung messen", language="de")
VISIT = Action(id="besuch", name="Techniker schicken", language="de")
SECRET = Action(id="kulanz", name="Kulanz geheim", language="de", audience=("second",))


def test_what_followed_a_hidden_action_is_not_known(indexer: Indexer) -> None:
    world: dict[Kind, list[Record]] = {
        "actions": [MEASURE, VISIT, SECRET],
        "cases": [_case("c1", actions=("kulanz", "besuch")), _case("c2", actions=("messen",))],
    }
    answer = _both(indexer, world, actions_done=["kulanz"])

    reasons = [reason for _, _, _, reasons in answer["actions"] for reason in reasons]
    assert reasons
    assert not any(reason["kind"] == "previous_action" or "geheim" in reason["text"] for reason in reasons)


def test_an_action_behind_a_hidden_one_opened_no_case(indexer: Indexer) -> None:
    world: dict[Kind, list[Record]] = {
        "actions": [MEASURE, VISIT, SECRET],
        "cases": [_case("c1", actions=("kulanz", "besuch")), _case("c2", actions=("messen",))],
    }
    answer = _both(indexer, world)

    first_steps = [
        name for name, _, _, reasons in answer["actions"] if any(r["kind"] == "previous_action" for r in reasons)
    ]
    assert first_steps == ["messen"]


def test_a_hidden_heir_takes_no_history_away(indexer: Indexer) -> None:
    world: dict[Kind, list[Record]] = {
        "articles": [
            Article(id="neu", title="Leitung", body="Router", language="de", replaces=("alt",)),
            Article(id="zz", title="Kulanz", body="geheim", language="de", replaces=("alt",), audience=("second",)),
        ],
        "cases": [_case("c1", articles=("alt",)), *OTHERS],
    }
    answer = _both(indexer, world)

    assert "history" in {reason["kind"] for reason in answer["articles"][0][3]}


def test_a_hidden_item_that_is_still_there_takes_no_history_from_its_heir(indexer: Indexer) -> None:
    world: dict[Kind, list[Record]] = {
        "articles": [
            Article(id="alt", title="Kulanz", body="geheim", language="de", audience=("second",)),
            Article(id="neu", title="Leitung", body="Router", language="de", replaces=("alt",)),
        ],
        "cases": [_case("c1", articles=("alt",)), *OTHERS],
    }
    answer = _both(indexer, world)

    assert "history" in {reason["kind"] for reason in answer["articles"][0][3]}


def test_hidden_languages_are_not_known(indexer: Indexer) -> None:
    world: dict[Kind, list[Record]] = {
        "articles": [
            Article(id="a", title="Leitung", body=ROUTER, language="de"),
            *(
                Article(id=f"g{number}", title="Refund", body="secret", language="en", audience=("second",))
                for number in range(3)
            ),
        ],
    }
    assert _both(indexer, world, description="invoice contract refund the is your router")["language"]["code"] == "de"


def test_hidden_items_do_not_decide_the_language_of_those_without_one(indexer: Indexer) -> None:
    world: dict[Kind, list[Record]] = {
        "articles": [
            Article(id="a", title="Leitung", body=ROUTER, language="de"),
            *(
                Article(id=f"g{number}", title="Refund", body="secret", language="en", audience=("second",))
                for number in range(3)
            ),
        ],
        "actions": [Action(id="messen", name="Leitungen messen")],
    }
    reasons = _both(indexer, world)["actions"][0][3]

    assert "Leitung" in next(reason["text"] for reason in reasons if reason["kind"] == "terms")


SENT = "Wir messen Ihre Leitung noch heute und tauschen den Router, wenn er rot blinkt."


def _answered(name: str) -> Case:
    """A case that names no template, in which the agent sent one."""
    turns = (Message(role="customer", text="Internet ist weg, Lampe"), Message(role="agent", text=SENT))
    return Case(id=name, messages=turns, language="de", closed_at=DAY, outcome=Outcome(solved=True))


def test_a_hidden_template_with_the_same_words_takes_no_recovered_use_away(indexer: Indexer) -> None:
    world: dict[Kind, list[Record]] = {
        "templates": [
            Template(id="offen", name="Leitung", body=SENT, language="de"),
            Template(id="intern", name="Kulanz", body=SENT, language="de", audience=("second",)),
        ],
        "cases": [_answered("c1"), *OTHERS],
    }
    answer = _both(indexer, world, description="Internet ist weg, Lampe blinkt")

    assert "history" in {reason["kind"] for reason in answer["templates"][0][3]}


def test_a_recovered_use_of_a_hidden_template_makes_no_moment_that_shows(indexer: Indexer) -> None:
    later = replace(
        _answered("c1"),
        messages=(
            Message(role="customer", text="Rechnung"),
            Message(role="agent", text="Ja?"),
            Message(role="customer", text=ROUTER),
            Message(role="agent", text=SENT),
        ),
    )
    world: dict[Kind, list[Record]] = {
        "templates": [Template(id="intern", name="Kulanz", body=SENT, language="de", audience=("second",))],
        "cases": [later, *OTHERS],
    }
    assert _both(indexer, world)["similar_cases"]


def test_a_hidden_id_costs_no_more_work_than_an_unknown_one(indexer: Indexer, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = Article(id="intern", title="Kulanz", body="Nur intern", language="de", audience=("second_level",))
    engine = indexer.suggester({"articles": [hidden]})

    def over_all_records(*arguments: object) -> None:
        raise AssertionError("asking for one record went through all of them, which takes time")

    monkeypatch.setattr(ValueMasks, "any_of", over_all_records)
    assert engine.record("articles", "intern", CALLER) is None
    assert engine.record("articles", "nirgends", CALLER) is None
    assert engine.record("articles", "intern", frozenset({"second_level"})) == hidden
