"""Markdown files and HTML pages: title, language, text, and what stands around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.importers.limits import ImportLimits
from tests.unit.corpus.importers.reading import fates_of, only_record, reasons


def markdown(folder: Path, text: str | bytes, name: str = "de/artikel.md") -> list:
    return fates_of(folder, "markdown", {name: text})


def html(folder: Path, text: str | bytes, name: str = "seite.html") -> list:
    return fates_of(folder, "html", {name: text})


def page(body: str, head: str = "<title>Umzug</title>") -> str:
    return f'<html lang="de"><head>{head}</head><body>{body}</body></html>'


def test_front_matter_names_what_the_contract_knows_and_scalars_stay_texts(tmp_path: Path) -> None:
    found = only_record(
        markdown(
            tmp_path,
            "---\nid: 0012\nTitle: Nein heißt nein\nlang: no\nversion: 1.10\ntags: [eins, zwei]\nprodukt: Strom\n"
            "audience: second_level, partner\nexpiryDate: 2027-01-01\nlayout: post\n---\nText.\n",
        )
    )

    assert found == {
        "id": "0012",
        "title": "Nein heißt nein",
        "language": "no",
        "version": "1.10",
        "keywords": ["eins", "zwei"],
        "products": ["Strom"],
        "audience": ["second_level", "partner"],
        "valid_until": "2026-12-31T23:00:00Z",
        "body": "Text.",
    }


def test_front_matter_may_be_toml(tmp_path: Path) -> None:
    found = only_record(
        markdown(tmp_path, '+++\ntitle = "Umzug"\ndraft = true\ndate = 2026-03-01T08:00:00Z\ntags = ["a"]\n+++\nText\n')
    )

    assert (found["title"], found["status"], found["keywords"]) == ("Umzug", "draft", ["a"])
    assert found["updated_at"] == "2026-03-01T08:00:00Z"


def test_a_rule_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    found = only_record(markdown(tmp_path, "---\n\n# Umzug\n\n---\n\nMelden Sie sich.\n"))

    assert found["title"] == "Umzug"
    assert "Melden Sie sich." in found["body"]


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# Umzug *melden* #\n\nText", "Umzug melden", "Text"),
        ("Umzug\n=====\nText", "Umzug", "Text"),
        ("Vorspann\n\n## Umzug\n\nText", "Umzug", "Vorspann\n\n## Umzug\n\nText"),
        ("---\ntitle: Umzug\n---\n# Etwas anderes\n\nText", "Umzug", "# Etwas anderes\n\nText"),
        ("---\ntitle: Umzug\n---\n# Umzug\n\nText", "Umzug", "Text"),
    ],
)
def test_the_title_is_told_once_and_nothing_else_is_taken_away(
    tmp_path: Path, text: str, title: str, body: str
) -> None:
    found = only_record(markdown(tmp_path, text))

    assert (found["title"], found["body"]) == (title, body)


def test_markdown_is_read_in_the_encoding_it_has(tmp_path: Path) -> None:
    for number, encoding in enumerate(("utf-8-sig", "cp1252", "utf-16")):
        found = only_record(markdown(tmp_path / str(number), "# Größe\n\nÜberprüft\n".encode(encoding)))
        assert (found["title"], found["body"]) == ("Größe", "Überprüft")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\n- a\n- b\n---\nText", "a list"),
        ("---\ntitle: &a x\nsummary: *a\n---\nText", "alias"),
        ("---\ntitle: x\ntags: {a: b}\n---\nText", "an object as tags"),
        ("---\ntitle: x\ndate: neulich\n---\nText", "expected a time"),
        ("+++\ntitle = \n+++\nText", "no TOML"),
    ],
)
def test_front_matter_that_cannot_be_read_is_told(tmp_path: Path, text: str, reason: str) -> None:
    [told] = reasons(markdown(tmp_path, text))

    assert reason in told


def test_what_stands_around_a_page_is_left_out(tmp_path: Path) -> None:
    found = only_record(
        html(
            tmp_path,
            page(
                '<header><h1>Stadtwerke</h1></header><div class="navbar">Start</div><div role="navigation">Links</div>'
                '<div id="toc">Inhalt</div><nav>Menü</nav><h2>Umzug</h2><p>Melden Sie sich.</p><aside>Werbung</aside>'
                "<form>Suche</form><script>x</script><footer>Impressum</footer>"
            ),
        )
    )

    assert found["title"] == "Umzug"
    assert found["body"] == "<p>Melden Sie sich.</p>"


def test_the_heading_of_an_article_stays_and_so_does_a_toc_that_holds_everything(tmp_path: Path) -> None:
    text = page('<article class="toc"><header><h1>Umzug</h1><p>Vorspann</p></header><p>Text</p></article>', head="")
    found = only_record(html(tmp_path, text))

    assert found["title"] == "Umzug"
    assert "Vorspann" in found["body"]
    assert "Text" in found["body"]


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Umzug | Stadtwerke</title>", "<h1>Umzug<a href='#u'>¶</a></h1><p>x</p>", "Umzug"),
        ("<title>Umzug melden</title>", "<h1>Adresse</h1><p>x</p>", "Umzug melden"),
        ("<title>Umzugskosten</title>", "<h2>Umzug</h2><p>x</p>", "Umzugskosten"),
        ("<title> </title>", "<header><h1>Umzug</h1></header><p>x</p>", "Umzug"),
    ],
)
def test_the_title_of_a_page(tmp_path: Path, head: str, body: str, title: str) -> None:
    assert only_record(html(tmp_path, page(body, head)))["title"] == title


def test_a_heading_that_is_not_the_title_stays_in_the_body(tmp_path: Path) -> None:
    assert "Adresse" in only_record(html(tmp_path, page("<h1>Adresse</h1><p>x</p>")))["body"]


@pytest.mark.parametrize("declared", ['<meta charset="iso-8859-1">', ""])
def test_pages_are_read_in_the_encoding_they_have(tmp_path: Path, declared: str) -> None:
    text = page("<p>Überprüft</p>", f"{declared}<title>Größe</title>")

    assert only_record(html(tmp_path, text.encode("cp1252")))["title"] == "Größe"


def test_the_language_is_the_one_the_page_says(tmp_path: Path) -> None:
    text = '<html><head><meta http-equiv="content-language" content="en"><title>t</title></head><p>x</p></html>'

    assert only_record(html(tmp_path, text, "de/seite.html"))["language"] == "en"


def test_pages_without_end_are_refused(tmp_path: Path) -> None:
    fates = fates_of(tmp_path, "html", {"gross.html": page("x" * 2_000)}, limits=ImportLimits(page=1_000))

    assert reasons(fates) == ["found more than 1000 bytes, expected at most that"]


def test_deep_and_broken_markup_is_taken_or_refused_but_never_a_fault(tmp_path: Path) -> None:
    files = {"tief.html": page("<div>" * 20_000 + "tief"), "kaputt.html": page("<p>Text <a href='x" + "<" * 20_000)}

    assert len(fates_of(tmp_path, "html", files)) == 2
