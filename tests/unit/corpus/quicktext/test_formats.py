"""Dates and amounts as people write them; what is none is never guessed at."""

from __future__ import annotations

import pytest

from corpus.quicktext.formats import amount, date_long, date_short, date_time


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        ("2026-03-01", "de", "1. März 2026"),
        ("2026-03-01", "en", "1 March 2026"),
        ("2026-03-01", "fr", "1 March 2026"),
        ("2026-03-01T23:59:00+02:00", "de", "1. März 2026"),
        ("2026-02-30", "de", None),
        ("01.03.2026", "de", None),
        ("", "de", None),
        (20260301, "de", None),
        (True, "de", None),
    ],
)
def test_a_date_in_words(value, language, text):
    assert date_long(value, language) == text


def test_a_date_in_digits_has_the_day_first():
    assert (date_short("2026-03-04", "de"), date_short("2026-03-04", "en")) == ("04.03.2026", "04/03/2026")
    assert date_short("bald", "de") is None


def test_a_moment_keeps_its_zone_and_a_date_has_no_time():
    assert date_time("2026-03-04T09:05:00-05:00", "en") == "4 March 2026, 09:05"
    assert date_time("2026-03-04", "de") == "4. März 2026"
    assert date_time("x", "de") is None


@pytest.mark.parametrize(
    ("value", "language", "currency", "text"),
    [
        (0, "de", "EUR", "0,00\N{NO-BREAK SPACE}€"),
        (1234567.891, "de", "EUR", "1.234.567,89\N{NO-BREAK SPACE}€"),
        ("1234567.895", "en", "EUR", "€1,234,567.90"),
        (-5, "de", "CHF", "-5,00\N{NO-BREAK SPACE}CHF"),
        (-5, "en", "CHF", "-CHF\N{NO-BREAK SPACE}5.00"),
        ("1.234,50", "de", "EUR", None),
        ("12 Euro", "de", "EUR", None),
        (True, "de", "EUR", None),
        (1e300, "de", "EUR", None),
        (float("nan"), "de", "EUR", None),
        (5, "de", "Taler", None),
        (5, "de", 7, None),
    ],
)
def test_an_amount_has_two_decimals_and_its_currency(value, language, currency, text):
    assert amount(value, language, currency) == text
