"""A text is found whatever its case, spaces and Unicode form, and where it stands is told in the original."""

from __future__ import annotations

import unicodedata

import pytest

from corpus.folded import occurrences


def found(text: str, wanted: str, *, loose: bool = False) -> list[str]:
    return [text[start:end] for start, end in occurrences(text, wanted, loose=loose)]


@pytest.mark.parametrize(
    ("text", "wanted", "there"),
    [
        ("Die STRASSE hier", "straße", ["STRASSE"]),
        ("eine Straße", "STRASSE", ["Straße"]),
        ("Gebu\u0308hr und Gebühr", "gebühr", ["Gebu\u0308hr", "Gebühr"]),
        ("39,99\u00a0 €", "39,99 €", ["39,99\u00a0 €"]),
        ("in\n\n  zwei Tagen", "in zwei", ["in\n\n  zwei"]),
        ("\ufb01nden", "find", ["\ufb01nd"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("ende", "ende", ["ende"]),
        ("139,995", "39,99", ["39,99"]),
        ("nichts", "etwas", []),
        ("text", "  ", []),
        ("", "x", []),
    ],
)
def test_what_is_found_is_what_stands_there(text: str, wanted: str, there: list[str]) -> None:
    assert found(text, wanted) == there


def test_loosely_a_point_is_a_comma_between_digits_and_marks_of_a_kind_are_the_same() -> None:
    assert found("Preis 39.99.", "39,99", loose=True) == ["39.99"]
    assert found("Preis 39.99", "39,99") == []
    assert found("Ende. 5", "Ende, 5", loose=True) == []
    assert found("„so“ – immer", '"so" - immer', loose=True) == ["„so“ – immer"]


def test_places_are_those_of_the_original_in_any_unicode_form() -> None:
    text = "Äpfel für Größe ﬃ ŉ İstanbul Kündigung"
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        written = unicodedata.normalize(form, text)
        (place,) = occurrences(written, "kündigung")
        assert unicodedata.normalize("NFC", written[slice(*place)]) == "Kündigung"
