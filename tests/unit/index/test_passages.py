"""Passages follow the structure of a body, lose nothing, and are never too long."""

from __future__ import annotations

from math import ceil
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.passages import CHARACTERS_A_WORD, TARGET_WORDS, Passage, embedding_text, passages

Format = Literal["markdown", "html", "text"]
FORMATS: tuple[Format, ...] = ("markdown", "html", "text")
SENTENCE = "Dieser Satz sagt in genau zehn Wörtern leider gar nichts. "

MARKDOWN = """# Rechnung

Einleitung zur **Rechnung** mit [Verweis](https://firma.de) und `code`.

## Kopie anfordern

So geht es:

1. Melden Sie sich an.
2. Wählen Sie *Rechnungen*.
   - auch ältere

| Jahr | Frist |
|------|-------|
| 2024 | 10    |

### Per Post
Schreiben Sie uns.

## Kontakt
"""

HTML = """<html><head><title>weg</title><style>p {}</style></head><body>
<h1>Rechnung</h1><p>Ein&nbsp;Absatz.<br>Noch eine Zeile</p><!-- <p>weg</p> -->
<h2>Kopie <b>anfordern</b></h2>
<ul><li><p>anmelden</p></li><li>wählen</ul>
<table><tr><th>Jahr</th><th>Frist</th></tr><tr><td><p>2024</p></td><td>10</td></tr></table>
<pre>zeile 1
  zeile 2</pre><script>weg < weg</script>
<p>Zum Schluss: 3 < 5</body></html>"""


def size(text: str) -> int:
    return max(len(text.split()), ceil(len(text) / CHARACTERS_A_WORD))


def texts(found: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in found]


def test_markdown_is_cut_at_its_headings() -> None:
    found = passages(MARKDOWN, "markdown", title="Rechnung")

    assert [(passage.heading_path, passage.text) for passage in found] == [
        ((), "Einleitung zur Rechnung mit Verweis und code."),
        (
            ("Kopie anfordern",),
            "So geht es:\n1. Melden Sie sich an.\n2. Wählen Sie Rechnungen.\n- auch ältere\nJahr | Frist\n2024 | 10",
        ),
        (("Kopie anfordern", "Per Post"), "Schreiben Sie uns."),
        (("Kontakt",), "Kontakt"),
    ]


def test_html_is_cut_at_its_headings_and_hides_what_browsers_hide() -> None:
    found = passages(HTML, "html", title="Hilfe")

    assert [(passage.heading_path, passage.text) for passage in found] == [
        (("Rechnung",), "Ein Absatz. Noch eine Zeile"),
        (
            ("Rechnung", "Kopie anfordern"),
            "- anmelden\n- wählen\nJahr | Frist\n2024 | 10\nzeile 1\nzeile 2\nZum Schluss: 3 < 5",
        ),
    ]


def test_html_inside_markdown_is_read_as_html() -> None:
    body = "Vorher.\n\n<div><h2>Titel</h2><p>Absatz.</p></div>\n\nNachher mit<br>Umbruch."

    assert [(passage.heading_path, passage.text) for passage in passages(body, "markdown", title="")] == [
        ((), "Vorher."),
        (("Titel",), "Absatz.\nNachher mit Umbruch."),
    ]


def test_positions_lead_back_to_the_source() -> None:
    found = passages(MARKDOWN, "markdown", title="Rechnung")
    sources = [MARKDOWN[passage.start : passage.end] for passage in found]
    assert sources[0].startswith("Einleitung")
    assert sources[0].endswith("`code`.")
    assert sources[1].startswith("So geht es:")
    assert sources[1].endswith("| 2024 | 10    |")
    assert sources[2:] == ["Schreiben Sie uns.", "## Kontakt"]
    text = "Erster Absatz.\n\nZweiter Absatz.\n"
    [passage] = passages(text, "text", title="")
    assert text[passage.start : passage.end] == "Erster Absatz.\n\nZweiter Absatz."


@pytest.mark.parametrize("body_format", FORMATS)
def test_long_paragraphs_are_cut_at_sentences_near_the_target(body_format: Format) -> None:
    found = passages(SENTENCE * 40, body_format, title="")

    assert [len(text.split()) for text in texts(found)][:4] == [90, 90, 90, 90]
    assert all(text.startswith("Dieser") and text.endswith(".") for text in texts(found))


def test_the_last_sentence_is_repeated_after_a_cut_unless_it_is_long() -> None:
    body = " ".join(f"Dies ist nun der Satz mit der Nummer {number}." for number in range(100, 130))
    first, second, *_ = texts(passages(body, "text", title=""))
    assert second.startswith(first[first.rindex("Dies") :])

    first, second, *_ = texts(passages(body, "text", title="", overlap=0))
    assert not second.startswith(first[first.rindex("Dies") :])


def test_tables_that_are_cut_repeat_their_header() -> None:
    rows = "\n".join(f"| Tarif {number} | {number} Euro im Monat |" for number in range(60))
    found = texts(passages(f"| Tarif | Preis |\n|---|---|\n{rows}", "markdown", title=""))

    assert len(found) > 2
    assert all(text.startswith("Tarif | Preis\nTarif ") for text in found)


def test_lists_that_fit_stay_whole() -> None:
    items = "\n".join(f"- Punkt {number} von sechs" for number in range(6))
    before, after = texts(passages(f"{SENTENCE * 9}\n\n{items}", "markdown", title=""))

    assert before == (SENTENCE * 9).strip()
    assert after.count("Punkt") == 6


def test_small_tails_join_the_passage_before() -> None:
    found = passages(SENTENCE * 9 + "\n\nDanke für Ihre Geduld.", "text", title="")

    assert len(found) == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [("", []), (" \n\t", []), ("---", ["Titel"]), ("![](x.png)", ["Titel"]), ("# Titel", ["Titel"])],
)
def test_only_blank_bodies_give_no_passage(body: str, expected: list[str]) -> None:
    assert texts(passages(body, "markdown", title="Titel")) == expected


def test_a_body_without_text_or_title_gives_its_source() -> None:
    assert texts(passages("<p></p>", "html", title="")) == ["<p></p>"]


@pytest.mark.parametrize("body_format", FORMATS)
@pytest.mark.parametrize(
    "body",
    [
        "x" * 300_000,
        "wort " * 60_000,
        SENTENCE * 4_000,
        "<li>x" * 20_000,
        "- x\n" * 5_000,
        "<" * 100_000,
        "<!--" * 50_000,
        "<td>x" * 50_000,
        "<b> " * 50_000 + "x",
        "<pre>" + "\n" * 90_000,
    ],
)
def test_every_passage_of_a_huge_article_is_bounded(body: str, body_format: Format) -> None:
    found = passages(body, body_format, title="Titel")

    assert found
    assert max(size(text) for text in texts(found)) <= 1.5 * TARGET_WORDS


WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöü", min_size=1, max_size=9)
BLOCK = st.one_of(
    st.lists(WORD, min_size=1, max_size=150).map(" ".join),
    st.lists(WORD, min_size=1, max_size=6).map(lambda words: "## " + " ".join(words)),
    st.lists(WORD, min_size=1, max_size=40).map(lambda words: "\n".join(f"- {word}." for word in words)),
    st.lists(WORD, min_size=1, max_size=9).map(lambda words: "```\n" + "\n".join(words) + "\n```"),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(BLOCK, min_size=1, max_size=6).map("\n\n".join), st.integers(10, 120))
def test_every_word_is_in_a_passage_or_its_headings_and_all_are_bounded(body: str, target: int) -> None:
    found = passages(body, "markdown", title="Titel", target_words=target, overlap=target // 2 - 1)
    kept = " ".join(text for passage in found for text in (*passage.heading_path, passage.text)).split()

    assert {word.strip(".") for word in body.split()} - {"-", "##", "```"} <= {word.strip(".") for word in kept}
    assert all(passage.text and size(passage.text) <= 1.5 * target for passage in found)
    assert found == passages(body, "markdown", title="Titel", target_words=target, overlap=target // 2 - 1)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab1 #-*_`<>/|[]()!&\n\t.tdhrulip", max_size=120), st.sampled_from(FORMATS))
def test_any_body_is_taken(body: str, body_format: Format) -> None:
    found = passages(body, body_format, title="")

    assert bool(found) == bool(body.strip())
    assert all(passage.text for passage in found)
    assert all(0 <= passage.start <= passage.end <= len(body) for passage in found)


def test_unusable_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="body format is 'pdf'"):
        passages("a", "pdf", title="")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="target_words is 5"):
        passages("a", "text", title="", target_words=5, overlap=0)
    with pytest.raises(ValueError, match="an overlap below half of it"):
        passages("a", "text", title="", target_words=90, overlap=45)


def test_the_embedding_text_names_title_and_headings_once() -> None:
    assert embedding_text("Titel", Passage("Text", ("A", "B"), 0, 4)) == "Titel\nA – B\nText"
    assert embedding_text("Titel", Passage("Kontakt", ("Kontakt",), 0, 4)) == "Titel\nKontakt"
    assert embedding_text("", Passage("Text", (), 0, 4)) == "Text"
