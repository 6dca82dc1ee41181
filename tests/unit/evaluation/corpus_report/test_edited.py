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


def _replies(*texts: str, agents: int = 99) -> list[object]:
    return [
        sent(
            f"c{number:02}",
            f"Guten Tag Frau Kunde{number},\n\n{text}",
            "t",
            customer_id=f"k{number}",
            agent=f"a-{number % agents}",
        )
        for number, text in enumerate(texts)
    ]


def test_sentences_that_are_changed_or_left_out_in_most_uses_are_told_with_how_often(tmp_path: Path) -> None:
    texts = [f"{KEPT} {RIGHT}"] * 10 + [f"{KEPT} {WRONG} {LAST}"] * 2
    made = material(tmp_path, templates=(REPLY,), cases=_replies(*texts))  # type: ignore[arg-type]

    (found,) = edited_section(made).findings

    assert [(quote.text, quote.note) for quote in found.quotes] == [
        (WRONG, f"changed in 10 of 12; instead, to 10 customers: “{RIGHT}”"),
        (LAST, "left out in 10 of 12"),
    ]


def test_sentences_that_are_mostly_kept_are_not_told(tmp_path: Path) -> None:
    texts = [f"{KEPT} {WRONG} {LAST}"] * 6 + [f"{KEPT} {RIGHT}"] * 6
    made = material(tmp_path, templates=(REPLY,), cases=_replies(*texts))  # type: ignore[arg-type]

    assert edited_section(made).findings == ()


def test_a_wording_is_told_only_where_several_customers_got_the_same(tmp_path: Path) -> None:
    rare = "Die Erstattung dauert in der Regel wegen Herrn Brandt drei Tage ab heute."
    texts = [f"{KEPT} {RIGHT} {LAST}"] * 11 + [f"{KEPT} {rare} {LAST}"] * 2
    made = material(tmp_path, templates=(REPLY,), cases=_replies(*texts))  # type: ignore[arg-type]

    section = edited_section(made)

    (told,) = section.findings[0].facts["sentences"]
    assert told["instead"] == {RIGHT: 11}
    assert "Brandt" not in str(report_json(CorpusReport(facts={}, sections=(section,))))


def test_how_many_got_a_wording_of_fewer_than_ten_agents_is_not_told(tmp_path: Path) -> None:
    other = "Die Erstattung dauert in der Regel drei Tage ab heute."
    texts = [f"{KEPT} {other} {LAST}"] * 12 + [f"{KEPT} {RIGHT} {LAST}"] * 9
    made = material(tmp_path, templates=(REPLY,), cases=_replies(*texts))  # type: ignore[arg-type]

    (told,) = edited_section(made).findings[0].facts["sentences"]

    assert told["instead"] == {other: 12, RIGHT: None}


def test_nothing_is_told_of_a_template_that_fewer_than_ten_agents_sent(tmp_path: Path) -> None:
    replies = _replies(*[f"{KEPT} {RIGHT} {LAST}"] * 30, agents=9)
    made = material(tmp_path, templates=(REPLY,), cases=replies)  # type: ignore[arg-type]

    section = edited_section(made)

    assert section.findings == ()
    assert "in 30 of them the text was recognised" in section.notes[0]
    assert section.notes[1].startswith("Held back: 1 template that fewer than 10 agents sent")


def test_agents_of_different_quarters_are_not_added_up(tmp_path: Path) -> None:
    replies = [
        sent(f"c{number:02}", f"{KEPT} {RIGHT} {LAST}", "t", agent=f"a-{number}", days=10 if number % 2 else 100)
        for number in range(18)
    ]
    made = material(tmp_path, templates=(REPLY,), cases=replies)

    assert edited_section(made).findings == ()


def test_nothing_is_told_where_cases_do_not_say_who_solved_them(tmp_path: Path) -> None:
    replies = [sent(f"c{number:02}", f"{KEPT} {RIGHT} {LAST}", "t") for number in range(30)]
    made = material(tmp_path, templates=(REPLY,), cases=replies)

    assert edited_section(made).findings == ()


def test_messages_in_the_agents_own_words_say_nothing_about_the_template(tmp_path: Path) -> None:
    made = material(tmp_path, templates=(REPLY,), cases=_replies(*["Das Geld ist schon unterwegs zu Ihnen."] * 12))  # type: ignore[arg-type]

    section = edited_section(made)

    assert section.findings == ()
    assert "in 0 of them the text was recognised" in section.notes[0]


def test_what_stands_on_a_condition_may_be_left_out(tmp_path: Path) -> None:
    conditional = template("t", "Erstattung", f"{KEPT} {{% if case.late %}}{WRONG}{{% endif %}}")
    made = material(tmp_path, templates=(conditional,), cases=_replies(*[KEPT] * 12))  # type: ignore[arg-type]

    assert edited_section(made).findings == ()
