"""A letter out of several templates: the parts that fit, in their order, with one greeting and one closing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assist.composing import Occasion, Part, choose_part, compose
from assist.models import RenderedTemplate
from assist.templates import render
from corpus.models import Case, Template

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
CONTEXT = {"contact": {"salutation": "Herr", "last_name": "Brandt"}, "agent": {"name": "Jana Weiß"}}
CLOSING = "\n\nFreundliche Grüße\n{{ agent.name }}"


def template(kind: str = "reply", body: str = "Text", **fields: Any) -> Template:
    return Template(**{"id": kind, "name": "n", "language": "de", "body": body, "kind": kind} | fields)


def letter(*templates: Template) -> RenderedTemplate:
    case = Case(id="4711")
    parts = [
        Part(template=each, rendered=render(each, case, CONTEXT, company={"name": "Lindfunk"}, language="de"))
        for each in templates
    ]
    return compose(parts, (), "de")


def chosen(*frames: Template, channel: str | None = "email", **reply: Any) -> str | None:
    occasion = Occasion(reply=template(**reply), channel=channel, as_of=NOW)
    ways = {getattr(choose_part("header", order, occasion), "id", None) for order in (frames, frames[::-1])}
    (name,) = ways
    return name


def header(name: str, **fields: Any) -> Template:
    return template("header", id=name, **fields)


def test_header_reply_snippet_and_footer_make_one_letter():
    made = letter(
        template("header", "{{ company.name }}\nVorgang {{ case.id }}"),
        template("reply", "{{ contact.greeting }},\n\nwir haben gebucht." + CLOSING, subject="Ihr Fall {{ case.id }}"),
        template("snippet", "Bitte halten Sie Ihre Kundennummer bereit."),
        template("footer", "Lindfunk GmbH, Ulm"),
    )

    assert made == RenderedTemplate(
        subject="Ihr Fall 4711",
        text="Lindfunk\nVorgang 4711\n\nSehr geehrter Herr Brandt,\n\nwir haben gebucht.\n\n"
        "Bitte halten Sie Ihre Kundennummer bereit.\n\nFreundliche Grüße\nJana Weiß\n\nLindfunk GmbH, Ulm",
        html=None,
    )


def test_two_replies_greet_once_and_close_once():
    made = letter(
        template(id="a", body="Guten Tag Herr Brandt,\n\nerstens." + CLOSING),
        template(id="b", body="Sehr geehrte Damen und Herren,\n\nzweitens.\n\nMit freundlichen Grüßen\nIhr Team"),
    )

    assert made.text == "Guten Tag Herr Brandt,\n\nerstens.\n\nzweitens.\n\nFreundliche Grüße\nJana Weiß"


def test_a_header_that_greets_and_a_footer_that_closes_take_the_place_of_those_of_the_reply():
    made = letter(
        template("header", "Lindfunk\n\n{{ contact.greeting }},"),
        template("reply", "Guten Tag,\n\nText." + CLOSING),
        template("footer", "Viele Grüße\nIhr Lindfunk-Team"),
    )

    assert made.text == "Lindfunk\n\nSehr geehrter Herr Brandt,\n\nText.\n\nViele Grüße\nIhr Lindfunk-Team"


def test_one_part_in_html_makes_the_letter_html_and_values_stay_escaped():
    made = letter(
        template("reply", "<p>Guten Tag,</p><p>Fall {{ case.id }}</p>", format="html"),
        template("snippet", "a < b\nzwei"),
        template("footer", "<p>Viele Grüße<br>{{ agent.name }}</p>", format="html"),
    )

    assert made.html == "<p>Guten Tag,</p>\n<p>Fall 4711</p>\n<p>a &lt; b<br>zwei</p>\n<p>Viele Grüße<br>Jana Weiß</p>"
    assert made.text == "Guten Tag,\n\nFall 4711\n\na < b\nzwei\n\nViele Grüße\nJana Weiß"


def test_a_gap_that_was_left_out_with_its_greeting_is_not_listed():
    made = letter(
        template(id="a", body="Guten Tag,\n\n{{ customer.x }}"),
        template(id="b", body="Hallo {{ contact.first_name }},\n\nText"),
    )

    assert made.missing_fields == ("customer.x",)


def test_texts_that_address_the_customer_differently_are_pointed_out():
    warnings = letter(template(id="a", address="sie"), template("snippet", address="du")).warnings

    assert warnings == ("Die Texte sprechen den Kunden verschieden an (du, sie): bitte vereinheitlichen.",)
    assert letter(template(id="a", address="sie"), template("snippet", address="neutral")).warnings == ()


@pytest.mark.parametrize(
    "unfit",
    [
        {"language": "en"},
        {"channels": ("chat",)},
        {"address": "du"},
        {"status": "draft"},
        {"valid_from": NOW + DAY},
        {"valid_until": NOW},
    ],
)
def test_a_part_that_does_not_fit_is_never_chosen(unfit):
    assert chosen(header("a", **unfit), address="sie") is None


def test_the_part_made_for_the_channel_and_the_form_of_address_comes_first():
    general, exact = header("a"), header("z", channels=("email",), address="sie")
    neutral, valid = header("m", channels=("email",)), header("b", valid_from=NOW, valid_until=NOW + DAY)

    assert chosen(general, neutral, exact, valid, address="sie") == "z"
    assert chosen(general, neutral, address="sie") == "m"
    assert chosen(general, valid, address="sie") == "a"
    assert chosen(header("de", language="de-AT"), language="de") == "de"


def test_a_footer_is_no_header():
    assert chosen(template("footer"), template("reply"), template("snippet")) is None


def test_without_a_channel_every_channel_fits():
    assert chosen(header("a", channels=("chat",)), channel=None) == "a"


def test_snippets_are_found_by_shortcode_whatever_its_case():
    occasion = Occasion(reply=template(), channel=None, as_of=NOW)
    snippets = [template("snippet", id="a", shortcode="iban"), template("snippet", id="b", shortcode="Pin")]

    found = choose_part("snippet", snippets, occasion, "PIN")
    assert found is not None
    assert found.id == "b"
    assert choose_part("snippet", snippets, occasion, "x") is None
