"""Where a letter greets and where it closes: found in text and in HTML alike, and nothing else is taken for it."""

from __future__ import annotations

import pytest

from assist.html import letter_text
from assist.letters import Letter, as_html, is_closing, is_greeting, split_html, split_text

BODY = "Ihre Rechnung ist bezahlt.\nSie müssen nichts tun."


@pytest.mark.parametrize(
    "line",
    [
        "Sehr geehrte Frau Yılmaz,",
        "Sehr geehrter Herr Dr. Brandt,",
        "Sehr geehrte Damen und Herren,",
        "Guten Tag Helmut Brandt,",
        "Guten Tag,",
        "Hallo Kim!",
        "Liebe Ayşe,",
        "Dear Ms Brandt,",
        "Hello there,",
        "[[contact.greeting]],",
        "Guten Tag [[contact.salutation]] [[contact.last_name]],",
    ],
)
def test_a_greeting_is_a_line_that_only_greets(line):
    assert is_greeting(line)


@pytest.mark.parametrize(
    "line", ["", "Ihre Rechnung,", "Hallo, Ihre Rechnung liegt bei.", "[[case.id]]", "Guten Tag, " + "x" * 120]
)
def test_what_says_more_is_no_greeting(line):
    assert not is_greeting(line)


@pytest.mark.parametrize(
    "line", ["Freundliche Grüße", "Mit freundlichen Grüßen,", "Viele Grüße aus Ulm", "Kind regards,", "Yours sincerely"]
)
def test_a_closing_is_a_formula_at_the_start_of_a_line(line):
    assert is_closing(line)


@pytest.mark.parametrize("line", ["Vielen Dank für Ihr Vertrauen.", "", "Jana Weiß", "Grüße " + "x" * 80])
def test_thanks_and_names_are_no_closing(line):
    assert not is_closing(line)


@pytest.mark.parametrize("greeting", ["", "Guten Tag Herr Brandt,\n\n"])
@pytest.mark.parametrize("closing", ["", "\n\nFreundliche Grüße\nJana Weiß\nLindfunk"])
def test_a_text_falls_into_greeting_body_and_closing(greeting, closing):
    assert split_text(greeting + BODY + closing) == Letter(
        greeting=greeting.strip(), body=BODY, closing=closing.strip()
    )


@pytest.mark.parametrize(
    ("html", "letter"),
    [
        (
            "<p>Guten Tag,</p>\n<p>Text.</p><ul><li>a</li></ul>\n<p>Viele Grüße<br>Jana</p>",
            Letter(
                greeting="<p>Guten Tag,</p>",
                body="<p>Text.</p><ul><li>a</li></ul>",
                closing="<p>Viele Grüße<br>Jana</p>",
            ),
        ),
        (
            "<p>Guten Tag,<br>Text.<br>Viele Grüße<br>Jana</p>",
            Letter(greeting="<p>Guten Tag,</p>", body="<p>Text.</p>", closing="<p>Viele Grüße<br>Jana</p>"),
        ),
        (
            "Guten Tag,<br><br>Text.",
            Letter(greeting="<p>Guten Tag,</p>", body="Text."),
        ),
        ("<p>Text.</p>", Letter(body="<p>Text.</p>")),
        ("<p>Guten Tag,</p>", Letter(greeting="<p>Guten Tag,</p>")),
        ("", Letter()),
    ],
)
def test_html_falls_into_the_same_three_pieces_each_well_formed(html, letter):
    assert split_html(html) == letter


def test_a_closing_far_from_the_end_is_part_of_the_text():
    text = "Freundliche Grüße\n" + "Zeile\n" * 20

    assert split_text(text).closing == ""


def test_text_becomes_paragraphs_with_its_signs_escaped():
    html = as_html("a < b & c\nzwei\n\n\ndrei")

    assert html == "<p>a &lt; b &amp; c<br>zwei</p>\n<p>drei</p>"
    assert letter_text(html) == "a < b & c\nzwei\n\ndrei"
