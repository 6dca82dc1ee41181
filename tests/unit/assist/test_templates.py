"""Filling templates: what is known is written, what is missing is seen, and nothing is evaluated twice."""

from __future__ import annotations

import time
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.models import RenderedTemplate
from assist.templates import render
from corpus.models import Case, Template

CASE = Case(
    id="4711",
    subject="Doppelte Abbuchung",
    channel="email",
    product="Strom",
    customer={"contract_number": "V-12", "segment": "privat", "since": 2019, "leer": "", "address": {"city": "Ulm"}},
)
CONTEXT: Mapping[str, Any] = {
    "contact": {"salutation": "Herr", "first_name": "Helmut", "last_name": "Brandt", "email": "h.brandt@example.org"},
    "agent": {"name": "Jana Weiß", "team": "Abrechnung"},
    "secret": {"token": "abc"},
}
COMPANY = {"name": "Stadtwerke Musterstadt", "phone": "0800 123"}


def fill(body: str, context: Mapping[str, Any] = CONTEXT, *, words: str = "de", **fields: Any) -> RenderedTemplate:
    template = Template(**{"id": "t", "name": "n", "language": "de", "body": body} | fields)
    return render(template, CASE, context, company=COMPANY, language=words)


def contact(**values: Any) -> dict[str, Any]:
    return {"contact": values}


def test_a_whole_letter_can_be_sent_as_it_is():
    letter = fill(
        "{{ contact.greeting }},\n\nzum Vertrag {{ customer.contract_number }} ({{ case.product }}):\n\n"
        "Freundliche Grüße\n{{ agent.name }}, {{ agent.team }}\n{{ company.name }}, {{ company.phone }}",
        subject="Ihr Anliegen {{ case.id }}: {{ case.subject }}",
    )

    assert letter == RenderedTemplate(
        subject="Ihr Anliegen 4711: Doppelte Abbuchung",
        text="Sehr geehrter Herr Brandt,\n\nzum Vertrag V-12 (Strom):\n\n"
        "Freundliche Grüße\nJana Weiß, Abrechnung\nStadtwerke Musterstadt, 0800 123",
        html=None,
    )


@pytest.mark.parametrize("value", [None, "", "  ", {}, {"a": 1}, [], object()])
def test_a_missing_field_stays_visible_and_is_listed(value):
    letter = fill("Hallo {{ contact.first_name }}!", contact(first_name=value))

    assert letter.text == "Hallo [[contact.first_name]]!"
    assert letter.missing_fields == ("contact.first_name",)
    assert letter.unknown_fields == ()


@pytest.mark.parametrize("context", [{}, {"contact": None}, {"contact": "Helmut"}, {"contact": []}])
def test_a_context_of_another_shape_has_no_values(context):
    assert fill("{{ contact.first_name }}", context).text == "[[contact.first_name]]"


def test_absent_company_data_is_missing():
    template = Template(id="t", name="n", body="{{ company.name }}", language="de")

    assert render(template, CASE, CONTEXT, company=None, language="de").missing_fields == ("company.name",)


@pytest.mark.parametrize(
    "name",
    [
        "secret.token",
        "contact.iban",
        "case.resolution",
        "customer.address.city",
        "contact",
        "now",
        "x",
        "contact.name.size",
    ],
)
def test_a_field_that_is_not_allowed_stays_visible_and_is_listed_as_unknown(name):
    letter = fill("a {{ " + name + " }} b")

    assert letter.text == f"a [[{name}]] b"
    assert letter.unknown_fields == (name,)
    assert letter.missing_fields == ()


def test_every_field_is_listed_once_in_order_of_the_letter():
    letter = fill("{{ x.b }} {{ customer.leer }} {{ x.a }} {{ customer.leer }}", subject="{{ customer.none }}")

    assert letter.missing_fields == ("customer.none", "customer.leer")
    assert letter.unknown_fields == ("x.b", "x.a")


@pytest.mark.parametrize(
    "expression",
    [
        "upcase",
        "capitalize",
        "date: '%Y'",
        "append: '!'",
        "prepend: contact.last_name",
        "plus: 1",
        "size",
        "split: ' '",
    ],
)
def test_filters_do_not_hide_a_gap(expression):
    letter = fill("{{ customer.none | " + expression + " }}")

    assert letter.text == "[[customer.none]]"
    assert letter.missing_fields == ("customer.none",)


def test_a_gap_in_an_argument_or_a_variable_stays_visible():
    letter = fill("{{ 'Hallo ' | append: customer.none }}/{% assign x = customer.none | upcase %}{{ x }}")

    assert letter.text == "[[customer.none]]/[[customer.none]]"


def test_a_default_or_a_condition_closes_a_gap():
    letter = fill(
        "{{ customer.none | default: 'Kunde' }}/{{ customer.none | default: contact.last_name }}/"
        "{% if customer.none %}ja{% else %}nein{% endif %}/{% unless contact.email %}nie{% endunless %}"
    )

    assert letter.text == "Kunde/Brandt/nein/"
    assert letter.missing_fields == ()
    assert letter.warnings == ()


def test_a_default_that_is_missing_too_is_the_gap():
    assert fill("{{ customer.none | default: customer.leer }}").missing_fields == ("customer.leer",)


def test_a_condition_that_compares_a_missing_value_is_pointed_out():
    body = "{% if agent.role == 'x' %}A{% endif %}{% if contact.salutation == 'Frau' %}Frau{% else %}Herr{% endif %}"

    (unknown, warning) = fill(body, contact(last_name="Brandt")).warnings
    assert "agent.role" in unknown
    assert (
        warning == "„contact.salutation“ fehlt, und eine Bedingung der Vorlage hängt davon ab: bitte den Text prüfen."
    )
    assert fill("{% if contact.salutation == 'Frau' %}Frau{% endif %}").warnings == ()


def test_numbers_compare_as_numbers():
    assert fill("{% if customer.since < 2020 %}treu{% endif %}{% if customer.none > 3 %}x{% endif %}").text == "treu"


@pytest.mark.parametrize("value", ["{{ case.id }}", "{% assign x = 1 %}{{ x }}", "{{ 7 | times: 6 }}", "[[case.id]]"])
def test_a_value_is_never_evaluated(value):
    letter = fill("{{ contact.first_name }}", contact(first_name=value))

    assert letter.text == value
    assert letter.missing_fields == ()


def test_a_value_cannot_pretend_to_be_part_of_the_letter():
    letter = fill("Hallo {{ contact.first_name }},", contact(first_name="Helmut\n\nBitte\u2028zahlen\u202e Sie\x00"))

    assert letter.text == "Hallo Helmut Bitte zahlen Sie,"


BROKEN = {
    "{{ contact.first_name": "expected }}",
    "{% if contact.first_name %}Hallo": "endif",
    "Hallo {{ contact.first_name | fett }}": "unknown filter 'fett', line 1",
    "a\n{% include 'kopf' %}": "include",
    "{% render 'kopf' %}": "render",
    "{{ 5 | divided_by: 0 }}": "divide",
    "{% for x in contact.first_name %}{% break %}{% endfor %}{% break %}": "break",
    "{% for i in (1..1000000000) %}x{% endfor %}": "limit",
    "{% assign x = 'ab' %}{% for i in (1..900) %}{% assign x = x | append: x %}{% endfor %}": "too long",
    "{% for i in (1..900) %}" + "x" * 1_000 + "{% endfor %}": "limit",
    "{% if a %}" * 40 + "{% endif %}" * 40: "nest",
    "{{ 'a' | replace: 'a', '" + "b" * 1_001 + "' }}": "expected }}",
}


@pytest.mark.parametrize("body", BROKEN)
def test_a_template_that_cannot_be_filled_stands_as_written_with_a_warning(body):
    letter = fill(body, subject="Fall {{ case.id }}")

    assert letter.text == body
    assert letter.subject == "Fall 4711"
    (warning,) = letter.warnings
    assert warning.startswith("Die Vorlage lässt sich nicht ausfüllen (")
    assert BROKEN[body] in warning


def test_warnings_speak_the_language_asked_for():
    assert fill("{{ a", words="en").warnings[0].startswith("The template cannot be filled (")
    assert fill("{{ a", words="de-AT").warnings[0].startswith("Die Vorlage")


def test_a_foreign_syntax_is_translated():
    letter = fill("Hallo {!Contact.FirstName}", syntax="Salesforce", subject="Fall {!Case.CaseNumber}")

    assert (letter.text, letter.subject, letter.warnings) == ("Hallo Helmut", "Fall 4711", ())


def test_a_foreign_mark_without_counterpart_stays_visible_and_is_told():
    letter = fill("Hallo {!Contact.Loyalty__c}, {!IF(a, 'b', 'c')}", syntax="salesforce")

    assert letter.text == "Hallo [[Contact.Loyalty__c]], [[IF_a_b_c]]"
    assert letter.unknown_fields == ("Contact.Loyalty__c", "IF_a_b_c")
    assert letter.warnings == (
        "Platzhalter der Syntax „salesforce“ haben hier keine Entsprechung: {!Contact.Loyalty__c}, {!IF(a, 'b', 'c')}.",
    )


def test_an_unknown_syntax_stands_as_written_with_a_warning():
    letter = fill("Hallo <<Vorname>> {{ case.id }}", syntax="serienbrief", subject="{{ case.id }}")

    assert (letter.text, letter.subject) == ("Hallo <<Vorname>> {{ case.id }}", "{{ case.id }}")
    assert letter.warnings == ("Die Vorlage hat die unbekannte Syntax „serienbrief“: Ihr Text steht unverändert da.",)


@pytest.mark.parametrize(
    ("mark", "language", "text"),
    [
        ("{{ customer.end | date_long }}", "de", "4. Mai 2026"),
        ("{{ customer.end | date_long }}", "en", "4 May 2026"),
        ("{{ customer.end | date_short }}", "de-AT", "04.05.2026"),
        ("{{ customer.call | date_time }}", "de", "4. Mai 2026, 10:30 Uhr"),
        ("{{ customer.due | amount }}", "de", "1.234,50\u00a0€"),
        ("{{ customer.due | amount: 'USD' }}", "en", "$1,234.50"),
        ("{{ customer.nothing | amount }}", "de", "[[customer.nothing]]"),
    ],
)
def test_dates_and_amounts_are_written_in_the_language_of_the_template(mark, language, text):
    case = Case(id="1", customer={"end": "2026-05-04", "call": "2026-05-04T10:30:00+02:00", "due": 1234.5})
    template = Template(id="t", name="n", language=language, body=mark)

    assert render(template, case, {}, company=None, language="de").text == text


def test_what_is_no_date_or_amount_stands_as_it_is_with_a_warning():
    template = Template(id="t", name="n", language="de", body="bis {{ customer.end | date_long }}")
    letter = render(template, Case(id="1", customer={"end": "bald"}), {}, company=None, language="en")

    assert letter.text == "bis bald"
    assert letter.warnings == ("“bald | date_long” could not be read as a date or an amount and stands as it is.",)


@pytest.mark.parametrize("value", ["x" * 10_001, ["x" * 6_000, "x" * 6_000], ["x"] * 201])
def test_a_value_that_is_no_value_for_a_letter_is_missing(value):
    assert fill("{{ contact.first_name }}", contact(first_name=value)).missing_fields == ("contact.first_name",)


def test_html_escapes_values_and_offers_plain_text():
    letter = fill("<p>Hallo <b>{{ contact.first_name }}</b></p>", contact(first_name="<i>A</i> & B"), format="html")

    assert letter.html == "<p>Hallo <b>&lt;i&gt;A&lt;/i&gt; &amp; B</b></p>"
    assert letter.text == "Hallo <i>A</i> & B"


def test_text_templates_do_not_escape_and_have_no_html():
    letter = fill("{{ contact.first_name }} <Kunde>", contact(first_name="A & B"))

    assert (letter.text, letter.html) == ("A & B <Kunde>", None)


def test_the_subject_of_an_html_template_is_plain_text():
    letter = fill("<p>x</p>", contact(first_name="A & B"), format="html", subject="Für {{ contact.first_name }}")

    assert letter.subject == "Für A & B"


class _Tags(HTMLParser):
    """Collects the tags of a page as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    "value",
    ["<script>alert(1)</script>", '" onmouseover="alert(1)', "javascript:alert(1)", "</a><img src=x onerror=alert(1)>"],
)
def test_no_value_becomes_active_html(value):
    body = "<a href='X'>X</a><a title=X href=X>x</a>".replace("X", "{{ contact.email }}")
    seen = _Tags()

    seen.feed(fill(body, contact(email=value), format="html").html or "")

    assert {tag for tag, _ in seen.found} == {"a"}
    assert {name for _, attributes in seen.found for name in attributes} <= {"href", "title", "rel"}
    assert not any((attributes.get("href") or "").startswith("javascript") for _, attributes in seen.found)


def test_html_is_sanitised_without_remote_images():
    body = '<p onclick="x()">a</p><img src="https://fremd.example/zaehlpixel.png"><style>p{}</style><script>b</script>'

    assert fill(body, format="html").html == "<p>a</p>"


def test_html_that_cannot_be_filled_is_sanitised_all_the_same():
    letter = fill("<p>{{ x | nope }}</p><script>b</script>", format="html")

    assert (letter.html, letter.text) == ("<p>{{ x | nope }}</p>", "{{ x | nope }}")
    assert letter.warnings


def test_gaps_show_in_html_too():
    letter = fill("<p>{{ contact.first_name }} {{ x['<b>'] }}</p>", {}, format="html")

    assert letter.html == "<p>[[contact.first_name]] [[x._b_]]</p>"
    assert (letter.missing_fields, letter.unknown_fields) == (("contact.first_name",), ("x._b_",))


def test_plain_text_of_html_reads_like_a_letter():
    body = (
        "<p>Guten Tag,</p><p>bitte   prüfen:<br>gleich</p><ul><li>Zähler</li><li><b>Strom</b></li></ul>"
        '<p><a href="https://hilfe.example/a">Anleitung</a>, <a href="mailto:a@b.example">a@b.example</a></p>'
    )

    assert fill(body, format="html").text == (
        "Guten Tag,\n\nbitte prüfen:\ngleich\n\n- Zähler\n- Strom\n\nAnleitung (https://hilfe.example/a), a@b.example"
    )


@pytest.mark.parametrize(
    ("values", "fields", "greeting"),
    [
        ({"salutation": "Herr", "last_name": "Brandt"}, {}, "Sehr geehrter Herr Brandt"),
        ({"salutation": "Hr.", "last_name": "Brandt"}, {"address": "sie"}, "Sehr geehrter Herr Brandt"),
        ({"salutation": "Frau Dr.", "last_name": "Yılmaz"}, {}, "Sehr geehrte Frau Dr. Yılmaz"),
        ({"salutation": "Mrs", "last_name": "Brandt"}, {}, "Sehr geehrte Frau Brandt"),
        ({"salutation": "Divers", "first_name": "Kim", "last_name": "Brandt"}, {}, "Guten Tag Kim Brandt"),
        ({"first_name": "Kim", "last_name": "Brandt"}, {}, "Guten Tag Kim Brandt"),
        ({"salutation": "Herr", "first_name": "Kim"}, {}, "Guten Tag Kim"),
        ({"salutation": "Herr", "first_name": "Kim", "last_name": "B"}, {"address": "du"}, "Hallo Kim"),
        ({"salutation": "Herr", "last_name": "Brandt"}, {"language": "en-GB"}, "Dear Mr Brandt"),
        ({"salutation": "Frau Dr.", "last_name": "Brandt"}, {"language": "en"}, "Dear Dr. Brandt"),
        ({"first_name": "Kim", "last_name": "Brandt"}, {"language": "en"}, "Dear Kim Brandt"),
        ({"salutation": "Frau", "first_name": "Kim", "last_name": "B"}, {"address": "neutral"}, "Guten Tag Kim B"),
        ({"salutation": "Mr", "last_name": "B"}, {"address": "neutral", "language": "en"}, "Dear B"),
        ({"salutation": "Herr"}, {}, "[[contact.greeting]]"),
        ({}, {}, "[[contact.greeting]]"),
        ({"first_name": "Kim", "last_name": "Brandt"}, {"language": "fr"}, "[[contact.greeting]]"),
    ],
)
def test_the_greeting_is_what_a_professional_would_write(values, fields, greeting):
    assert fill("{{ contact.greeting }}", contact(**values), **fields).text == greeting


@pytest.mark.parametrize(
    ("raw", "language", "written"),
    [
        ("Herrn", "de", "Herr"),
        ("FRAU", "de", "Frau"),
        ("Familie", "de", "Familie"),
        ("Frau", "en", "Ms"),
        ("keine Angabe", "de", "[[contact.salutation]]"),
    ],
)
def test_the_salutation_fits_the_language_of_the_template(raw, language, written):
    letter = fill("{{ contact.salutation }}", contact(salutation=raw), language=language)

    assert letter.text == written


@pytest.mark.parametrize(
    ("raw", "fields", "written"),
    [
        ("Herr", {}, "Sehr geehrter Herr"),
        ("Frau Dr.", {}, "Sehr geehrte Frau Dr."),
        ("Divers", {}, "Guten Tag"),
        ("Frau", {"address": "neutral"}, "Guten Tag"),
        ("Frau", {"address": "du"}, "Hallo"),
        ("Frau", {"language": "en"}, "Dear Ms"),
        ("Frau", {"language": "fr"}, "[[contact.opening]]"),
    ],
)
def test_the_opening_leaves_the_name_to_the_template(raw, fields, written):
    assert fill("{{ contact.opening }}", contact(salutation=raw), **fields).text == written


def test_the_full_name_is_put_together_unless_it_is_given():
    parts = {"first_name": "Helmut", "last_name": "Brandt"}

    assert fill("{{ contact.name }}", contact(**parts)).text == "Helmut Brandt"
    assert fill("{{ contact.name }}", contact(**parts, name="H. Brandt")).text == "H. Brandt"


def test_the_same_template_serves_many_cases():
    first = fill("{{ contact.first_name }}", contact(first_name="A"))
    second = fill("{{ contact.first_name }}", contact(first_name="B"))
    third = fill("{{ contact.first_name }}", {})

    assert [letter.text for letter in (first, second, third)] == ["A", "B", "[[contact.first_name]]"]


def test_there_is_no_clock_so_that_the_same_question_has_the_same_answer():
    letter = fill("{{ 'now' | date: '%Y' }} {{ now }} {{ today }} {{ '2026-05-04' | date: '%d.%m.%Y' }}")

    assert letter.text == "[[now]] [[now]] [[today]] 04.05.2026"
    assert letter.unknown_fields == ("now", "today")


@pytest.mark.parametrize(
    "body",
    [
        "{{" * 20_000,
        "{{" * 300 + " " * 19_000,
        "{% raw %}" * 400 + "x" * 40_000,
        "{{ " + "(" * 900 + "}}",
        "{{" + " " * 990 + "}}",
        "{{ 'aa' " + "| replace: 'a', 'aaaaaaaaaa' " * 30 + "}}",
        "{{ a" + "[b" * 400 + "}}",
        "x" * 1_000_000,
    ],
)
def test_hostile_templates_cost_little(body):
    started = time.process_time()
    letter = fill(body)

    assert time.process_time() - started < 3
    assert letter.text == body


PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        " if ",
        "endif",
        "contact",
        ".",
        "first_name",
        "|",
        "upcase",
        "'",
        "1",
        "(1..3)",
        "for x in",
    ]
)


@settings(max_examples=300, deadline=None)
@given(body=st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join), form=st.sampled_from(["text", "html"]))
def test_no_template_is_a_fault_of_ours(body, form):
    assert isinstance(fill(body, format=form).text, str)


@settings(max_examples=200, deadline=None)
@given(value=st.text())
def test_no_value_opens_a_tag(value):
    html = fill("<p>{{ contact.first_name }}</p>", contact(first_name=value), format="html").html

    assert html is not None
    assert html.count("<") == 2
