"""Copies are told, and what is merely similar is not."""

from __future__ import annotations

from pathlib import Path

from evaluation.corpus_report.duplicates import duplicates_section
from tests.unit.evaluation.corpus_report.made import article, case, ids, material, subjects, template, using

COPY = "Ziehen Sie bald um, nennen Sie uns Anschrift und Einzugstag der neuen Wohnung."


def test_an_article_that_was_copied_and_barely_changed_is_told(tmp_path: Path) -> None:
    made = material(tmp_path, articles=(*subjects(), article("umzug-neu", "Umzug melden", COPY)))

    (found,) = duplicates_section(made).findings

    assert found.sort == "same words"
    assert ids([found]) == [("umzug", "umzug-neu")]
    assert "only in umzug-neu: bald" in found.says
    assert "replaces" in found.todo


def test_an_article_about_the_same_thing_in_other_words_is_no_duplicate(tmp_path: Path) -> None:
    similar = article("umzug-kosten", "Was ein Umzug kostet", "Wer umzieht, zahlt einmalig für den neuen Anschluss.")

    assert duplicates_section(material(tmp_path, articles=(*subjects(), similar))).findings == ()


def test_articles_that_rephrase_each_other_are_told_as_near_by_meaning(tmp_path: Path) -> None:
    rephrased = article(
        "umzug-2",
        "Umzug melden",
        "Vor dem Einzugstag nennen Sie Anschrift der neuen Wohnung, sobald Sie umziehen werden.",
    )

    (found,) = duplicates_section(material(tmp_path, articles=(*subjects(), rephrased))).findings

    assert found.sort == "by meaning"
    assert ids([found]) == [("umzug", "umzug-2")]


def test_a_group_of_copies_is_one_finding_with_how_often_each_was_used(tmp_path: Path) -> None:
    copies = [
        template(f"t{number}", "Umzug bestätigt", f"Wir haben Ihren Umzug zum Monatsende notiert {extra}.")
        for number, extra in enumerate(("", "heute", "gern"))
    ]
    made = material(tmp_path, templates=copies, cases=(case("c1", "Umzug", templates=using("t1")),))

    (found,) = duplicates_section(made).findings

    assert ids([found]) == [("t0", "t1", "t2")]
    assert found.facts["uses"] == [0, 1, 0]


def test_variants_for_other_channels_products_and_forms_of_address_are_meant_to_be_alike(tmp_path: Path) -> None:
    body = "Wir haben den Umzug zum Ende des Monats fest notiert, vielen Dank."
    templates = (
        template("mail", "Umzug", body, channels=("email",)),
        template("chat", "Umzug", body, channels=("chat",)),
        template("sie", "Störung", "Bitte starten wir den Router einmal neu und warten ein wenig.", address="sie"),
        template("du", "Störung", "Bitte starten wir den Router einmal neu und warten ein wenig.", address="du"),
    )
    articles = (article("mobil", "Tarif", body, products=("mobil",)), article("dsl", "Tarif", body, products=("dsl",)))

    assert duplicates_section(material(tmp_path, articles=articles, templates=templates)).findings == ()


def test_drafts_and_archived_copies_are_not_told(tmp_path: Path) -> None:
    copies = (article("a", "Umzug melden", COPY, status="draft"), article("b", "Umzug melden", COPY, status="archived"))

    assert duplicates_section(material(tmp_path, articles=(*subjects(), *copies))).findings == ()
