"""Words are found, folded and stemmed so that different spellings of one thing meet."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import MAX_TERM, analyzer_for


def terms(text: str, language: str = "de") -> list[str]:
    return [term for token in analyzer_for(language).tokens(text) for term in token.terms]


def wholes(text: str, language: str = "de") -> list[str]:
    return [token.terms[0] for token in analyzer_for(language).tokens(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kündigung", "Kuendigungen"),
        ("Straße", "STRASSE"),
        ("Größe", "groesse"),
        ("Verträge", "Vertrag"),
        ("Ku\u0308ndigung", "Kündigung"),  # u with a combining mark
        ("F-1204", "f1204"),
        ("E-Mail", "Email"),
        ("iPhone-13", "iPhone13"),
        ("Kund:innen", "Kunden"),
        ("Mitarbeiter/-innen", "Mitarbeiter"),
        ("geht's", "geht"),
        ("www.firma.de", "https://firma.de/"),
    ],
)
def test_spellings_of_one_thing_share_their_term(one: str, other: str) -> None:
    assert wholes(one) == wholes(other)
    assert len(wholes(one)) == 1


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("24/7", "24/7"),
        ("5G", "5g"),
        ("§ 13a", "§13a"),
        ("12.03.2024", "12.03.2024"),
        ("1.000,50", "1.000,50"),
        ("C++", "c++"),
        ("max.muster@firma.de", "max.muster@firma.de"),
    ],
)
def test_codes_numbers_and_addresses_stay_whole(text: str, whole: str) -> None:
    assert wholes(f"Frage: {text}, bitte.")[1] == whole


def test_pieces_of_joined_words_are_terms_after_the_whole() -> None:
    [token, number] = analyzer_for("de").tokens("DSL-Fehler 720")

    assert token.terms == ("dslfehl", "dsl", "fehl")
    assert token.words == ("dsl", "fehler")
    assert number.terms == ("720",)


def test_an_address_gives_its_host_and_its_words() -> None:
    assert terms("https://www.firma.de/hilfe/rechnungen?id=1") == ["firma.de", "firma", "hilf", "rechnung"]


def test_the_surface_is_the_word_as_written() -> None:
    surfaces = [token.surface for token in analyzer_for("de").tokens("Ihre Kündigungen, per E-Mail!")]

    assert surfaces == ["Kündigungen", "E-Mail"]


def test_function_words_are_left_out_but_words_of_the_trade_are_not() -> None:
    assert terms("Ich habe eine Frage zu der Rechnung") == ["frag", "rechnung"]
    assert terms("I don't have any questions about the invoices", "en") == ["question", "invoic"]


def test_negations_are_kept() -> None:
    assert "nicht" in terms("Das Gerät geht nicht")
    assert "not" in terms("It is not working", "en")


def test_two_words_without_a_space_after_the_full_stop_are_two_words() -> None:
    assert wholes("Rechnung.Vertrag und/oder Nr.5") == ["rechnung", "vertrag", "nr", "5"]


def test_language_codes_are_compared_by_their_primary_subtag() -> None:
    assert wholes("Kündigungen", "de-AT") == wholes("Kündigungen", "de")
    assert wholes("Kündigungen", "fr") == ["kuendigungen"]


def test_words_without_end_are_cut() -> None:
    assert max(map(len, terms("x" * 10_000 + " ä" * 10 + " F-" + "1" * 1_000))) == MAX_TERM


@pytest.mark.parametrize(
    "hostile",
    ["a" * 1_000_000, "a." * 300_000, "e" + "\u0301" * 300_000, "a@" * 300_000, "a-" * 300_000, "§" * 500_000],
)
def test_hostile_texts_take_linear_time(hostile: str) -> None:
    started = time.process_time()
    analyzer_for("de").tokens(hostile)

    assert time.process_time() - started < 5  # a quadratic scan would take minutes


@given(st.text(max_size=200))
def test_any_text_is_taken_and_no_term_is_empty(text: str) -> None:
    for language in ("de", "en", "und"):
        for token in analyzer_for(language).tokens(text):
            assert token.surface
            assert all(term and len(term) <= MAX_TERM + 1 for term in token.terms)


def test_lone_surrogates_are_no_words() -> None:
    assert terms("Rechnung \ud800 https://a\udfff.de") == ["rechnung", "a\udfff.de"]


def test_threads_share_an_analyzer() -> None:
    analyzer = analyzer_for("de")
    words = [f"Kündigungsbestätigungen{n} Rechnungen{n}" for n in range(200)]
    expected = [analyzer_for("de").tokens(text) for text in words]

    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: [analyzer.tokens(text) for text in words], range(16)):
            assert found == expected
