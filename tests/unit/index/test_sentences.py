"""Sentences end where a German or English reader says they do."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentences


@pytest.mark.parametrize(
    "whole",
    [
        "Das gilt z. B. für Nr. 5 und z.B. Abs. 2.",
        "Sie erhalten bzw. bekommen ca. 20 Euro inkl. Versand, d. h. alles.",
        "Am 3. Mai erreichen Sie Frau Dr. Müller unter Tel. 0800 123.",
        "Laut § 13 Abs. 2 BGB i. V. m. Art. 5 gilt das.",
        "Version 2.0.1 steht unter www.firma.de bereit.",
        "Das kostet max. 1.000,50 Euro usw. und so fort.",
        "Ask Mr. Smith, e.g. by phone, approx. 5 minutes.",
        "ohne jedes Satzzeichen",
    ],
)
def test_abbreviations_ordinals_and_numbers_end_no_sentence(whole: str) -> None:
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das gilt für Nr. 5. Danke!", ["Das gilt für Nr. 5.", "Danke!"]),
        ("Das ist so. Danach nicht mehr.", ["Das ist so.", "Danach nicht mehr."]),
        ("Seit 2024. Vorher nicht.", ["Seit 2024.", "Vorher nicht."]),
        ("Geht das? Ja! Wirklich?! Gut…  Bis dann.", ["Geht das?", "Ja!", "Wirklich?!", "Gut…", "Bis dann."]),
        ("Er sagte: „Nein.“ Dann ging er.", ["Er sagte: „Nein.“", "Dann ging er."]),
        ("Hefte, Stifte usw. Danach mehr.", ["Hefte, Stifte usw.", "Danach mehr."]),
        (
            "Überschrift\n\nErster Satz\nin zwei Zeilen. Zweiter.",
            ["Überschrift", "Erster Satz in zwei Zeilen.", "Zweiter."],
        ),
        ("", []),
        (" \n \n ", []),
    ],
)
def test_sentences_end_at_marks_and_blank_lines(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="aZ5 .!?…\n„“)ß", max_size=80))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("hostile", ["." * 500_000 + " A", "a. " * 200_000, "a" * 1_000_000, "\n " * 300_000])
def test_hostile_texts_take_linear_time(hostile: str) -> None:
    started = time.process_time()
    sentences(hostile)

    assert time.process_time() - started < 5
