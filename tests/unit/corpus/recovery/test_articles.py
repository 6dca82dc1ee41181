"""An article is recognised by a link to it, or by a passage that was copied into the reply."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.models import Article, Case, Template, Use
from corpus.recovery.recover import RecoveredUse, recovered_uses
from tests.unit.corpus.recovery.material import ARTICLE, MOVING, answered, template

OTHER = Article(
    id="en-roaming",
    title="Roaming",
    body="Roaming is free in the EU.",
    language="en",
    url="https://hilfe.lindfunk.example/artikel?nr=77",
)


def _uses(
    case: Case, articles: tuple[Article, ...] = (ARTICLE, OTHER), templates: tuple[Template, ...] = ()
) -> tuple[RecoveredUse, ...]:
    return recovered_uses(case, templates, articles).articles


def _linked(link: str, **more: object) -> list[str]:
    return [use.id for use in _uses(answered(f"Bitte lesen Sie {link}, dort steht alles."), **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "link",
    [
        "https://hilfe.lindfunk.example/rechnung-doppelt",
        "http://www.hilfe.lindfunk.example/rechnung-doppelt/",
        "<https://HILFE.lindfunk.example/rechnung-doppelt>",
        "[hier](https://hilfe.lindfunk.example/rechnung-doppelt)",
        "https://hilfe.lindfunk.example/rechnung-doppelt?utm_source=mail#oben",
        "https://hilfe.lindfunk.example/de/artikel/Rechnung-Doppelt.html",
    ],
)
def test_a_link_to_an_article_is_its_use(link: str) -> None:
    assert _linked(link) == ["rechnung-doppelt"]


def test_a_link_in_html_counts_though_its_address_is_not_shown() -> None:
    html = '<p>Alles dazu steht <a class="x" href="https://hilfe.lindfunk.example/rechnung-doppelt">hier</a>.</p>'
    (use,) = _uses(answered(html))
    assert (use.id, use.how, use.use) == ("rechnung-doppelt", "link", Use(id="rechnung-doppelt", after_message=1))


def test_an_address_that_differs_in_its_query_only_is_another_article() -> None:
    assert _linked("https://hilfe.lindfunk.example/artikel?nr=77") == ["en-roaming"]
    assert _linked("https://hilfe.lindfunk.example/artikel?nr=78") == []


@pytest.mark.parametrize(
    "link", ["https://shop.example/rechnung-doppelt", "https://hilfe.lindfunk.example/rechnung", "rechnung-doppelt"]
)
def test_a_link_elsewhere_is_none(link: str) -> None:
    assert _linked(link) == []


def test_where_no_article_has_an_address_a_path_that_ends_with_its_id_is_enough() -> None:
    assert _linked("https://kb.example/view/rechnung-doppelt", articles=(replace(ARTICLE, url=None),)) == [ARTICLE.id]


def test_a_link_to_what_an_article_replaces_means_that_article() -> None:
    heir = replace(ARTICLE, id="abbuchung", url=None, replaces=("rechnung-doppelt",))
    assert _linked("https://hilfe.lindfunk.example/rechnung-doppelt", articles=(heir, OTHER)) == ["abbuchung"]


def test_an_address_that_two_articles_have_tells_nothing() -> None:
    assert _linked(str(ARTICLE.url), articles=(ARTICLE, replace(ARTICLE, id="zweiter"))) == []


def test_a_link_that_comes_with_every_mail_tells_nothing() -> None:
    footer = template("f-hilfe", f"Hilfe: {ARTICLE.url}", kind="footer")
    assert _linked(str(ARTICLE.url), templates=(footer,)) == []
    assert _uses(answered(f"Das ist erledigt.\n\nFreundliche Grüße\nEva Lorenz\nLindfunk\n{ARTICLE.url}")) == ()


def test_a_link_that_the_customer_sent_or_the_agent_quotes_tells_nothing() -> None:
    quoted = f"Dazu später.\n\nAm 3. März 2026 um 10:12 Uhr schrieb Max Brandt:\n> Ich las {ARTICLE.url} schon."
    assert _uses(answered(quoted)) == ()
    case = answered("Dazu später.")
    asked = replace(case.messages[0], text=f"Ich las {ARTICLE.url} schon.")
    assert _uses(replace(case, messages=(asked, *case.messages[1:]))) == ()


PASSAGE = "Offene Vormerkungen verschwinden nach drei Banktagen von selbst, ohne dass Sie etwas tun müssen."


def test_a_passage_that_was_copied_is_its_use() -> None:
    sent = f"Guten Tag Frau Yılmaz, {PASSAGE} Bleiben beide stehen, melden Sie sich bitte noch einmal."
    (use,) = _uses(answered(sent))
    assert (use.id, use.how, use.message) == ("rechnung-doppelt", "passage", 1)


def test_the_same_in_other_words_is_not() -> None:
    sent = "Eine Vormerkung verschwindet nach einigen Banktagen von allein, Sie müssen dafür gar nichts weiter tun."
    assert _uses(answered(sent)) == ()


def test_a_passage_of_two_articles_tells_nothing_unless_one_replaces_the_other() -> None:
    again = replace(ARTICLE, id="zweiter", url=None)
    assert _uses(answered(PASSAGE), articles=(ARTICLE, again)) == ()
    heir = replace(again, replaces=(ARTICLE.id,))
    assert [use.id for use in _uses(answered(PASSAGE), articles=(ARTICLE, heir))] == ["zweiter"]


def test_who_sends_a_template_did_not_copy_the_article_that_says_the_same() -> None:
    same = template("t-vormerkung", f"Guten Tag {{{{ contact.name }}}},\n{PASSAGE}\nFreundliche Grüße")
    found = recovered_uses(answered(f"Guten Tag Max,\n{PASSAGE}\nFreundliche Grüße"), (same, MOVING), (ARTICLE,))
    assert [use.id for use in found.templates] == ["t-vormerkung"]
    assert found.articles == ()


def test_given_articles_are_neither_changed_nor_supplemented() -> None:
    assert _uses(answered(PASSAGE, articles=(Use(id="anderer"),))) == ()
