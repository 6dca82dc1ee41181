"""Personal data is masked in whatever way customers write it; what helps to find an answer stays."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.privacy.judged_sentences import read_sentences
from corpus.privacy.marks import without_marks
from corpus.privacy.masker import mask, personal_data
from corpus.text import normalise

PERSONAL = {
    "Mail an helmut.brandt@posteo.example bitte": "Mail an [E-Mail] bitte",
    "an brandt (at) posteo [dot] example": "an [E-Mail]",
    "Rückruf: 0171 2345678.": "Rückruf: [Telefon].",
    "aus Österreich +43 660 1234567, abends": "aus Österreich [Telefon], abends",
    "Tel. 99 88 77": "Tel. [Telefon]",
    "Konto DE89 3704 0044 0532 0130 00 ist neu": "Konto [IBAN] ist neu",
    "an NL91ABNA0417164300.": "an [IBAN].",
    "IBAN DE89 3704 0044 0532 0130 01 (vertippt)": "IBAN [IBAN] (vertippt)",
    "Karte 4111 1111 1111 1111 sperren": "Karte [Kartennummer] sperren",
    "wohne Kirchweg 14, 12345 Niederlohe.": "wohne [Adresse], [Adresse].",
    "in die Straße des 17. Juni 135 gezogen": "in die [Adresse] gezogen",
    "geb. 12.03.1958 in Fulda": "geb. [Geburtsdatum] in Fulda",
    "am 4. Juli 1949 geboren": "am [Geburtsdatum] geboren",
    "Kd.-Nr.: 4711-0815, danke": "Kd.-Nr.: [Nummer], danke",
    "Vertragskonto 2003 4455 67 belastet": "Vertragskonto [Nummer] belastet",
    "Az. II-4 S 1023/25 liegt vor": "Az. [Nummer] liegt vor",
    "Steuer-ID 86 095 742 719": "Steuer-ID [Ausweisnummer]",
    "Frau Szymańska hat angerufen": "Frau [Name] hat angerufen",
    "Mein Name ist Mehmet Yıldırım.": "Mein Name ist [Name].",
    "Mit freundlichen Grüßen\nHelmut Brandt": "Mit freundlichen Grüßen\n[Name]",
    "lg jonas": "lg [Name]",
    "Max Mustermann, Musterstr. 1": "[Name], [Adresse]",
}
HELPFUL = [
    "Fehlercode 0x80070005 und F-1204 im Display",
    "149,99 € statt 49,99 € abgebucht",
    "Rechnung vom 12.03.2025, fällig zum 31.12.",
    "nach § 314 BGB, Art. 15 Abs. 3 DSGVO",
    "FRITZ!Box 7590 AX, Build 22631.3447",
    "zwischen 8.00 und 16.30 Uhr, 0800-1700",
    "in 50667 geht nichts",
    "10000 Schritte, 12345 Kilometer, 11494 MHz",
    "Artikelnummer 10-552-3, Modell WAN28K20/01",
    "IP 192.168.178.1 antwortet nicht",
    "Wo finde ich die Kundennummer?",
    "Liebes Team, viele Grüße aus dem Harz",
    "Herr und Frau müssen unterschreiben",
]


@pytest.mark.parametrize(("written", "masked"), PERSONAL.items())
def test_personal_data_is_replaced_by_a_mark_that_says_what_was_there(written: str, masked: str) -> None:
    assert mask(written) == masked


@pytest.mark.parametrize("text", HELPFUL)
def test_what_helps_to_find_an_answer_stays(text: str) -> None:
    assert mask(text) == text


def test_marks_are_english_in_english_texts() -> None:
    assert mask("Call me: 07700 900123, order no. 302-9912345", language="en") == "Call me: [phone], order no. [number]"


def test_known_names_are_masked_wherever_they_stand_whatever_their_accents_and_endings() -> None:
    text = "Brandts Vertrag, YILMAZ und Yılmaz, aber nicht der Brandtschutz"
    assert (
        mask(text, names=("Helmut Brandt", "Elif Yılmaz"))
        == "[Name] Vertrag, [Name] und [Name], aber nicht der Brandtschutz"
    )


def test_a_name_that_is_a_word_too_is_masked_only_with_a_capital() -> None:
    assert mask("seit lange nicht, sagt Lange", names=("Lange",)) == "seit lange nicht, sagt [Name]"


def test_a_text_to_search_by_has_a_gap_where_marks_were() -> None:
    assert without_marks("wohne [Adresse], [Adresse], Tel. [Telefon]") == "wohne …, Tel. …"


@pytest.mark.parametrize("name", ["german", "english"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_what_was_masked_once_is_masked_no_further(name: str, language: str) -> None:
    for sentence in read_sentences(name):
        once = mask(sentence.text, language=language, names=sentence.names)
        assert mask(once, language=language, names=sentence.names) == once


def test_a_number_behind_one_that_was_masked_keeps_its_meaning() -> None:
    assert mask("Kontonummer [Nummer], BLZ 37040044") == "Kontonummer [Nummer], BLZ 37040044"
    assert mask("Frau Dr. [Name] war da") == "Frau Dr. [Name] war da"


@given(st.text())
def test_places_are_in_order_and_within_the_text(text: str) -> None:
    spans = personal_data(text, ("Ab", "İlse"))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))


@given(st.lists(st.sampled_from([*PERSONAL, *HELPFUL, "\n", "Nr.", "12", "(", "+49", "A."]), max_size=8))
def test_nothing_that_was_masked_is_left_when_texts_are_joined(parts: list[str]) -> None:
    masked = mask(normalise("\n\n".join(parts)))
    assert "posteo" not in masked
    assert "2345678" not in masked
    assert "0532 0130" not in masked
