"""Sentences that agents always change are told, and nothing of any case with them."""

from __future__ import annotations

from pathlib import Path

from evaluation.corpus_report.edited import edited_section
from evaluation.corpus_report.findings import CorpusReport
from evaluation.corpus_report.page import report_json
from tests.unit.evaluation.corpus_report.made import material, sent, template

KEPT = "Wir haben Ihre Rechnung sorgfältig geprüft und den Betrag berichtigt."
WRONG = "Die Erstattung dauert in der Regel vierzehn Tage ab heute."
RIGHT = "Die Erstattung dauert in der Regel fünf Tage ab heute."
LAST = "Bewerten Sie uns gern auf unserer Seite mit fünf Sternen."
REPLY = template("t", "Erstattung", f"Guten Tag {{{{ contact.last_name }}}},\n\n{KEPT} {WRONG} {LAST}")


def _replies(*texts: str) -> list[object]:
    return [
        sent(f"c{number:02}", f"Guten Tag Frau Kunde{number},\n\n{text}", "t", customer_id=f"k{number}")
        for number, text in enumerate(texts)
    ]


def test_sentences_that_are_changed_or_left_out_in_most_uses_are_told_with_how_often(tmp_path: Path) -> None:
    texts = [f"{KEPT} {RIGHT}"] * 5 + [f"{KEPT} {WRONG} {LAST}"]
    made = material(tmp_path, templates=(REPLY,), cases=_replies(*texts))  # type: ignore[arg-type]

    (found,) = edited_section(made).findings

    assert [(quote.text, quote.note) for quote in found.quotes] == [
        (WRONG, "changed in 5 of 6"),
        (LAST, "left out in 5 of 6"),
    ]


def test_sentences_that_are_mostly_kept_are_not_told(tmp_path: Path) -> None:
    texts = [f"{KEPT} {WRONG} {LAST}"] * 4 + [f"{KEPT} {RIGHT}"] * 4
    made = material(tmp_path, templates=(REPLY,), cases=_replies(*texts))  # type: ignore[arg-type]

    assert edited_section(made).findings == ()


def test_a_wording_is_told_only_where_several_customers_got_the_same(tmp_path: Path) -> None:
    rare = "Die Erstattung dauert in der Regel wegen Herrn Brandt drei Tage ab heute."
    texts = [f"{KEPT} {RIGHT} {LAST}"] * 8 + [f"{KEPT} {rare} {LAST}"] * 2
    made = material(tmp_path, templates=(REPLY,), cases=_replies(*texts))  # type: ignore[arg-type]

    section = edited_section(made)

    (told,) = section.findings[0].facts["sentences"]
    assert told["instead"] == {RIGHT: 8}
    assert "Brandt" not in str(report_json(CorpusReport(facts={}, sections=(section,))))


def test_of_few_uses_no_wording_is_told(tmp_path: Path) -> None:
    made = material(tmp_path, templates=(REPLY,), cases=_replies(*[f"{KEPT} {RIGHT} {LAST}"] * 9))  # type: ignore[arg-type]

    (told,) = edited_section(made).findings[0].facts["sentences"]
    assert (told["changed"], told["instead"]) == (9, {})


def test_messages_in_the_agents_own_words_say_nothing_about_the_template(tmp_path: Path) -> None:
    made = material(tmp_path, templates=(REPLY,), cases=_replies(*["Das Geld ist schon unterwegs zu Ihnen."] * 9))  # type: ignore[arg-type]

    section = edited_section(made)

    assert section.findings == ()
    assert "in 0 of them the text was recognised" in section.notes[0]


def test_what_stands_on_a_condition_may_be_left_out(tmp_path: Path) -> None:
    conditional = template("t", "Erstattung", f"{KEPT} {{% if case.late %}}{WRONG}{{% endif %}}")
    made = material(tmp_path, templates=(conditional,), cases=_replies(*[KEPT] * 9))  # type: ignore[arg-type]

    assert edited_section(made).findings == ()
