"""What an agent reads of similar cases, through the service, with the toy encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from corpus.models import Action, Article, Case, Kind, Message, Outcome, Record, Template, Use
from corpus.times import parse_time
from tests.security.toy_service import Indexer, client_of

PUBLIC = frozenset({"public"})
SECOND = frozenset({"public", "second"})
ASKED = "Mein Router blinkt rot und das Internet ist weg"


@pytest.fixture(scope="module")
def indexer(tmp_path_factory: pytest.TempPathFactory) -> Indexer:
    return Indexer(tmp_path_factory.mktemp("toy"))


def case(name: str, text: str, day: int = 1, **fields: Any) -> Case:
    return Case(
        id=name,
        messages=(Message(role="customer", text=text),),
        language="de",
        closed_at=parse_time(f"2026-03-{day:02d}T09:00:00Z"),
        **{"outcome": Outcome(solved=True), **fields},
    )


# Nearness means something only among cases that are not near.
OTHERS = [
    case(f"x{number}", text)
    for number, text in enumerate(
        ["Rechnung doppelt abgebucht", "Vertrag kündigen zum Monatsende", "Umzug melden", "Rufnummer mitnehmen"]
    )
]


def similar(
    indexer: Indexer,
    cases: Sequence[Case],
    *,
    items: Mapping[Kind, Sequence[Record]] | None = None,
    audiences: frozenset[str] = PUBLIC,
    text: str = ASKED,
    limit: int = 3,
) -> list[dict[str, Any]]:
    client = client_of(indexer.suggester({**(items or {}), "cases": [*cases, *OTHERS]}), audiences)
    question = {
        "case": {"description": text, "language": "de"},
        "kinds": ["similar_cases"],
        "limit": limit,
        "min_confidence": 0,
        "as_of": "2026-06-01T00:00:00Z",
    }
    reply = client.post("/v1/suggest", json=question)
    assert reply.status_code == 200
    answer: list[dict[str, Any]] = reply.get_json()["similar_cases"]
    return answer


def excerpt_of_c1(indexer: Indexer, told: str, asked: str) -> str:
    shown = similar(indexer, [case("c1", told)], text=asked, limit=20)
    return next(str(each["excerpt"]) for each in shown if each["id"] == "c1")


def names(answer: Sequence[Mapping[str, Any]]) -> list[str]:
    return [each["id"] for each in answer]


def test_of_cases_that_say_the_same_only_the_one_that_ended_best_is_shown(indexer: Indexer) -> None:
    answer = similar(
        indexer,
        [
            case("reopened", ASKED, 3, outcome=Outcome(solved=True, reopened=True), resolution="Neu gestartet."),
            case("unwritten", f"Hilfe, {ASKED}", 4),
            case("written", f"{ASKED} heute", 2, resolution="Leitung entstört."),
        ],
        limit=20,
    )
    assert names(answer)[0] == "written"
    assert not {"reopened", "unwritten"} & set(names(answer))


def test_what_solved_it_is_told(indexer: Indexer) -> None:
    items: dict[Kind, list[Record]] = {
        "articles": [Article(id="a", title="Leitung", body="messen", language="de")],
        "templates": [Template(id="t", name="Störung", body="Wir messen", language="de")],
        "actions": [Action(id="messen", name="Leitung messen"), Action(id="tauschen", name="Router tauschen")],
    }
    used = case(
        "c1",
        ASKED,
        resolution="Router getauscht.",
        articles=(Use(id="a"),),
        templates=(Use(id="t"),),
        actions=(Use(id="messen"), Use(id="tauschen"), Use(id="messen")),
    )
    first = similar(indexer, [used], items=items)[0]
    assert (first["id"], first["resolution"]) == ("c1", "Router getauscht.")
    assert (first["articles"], first["templates"]) == (["a"], ["t"])
    assert first["actions"] == ["messen", "tauschen", "messen"]
    assert first["closed_at"] == "2026-03-01T09:00:00Z"


def test_what_was_used_is_named_only_to_those_who_may_see_it(indexer: Indexer) -> None:
    internal = Article(id="intern", title="Kulanz", body="geheim", language="de", audience=("second",))
    items: dict[Kind, list[Record]] = {"articles": [internal]}
    used = case("c1", ASKED, articles=(Use(id="intern"), Use(id="never-was")))
    assert similar(indexer, [used], items=items)[0]["articles"] == []
    assert similar(indexer, [used], items=items, audiences=SECOND)[0]["articles"] == ["intern"]


def test_what_was_replaced_is_named_as_it_is_called_today(indexer: Indexer) -> None:
    heir = Article(id="neu", title="Leitung", body="messen", language="de", replaces=("alt",))
    hidden = replace(heir, id="neu-intern", audience=("second",))
    used = case("c1", ASKED, articles=(Use(id="alt"),))
    assert similar(indexer, [used], items={"articles": [heir, hidden]})[0]["articles"] == ["neu"]
    still_there = replace(heir, id="alt", replaces=())
    assert similar(indexer, [used], items={"articles": [heir, still_there]})[0]["articles"] == ["alt"]


def test_a_hidden_case_is_neither_shown_nor_takes_the_place_of_one_that_says_the_same(indexer: Indexer) -> None:
    seen = case("seen", ASKED, resolution=None)
    hidden = case("hidden", f"{ASKED} heute", resolution="Entstört.", audience=("second",))
    assert "seen" in names(similar(indexer, [seen, hidden]))
    assert "hidden" not in names(similar(indexer, [seen, hidden], limit=20))
    assert "seen" not in names(similar(indexer, [seen, hidden], audiences=SECOND, limit=20))


def test_a_case_that_was_solved_otherwise_comes_before_one_solved_in_the_same_way(indexer: Indexer) -> None:
    cases = [
        case("same", "Das Internet ist weg, Router blinkt dauernd", resolution="Router neu gestartet."),
        case("first", "Seit heute früh ist das Internet weg, mein Router blinkt", resolution="Router neu gestartet!"),
        case("other", "Mein Router blinkt rot und das Netz ist langsam", resolution="Techniker kam zur Leitung."),
    ]
    every = similar(indexer, cases, limit=20)
    assert names(every)[:3] == ["first", "same", "other"]
    assert names(similar(indexer, cases, limit=2)) == ["first", "other"]


def test_scores_and_confidences_fall_from_rank_to_rank(indexer: Indexer) -> None:
    shown = similar(indexer, [case("c1", ASKED), case("c2", "Router blinkt rot"), case("c3", "Internet ist weg")])
    assert len(shown) == 3
    for key in ("score", "confidence"):
        values = [each[key] for each in shown]
        assert values == sorted(values, reverse=True)


def test_meaning_is_the_only_reason_since_nothing_else_moves_the_score(indexer: Indexer) -> None:
    answer = similar(indexer, [case("c1", ASKED)])
    assert [[reason["kind"] for reason in each["reasons"]] for each in answer] == [["meaning"]] * len(answer)


SMALL_TALK = "Ich bin seit vielen Jahren Kunde bei Ihnen und war bisher immer sehr zufrieden mit allem. " * 4


def test_the_excerpt_shows_where_the_past_case_says_what_this_one_says(indexer: Indexer) -> None:
    told = f"{SMALL_TALK}Seit heute blinkt der Router rot. Frau Erika Brandt bat um Rückruf."
    excerpt = excerpt_of_c1(indexer, told, ASKED)
    assert excerpt.startswith("… Ich bin seit vielen Jahren Kunde")
    assert "Seit heute blinkt der Router rot." in excerpt
    assert "Brandt" not in excerpt
    assert len(excerpt) <= 302


@pytest.mark.parametrize("text", ["Kein Wort davon steht dort: xylophon", "Kunde seit vielen Jahren, bisher zufrieden"])
def test_the_excerpt_is_the_beginning_where_no_other_part_is_nearer(indexer: Indexer, text: str) -> None:
    excerpt = excerpt_of_c1(indexer, f"{SMALL_TALK}Seit heute blinkt der Router rot.", text)
    assert excerpt.startswith("Ich bin seit vielen Jahren")
    assert len(excerpt) <= 300


def test_a_short_case_is_shown_whole(indexer: Indexer) -> None:
    told = "Guten Morgen. Seit heute blinkt der Router rot."
    assert similar(indexer, [case("c1", told)])[0]["excerpt"].endswith("Seit heute blinkt der Router rot.")
