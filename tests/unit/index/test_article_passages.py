"""The passages of articles as an index holds them, and what is encoded of them by the settings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from corpus.models import Article
from index.article_passages import cut_articles
from index.itemtext import item_text
from index.passages import SHIPPED_PASSAGES, PassageSettings

SENTENCE = "Dieser Satz sagt in genau zehn Wörtern leider gar nichts."
LONG = Article(id="lang", title="Lang", body=" ".join([SENTENCE] * 12), language="de", format="text")
SHORT = Article(id="kurz", title="Kurz", body="# Kurz\n\n## Weg\n\nEin Satz.", language="de", format="markdown")
BLANK = Article(id="leer", title="Leer", body=" ", language="de", format="text")


def test_passages_are_grouped_by_article_in_order() -> None:
    cut = cut_articles([LONG, BLANK, SHORT])
    assert cut.starts.tolist() == [0, 2, 2, 3]
    assert len(cut.texts) == len(cut.headings) == len(cut.encoded) == 3
    assert cut.texts[2] == "Ein Satz."
    assert cut.headings == ["", "", "Weg"]
    assert cut.encoded[2] == "Kurz\nWeg\nEin Satz."


def test_no_articles_have_no_passages() -> None:
    assert cut_articles([]).starts.tolist() == [0]


def test_what_ships_is_about_ninety_words_with_the_title() -> None:
    assert PassageSettings(target_words=90, overlap_words=20, with_title=True) == SHIPPED_PASSAGES
    assert cut_articles([LONG]).encoded == cut_articles([LONG], SHIPPED_PASSAGES).encoded


def test_smaller_passages_are_more() -> None:
    small = cut_articles([LONG], PassageSettings(target_words=30, overlap_words=0))
    assert [len(text.split()) for text in small.texts] == [30, 30, 30, 30]


def test_without_overlap_no_sentence_is_repeated() -> None:
    counts = {
        overlap: sum(
            text.count(SENTENCE) for text in cut_articles([LONG], PassageSettings(overlap_words=overlap)).texts
        )
        for overlap in (0, 20)
    }
    assert counts == {0: 12, 20: 13}


def test_without_the_title_only_headings_and_text_are_encoded() -> None:
    bare = cut_articles([SHORT], PassageSettings(with_title=False))
    assert bare.encoded == ["Weg\nEin Satz."]
    assert bare.texts == cut_articles([SHORT]).texts


def test_the_only_passage_of_an_article_is_not_encoded_beside_the_same_whole() -> None:
    short = replace(LONG, id="short", body="Die Rechnung liegt im Kundenkonto.")
    summed = replace(short, id="summed", summary="Wo die Rechnung liegt")
    long = replace(short, id="long", body="\n\n".join(f"Absatz {number}. " + "Wort " * 80 for number in range(3)))
    articles = [short, long, summed]
    cut = cut_articles(articles)

    encoded, starts = cut.beside([item_text(article).whole for article in articles])

    passages = np.diff(cut.starts).tolist()
    assert passages[0] == passages[2] == 1 < passages[1]
    # The summary makes the whole another text than the passage.
    assert np.diff(starts).tolist() == [0, passages[1], 1]
    assert encoded == list(cut.encoded[1:])
