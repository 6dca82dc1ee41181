"""Amounts, periods, percentages, telephone numbers and dates in a sentence, German or English, made comparable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.privacy.contacts import phones

FigureKind = Literal["amount", "period", "percentage", "phone", "date"]

_NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_CURRENCY = r"€|EUR\b|Euro\b|CHF\b|Franken\b|£|GBP\b|\$|USD\b|Cent\b|ct\b"
_AMOUNT = re.compile(
    rf"(?:(?P<before>[€£$]|EUR|CHF) ?(?P<first>{_NUMBER})"
    rf"|(?<![\d.,])(?P<second>{_NUMBER})(?:,[-–])? ?(?P<behind>{_CURRENCY}))",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"(?<![\d.,])(?P<number>{_NUMBER}) ?(?:%|Prozent\b|percent\b|per cent\b)", re.IGNORECASE)

_WORDS = (
    ("ein eine einen einem einer eines one", 1),
    ("zwei two", 2),
    ("drei three", 3),
    ("vier four", 4),
    ("fünf five", 5),
    ("sechs six", 6),
    ("sieben seven", 7),
    ("acht eight", 8),
    ("neun nine", 9),
    ("zehn ten", 10),
    ("elf eleven", 11),
    ("zwölf twelve", 12),
    ("vierzehn fourteen", 14),
    ("dreißig thirty", 30),
)
_VALUE_OF = {word: value for words, value in _WORDS for word in words.split()}
_UNITS: tuple[tuple[str, str, int], ...] = (
    (r"stunden?|hours?", "hours", 1),
    (r"(?:werk|arbeits|bank|geschäfts)tag(?:e[ns]?|s)?|(?:working|business|banking) days?", "working days", 1),
    (r"(?:kalender)?tag(?:e[ns]?|s)?|(?:calendar )?days?|tägig\w*", "days", 1),
    (r"wochen?|weeks?|wöchig\w*", "days", 7),
    (r"monat(?:e[ns]?|s)?|months?|monatig\w*", "months", 1),
    (r"jahr(?:e[ns]?|s)?|years?|jährig\w*", "months", 12),
)
_UNIT = "|".join(f"(?P<u{number}>{pattern})" for number, (pattern, _, _) in enumerate(_UNITS))
_PERIOD = re.compile(rf"(?<![\w.,])(?P<number>\d{{1,4}}|{'|'.join(_VALUE_OF)})(?: |-)?(?:{_UNIT})\b", re.IGNORECASE)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar january jänner jan",
            "februar february feb",
            "märz march",
            "april apr",
            "mai may",
            "juni june",
            "juli july",
            "august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "dezember december dez dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = (
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\.? (?P<month>{_MONTH})\.? (?P<year>\d{{4}})(?!\d)", re.IGNORECASE),
    re.compile(
        rf"\b(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})(?!\d)", re.IGNORECASE
    ),
)


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """A figure in a text: where it stands, and its value in a form in which equal ones are equal."""

    start: int
    end: int
    kind: FigureKind
    value: str


def figures_in(text: str) -> list[Figure]:
    """Return the figures of a text in order, without overlaps.

    >>> [figure.value for figure in figures_in("Binnen zwei Wochen zahlen Sie 39,99 €.")]
    ['14 days', '39.99 EUR']
    """
    found: list[Figure] = []
    for find in _FINDERS:
        for figure in find(text):
            if all(figure.end <= other.start or other.end <= figure.start for other in found):
                found.append(figure)
    return sorted(found)


def _dates(text: str) -> Iterator[Figure]:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            month = found["month"].lower()
            number = int(month) if month.isdigit() else _MONTHS[month]
            yield Figure(*found.span(), "date", f"{found['year']}-{number:02}-{int(found['day']):02}")


def _phones(text: str) -> Iterator[Figure]:
    for span in phones(text):
        digits = re.sub(r"\D", "", text[span.start : span.end].replace("(0)", ""))
        national = (
            re.sub(r"^(?:00)?49(?=[1-9])", "0", digits)
            if not digits.startswith("0") or digits.startswith("0049")
            else digits
        )
        yield Figure(span.start, span.end, "phone", national)


def _amounts(text: str) -> Iterator[Figure]:
    for found in _AMOUNT.finditer(text):
        number = number_of(found["first"] or found["second"])
        unit = (found["before"] or found["behind"]).upper()
        if unit in ("CENT", "CT"):
            number, unit = number / 100, "EUR"
        unit = {"€": "EUR", "EURO": "EUR", "FRANKEN": "CHF", "£": "GBP", "$": "USD"}.get(unit, unit)
        yield Figure(*found.span(), "amount", f"{number:.2f} {unit}")


def _percentages(text: str) -> Iterator[Figure]:
    for found in _PERCENT.finditer(text):
        yield Figure(*found.span(), "percentage", f"{number_of(found['number']):g} %")


def _periods(text: str) -> Iterator[Figure]:
    for found in _PERIOD.finditer(text):
        word = found["number"].lower()
        value = int(word) if word.isdigit() else _VALUE_OF[word]
        number = next(number for number in range(len(_UNITS)) if found[f"u{number}"])
        _, unit, times = _UNITS[number]
        yield Figure(*found.span(), "period", f"{value * times} {unit}")


_FINDERS: tuple[Callable[[str], Iterator[Figure]], ...] = (_dates, _phones, _amounts, _percentages, _periods)


def number_of(text: str) -> float:
    """Return a number written the German or the English way: what stands before one or two last digits is the point.

    >>> number_of("1.200,50"), number_of("1,200.50"), number_of("1.200")
    (1200.5, 1200.5, 1200.0)
    """
    whole, point = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", text).groups()  # type: ignore[union-attr]
    return float(f"{re.sub(r'[^0-9]', '', whole)}.{point or 0}")
