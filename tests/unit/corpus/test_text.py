from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.html import html_to_text, looks_like_html
from corpus.markdown import markdown_to_text
from corpus.text import MAX_MARKS, normalise, plain_text

GMAIL = (
    '<div dir="ltr">Nein, die Lampe blinkt immer noch.<br></div><br><div class="gmail_quote"><div dir="ltr" '
    'class="gmail_attr">Am Di., 3. März 2026 um 10:12 Uhr schrieb Support &lt;s@example.org&gt;:<br></div>'
    '<blockquote class="gmail_quote">Haben Sie neu gestartet?<br><br>Ihr Support</blockquote></div>'
)
OUTLOOK = (
    '<html><head><style>p{margin:0}</style></head><body><p class="MsoNormal">Das Ger&auml;t ist defekt.</p>'
    '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Von:</b> Support<br><b>Betreff:</b> Ihre Frage</div>'
    "<div>Bitte pr&uuml;fen Sie das Kabel.</div></body></html>"
)


def test_invisible_characters_vanish_and_spaces_and_breaks_become_plain() -> None:
    text = "Rech\u00adnung\u200b \u202edoppelt\u202c\ufeff\x07,\u00a0bitte\tprüfen\r\nDanke\rMax\u2028Ende\ud800"
    assert normalise(text) == "Rechnung doppelt, bitte prüfen\nDanke\nMax\nEnde"


def test_decomposed_umlauts_are_composed() -> None:
    assert normalise("Ku\u0308ndigung") == "Kündigung"


def test_runs_of_spaces_and_blank_lines_are_folded() -> None:
    assert normalise("  a   b  \n \n \n \n\n\n  c ") == "a b\n\n\nc"


def test_a_stack_of_combining_marks_is_bounded_and_quick() -> None:
    start = time.perf_counter()
    result = normalise("Z" + "\u0301\u0323" * 100_000 + "algo")
    assert time.perf_counter() - start < 2
    assert sum(unicodedata.category(character) == "Mn" for character in result) <= MAX_MARKS
    assert result.endswith("algo")


@given(st.text(st.characters(codec=None)))
def test_normalise_is_idempotent(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(st.sampled_from(" \n\t\r\u00a0aü\u0301\u0323\u200d\u0308o😅\ufe0f\u0345")))
def test_normalise_is_idempotent_where_marks_and_spaces_meet(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\r" not in once
    assert "  " not in once


def test_html_blocks_lists_and_entities_become_lines() -> None:
    html = "<h1>Hilfe</h1><p>K&ouml;nnen&nbsp;Sie<br>helfen?</p><ul><li>eins<li>zwei</ul><script>alert(1)</script>"
    assert html_to_text(html) == "Hilfe\n\nKönnen Sie\nhelfen?\n\n- eins\n- zwei"


def test_cells_of_a_data_table_stay_apart_and_layout_tables_show_no_marks() -> None:
    data = "<table><tr><th>Tarif</th><th>Preis</th></tr><tr><td>S</td><td>10 €</td></tr></table>"
    assert html_to_text(data) == "Tarif | Preis\nS | 10 €"
    assert html_to_text("<table><tr><td>Hallo</td><td>Max</td></tr></table>") == "Hallo Max"


@pytest.mark.parametrize("html", [GMAIL, OUTLOOK])
def test_answered_mails_are_quoted_lines(html: str) -> None:
    lines = [line for line in html_to_text(html).split("\n") if line.strip()]
    assert not lines[0].startswith(">")
    assert all(line.startswith(">") for line in lines[1:])
    assert len(lines) > 2


def test_nested_quotes_are_quoted_twice() -> None:
    html = "<p>neu</p><blockquote>alt<blockquote>älter</blockquote></blockquote>"
    assert html_to_text(html).split("\n") == ["neu", "", "> alt", "> > älter"]


@pytest.mark.parametrize("piece", ["<div>", "<!--", "<a ", "<![", '<a b="', "</a", "<?", "<b>x", "<ul><li>", "&a"])
def test_hostile_html_is_read_in_linear_time(piece: str) -> None:
    start = time.perf_counter()
    html_to_text((piece * 20_000)[:50_000])
    assert time.perf_counter() - start < 5


@given(st.text(st.sampled_from("<>/!-abdip \"'=&;\n")))
def test_any_markup_is_read(text: str) -> None:
    html_to_text(text)
    looks_like_html(text)


def test_text_after_an_unfinished_comment_is_not_lost() -> None:
    assert html_to_text("<p>vorher <!-- offen, Rechnung doppelt</p>").endswith("Rechnung doppelt")


@pytest.mark.parametrize("html", [GMAIL, OUTLOOK, "<p>Hallo</p>", "Hallo<br>mein Netz ist weg<br>Danke"])
def test_html_is_recognised(html: str) -> None:
    assert looks_like_html(html)


@pytest.mark.parametrize(
    "text",
    [
        "Am 3. März schrieb Max <max@example.org>:\n> ja",
        "Wenn 3 < 5 und 7 > 2, dann?",
        "In meiner Vorlage steht <div>Inhalt</div>, wird aber nicht gezeigt.\nWarum?",
        "<Name> fehlt im Anschreiben",
        "",
    ],
)
def test_text_that_only_speaks_of_markup_is_no_html(text: str) -> None:
    assert not looks_like_html(text)


def test_markdown_is_readable_text() -> None:
    markdown = (
        "# Router neu starten\n\nÖffnen Sie [das Portal](https://example.org) und **warten**<br>zwei *Minuten*.\n\n"
        "1. Stecker ziehen\n2. einstecken\n\n- Lampe grün\n\n| Lampe | heißt |\n|---|---|\n| rot | `E18` |\n\n"
        "```\nping  10.0.0.1\n```\n\n![Rückseite](bild.png) <span>fertig</span>\n"
    )
    assert markdown_to_text(markdown) == (
        "Router neu starten\n\nÖffnen Sie das Portal und warten\nzwei Minuten.\n\n1. Stecker ziehen\n2. einstecken\n\n"
        "- Lampe grün\n\nLampe | heißt\nrot | E18\n\nping  10.0.0.1\n\nRückseite fertig"
    )


@given(st.text(st.sampled_from("#*_`[]()|-> \nab1.<!~\\")))
def test_any_markdown_is_read(text: str) -> None:
    markdown_to_text(text)


@pytest.mark.parametrize(
    ("body", "form", "text"),
    [("**fett**", "markdown", "fett"), ("<b>fett</b>", "html", "fett"), ("**fett**", "text", "**fett**")],
)
def test_a_body_is_read_by_its_format(body: str, form: str, text: str) -> None:
    assert plain_text(body, form) == text  # type: ignore[arg-type]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="'rtf', expected 'markdown'"):
        plain_text("x", "rtf")  # type: ignore[arg-type]
