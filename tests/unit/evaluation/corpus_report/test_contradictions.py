"""The same thing said with other figures is told; other things with other figures are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.corpus_report.contradictions import contradictions_section
from evaluation.corpus_report.figures_said import figures_in
from tests.unit.evaluation.corpus_report.made import article, ids, material, template

ONE = "Die Gebühr für den Wechsel des Anschlusses beträgt {} je Auftrag."


def _found(tmp_path: Path, *articles: object, templates: tuple[object, ...] = ()) -> list[tuple[str, ...]]:
    made = material(tmp_path, articles=articles, templates=templates)  # type: ignore[arg-type]
    return ids(contradictions_section(made).findings)


@pytest.mark.parametrize(
    ("first", "second", "sort"),
    [
        (ONE.format("39,99 €"), ONE.format("34,99 Euro"), "amounts"),
        ("Sie kündigen mit einer Frist von einem Monat.", "Sie kündigen mit einer Frist von drei Monaten.", "periods"),
        ("Die Rückgabe ist 14 Tage lang möglich.", "Die Rückgabe ist drei Wochen lang möglich.", "periods"),
        ("Der Rabatt für Studierende beträgt 10 %.", "Der Rabatt für Studierende beträgt 15 Prozent.", "percentages"),
        ("Die Hotline hat die Nummer 030 23125377.", "Die Hotline hat die Nummer 030 23125388.", "telephone numbers"),
        ("Die Aktion endet am 31.08.2026.", "Die Aktion endet am 30. September 2026.", "dates"),
    ],
)
def test_the_same_sentence_with_another_figure_is_told_with_both_sentences(
    tmp_path: Path, first: str, second: str, sort: str
) -> None:
    made = material(tmp_path, articles=(article("alt", "Anschluss", first), article("neu", "Anschluss", second)))

    (found,) = contradictions_section(made).findings

    assert found.sort == sort
    assert [(quote.id, quote.text) for quote in found.quotes] == [("alt", first), ("neu", second)]


def test_two_tariffs_with_different_prices_do_not_contradict_each_other(tmp_path: Path) -> None:
    price = "Die Grundgebühr beträgt {} im Monat bei 24 Monaten Laufzeit."
    titles = (
        article("s", "Tarif Smart S", price.format("9,99 €")),
        article("l", "Tarif Smart L", price.format("19,99 €")),
    )
    said = (
        article("a", "Preise", "Der Tarif Smart S kostet 9,99 € im Monat."),
        article("b", "Preise", "Der Tarif Smart L kostet 19,99 € im Monat."),
    )

    assert _found(tmp_path, *titles) == []
    assert _found(tmp_path, *said) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Die Prüfung dauert mindestens 3 Tage.", "Die Prüfung dauert höchstens 10 Tage."),
        ("Die Gebühr beträgt 5 € je Auftrag.", "Der Rabatt beträgt 7 € je Auftrag."),
        ("Die Gebühr beträgt 14 Tage lang 5 €.", "Die Gebühr beträgt zwei Wochen lang 5,00 Euro."),
        ("Die Gebühr beträgt 5 €.\n\nFür Firmen beträgt die Gebühr 7 €.", "Die Gebühr beträgt 7 €."),
    ],
)
def test_what_may_both_be_true_is_not_told(tmp_path: Path, first: str, second: str) -> None:
    assert _found(tmp_path, article("a", "Anschluss", first), article("b", "Anschluss", second)) == []


def test_the_same_sentence_under_unlike_titles_or_headings_is_about_two_things(tmp_path: Path) -> None:
    late = "Die Bearbeitung des Auftrags dauert {} Tage."
    sections = (
        article("a", "Service", f"## Umzug\n\n{late.format(3)}"),
        article("b", "Service", f"## Rufnummer\n\n{late.format(9)}"),
    )

    assert _found(tmp_path, article("a", "Umzug", late.format(3)), article("b", "Rufnummer", late.format(9))) == []
    assert _found(tmp_path, *sections) == []


def test_a_template_that_contradicts_the_article_it_names_is_told(tmp_path: Path) -> None:
    reply = template("t", "Auftrag bestätigt", "Guten Tag,\n" + ONE.format("34,99 €"), articles=("gebuehr",))

    assert _found(tmp_path, article("gebuehr", "Kosten", ONE.format("39,99 €")), templates=(reply,)) == [
        ("gebuehr", "t")
    ]


def test_a_translation_that_was_not_brought_up_to_date_is_told(tmp_path: Path) -> None:
    german = article("de", "Rückgabe", "Sie geben das Gerät binnen 14 Tagen zurück. Der Versand kostet 5 €.")
    english = "Return the device within {}. Shipping is €5."
    late = article("en", "Returns", english.format("30 days"), language="en", translation_of="de")
    right = article("en", "Returns", english.format("two weeks"), language="en", translation_of="de")

    assert _found(tmp_path, german, late) == [("de", "en")]
    assert _found(tmp_path, german, right) == []


def test_a_sentence_with_a_figure_of_its_own_in_many_items_is_a_parameter(tmp_path: Path) -> None:
    many = [article(f"a{number}", "Anschluss", ONE.format(f"{number},50 €")) for number in range(1, 6)]

    assert _found(tmp_path, *many) == []


def test_items_for_other_products_and_items_out_of_date_do_not_contradict(tmp_path: Path) -> None:
    first, second = ONE.format("39,99 €"), ONE.format("34,99 €")
    products = (
        article("a", "Anschluss", first, products=("dsl",)),
        article("b", "Anschluss", second, products=("mobil",)),
    )
    dated = article("a", "Anschluss", first), article("b", "Anschluss", second, status="archived")

    assert _found(tmp_path, *products) == []
    assert _found(tmp_path, *dated) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1.200,50 EUR, 1,200.50 Euro und 1200,5 €", ["1200.50 EUR"] * 3),
        ("49,- € oder 50 Cent", ["49.00 EUR", "0.50 EUR"]),
        ("zwei Wochen, 14 Tage, 14-day, 14-tägig", ["14 days"] * 4),
        ("ein Jahr oder 12 Monate, 5 Werktage", ["12 months", "12 months", "5 working days"]),
        ("am 3. März 2026, 2026-03-03, March 3, 2026", ["2026-03-03"] * 3),
        ("+49 30 23125377 und 030 23125377", ["03023125377"] * 2),
        ("19 %, 19,0 Prozent und 7.5 per cent", ["19 %", "19 %", "7.5 %"]),
        ("Version 3.2 mit 3 GB, Nr. 14, Artikel 5", []),
    ],
)
def test_figures_are_read_in_german_and_english_and_made_comparable(text: str, values: list[str]) -> None:
    assert [figure.value for figure in figures_in(text)] == values
