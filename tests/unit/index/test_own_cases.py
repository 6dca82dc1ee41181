from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from corpus.models import Article, Case, Message, Template, Use
from index.fitting import own_cases
from index.fitting.material import FitProblem
from index.fitting.own_cases import CASES_PER_ITEM, own_material

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ARTICLE = Article(id="a-1", title="Router neu starten", body="Trennen Sie den **Router** vom Strom.", language="de")
TEMPLATE = Template(
    id="t-1", name="stoerung_gemeldet", body="Guten Tag {{ contact.last_name }}, wir messen.", language="de"
)


def case(key: str, description: str | None = "Lampe blinkt rot", *, day: int = 0, **more: Any) -> Case:
    return Case(id=key, description=description, language="de", closed_at=NOON + timedelta(days=day), **more)


def used(*ids: str) -> tuple[Use, ...]:
    return tuple(Use(id=each) for each in ids)


def material(*cases: Case) -> tuple[FitProblem, ...]:
    return own_material([ARTICLE], [TEMPLATE], cases)


def test_a_case_belongs_to_the_article_that_was_used() -> None:
    assert material(case("c-1", articles=used("a-1"))) == (
        FitProblem(
            id="Article:a-1",
            group="own",
            title="Router neu starten",
            article="Trennen Sie den Router vom Strom.",
            messages=("Lampe blinkt rot",),
        ),
    )


def test_a_case_belongs_to_all_articles_that_were_used() -> None:
    second = Article(id="a-2", title="Leitung messen", body="Wir messen die Leitung.", language="de")

    found = own_material([ARTICLE, second], [], [case("c-1", articles=used("a-1", "a-2"))])

    assert [each.id for each in found] == ["Article:a-1", "Article:a-2"]


def test_a_template_is_an_item_where_no_article_was_used() -> None:
    (found,) = material(case("c-1", templates=used("t-1")))

    assert (found.id, found.title, found.messages) == ("Template:t-1", "stoerung gemeldet", ("Lampe blinkt rot",))
    assert "contact" not in found.article


def test_a_template_beside_an_article_teaches_nothing() -> None:
    assert [each.id for each in material(case("c-1", articles=used("a-1"), templates=used("t-1")))] == ["Article:a-1"]


def test_what_the_agent_wrote_is_no_message_of_the_customer() -> None:
    messages = (
        Message(role="customer", text="Seit heute geht nichts."),
        Message(role="agent", text="Bitte ziehen Sie den Stecker."),
        Message(role="customer", text="Danke, das Ziehen half!"),
    )

    (found,) = material(case("c-1", articles=used("a-1"), messages=messages, resolution="Neustart half"))

    (message,) = found.messages
    assert "Seit heute" in message
    assert all(word not in message for word in ("Stecker", "Danke", "Neustart"))


def test_the_resolution_answers_the_description_of_a_case_that_used_nothing() -> None:
    assert material(case("c-1", subject="AW: Router tot", resolution=" Netzteil getauscht. ")) == (
        FitProblem(
            id="Case:c-1",
            group="own",
            title="Router tot",
            article="Netzteil getauscht.",
            messages=("Router tot\nLampe blinkt rot",),
        ),
    )


def test_without_a_resolution_the_subject_stands_for_the_description() -> None:
    (found,) = material(case("c-1", subject="Router tot"))

    assert (found.title, found.article, found.messages) == ("Router tot", "Lampe blinkt rot", ("Lampe blinkt rot",))


@pytest.mark.parametrize("known", [{"articles": used("gone")}, {"templates": used("gone")}])
def test_a_case_that_used_what_is_gone_counts_as_one_that_used_nothing(known: dict[str, Any]) -> None:
    (found,) = material(case("c-1", resolution="Netzteil getauscht.", **known))

    assert found.id == "Case:c-1"


@pytest.mark.parametrize(
    "nothing",
    [
        case("c-1"),
        case("c-1", None, subject="Router tot"),
        case("c-1", None, resolution="Netzteil getauscht."),
        case("c-1", " \n", articles=used("a-1")),
        case("c-1", None, templates=used("t-1")),
    ],
    ids=["bare description", "bare subject", "bare resolution", "article without words", "template without words"],
)
def test_cases_without_words_on_both_sides_teach_nothing(nothing: Case) -> None:
    assert material(nothing) == ()


def test_items_without_cases_and_items_without_text_teach_nothing() -> None:
    empty = Article(id="a-1", title="", body="", language="de")

    assert material() == ()
    assert own_material([empty], [], [case("c-1", articles=used("a-1"))]) == ()


def test_an_item_learns_from_its_newest_cases_and_from_each_wording_once() -> None:
    cases = [case(f"c-{day}", f"Mail {day // 2}", day=day, articles=used("a-1")) for day in range(40)]

    (found,) = material(*cases)

    assert found.messages == tuple(f"Mail {number}" for number in range(19, 19 - CASES_PER_ITEM, -1))


def test_items_go_first_then_the_newest_cases_as_far_as_they_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_cases, "MOST_PROBLEMS", 3)
    cases = [case(f"c-{day}", resolution="Netzteil getauscht.", day=day) for day in range(9)]

    found = material(*cases, case("c-old", day=-1, articles=used("a-1")))

    assert [each.id for each in found] == ["Article:a-1", "Case:c-8", "Case:c-7"]


def test_the_order_in_which_cases_come_does_not_count() -> None:
    cases = [case(f"c-{day}", f"Mail {day}", day=day % 3, articles=used("a-1")) for day in range(12)]
    open_ones = [Case(id=f"o-{number}", subject="Router tot", description=f"Rot {number}") for number in range(3)]

    assert material(*cases, *open_ones) == material(*reversed(open_ones), *reversed(cases))
