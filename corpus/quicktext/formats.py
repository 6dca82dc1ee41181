"""Dates and amounts as a letter writes them, in German and in English.

What cannot be read as a date or an amount is given back as it came: a wrong figure would be worse than a plain one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from types import MappingProxyType

DEFAULT_CURRENCY = "EUR"
_MONTHS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
           "Dezember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
})  # fmt: skip
_SIGNS: Mapping[str, str] = MappingProxyType({"EUR": "€", "USD": "$", "GBP": "£"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


def date_long(value: object, language: str) -> str | None:
    """Return a date in words, or ``None`` for what is no date (``YYYY-MM-DD``, with or without a time).

    >>> date_long("2026-05-04", "de"), date_long("2026-05-04T10:30:00+02:00", "en"), date_long("bald", "de")
    ('4. Mai 2026', '4 May 2026', None)
    """
    day = _moment(value)
    if day is None:
        return None
    month = _MONTHS[_known(language)][day.month - 1]
    return f"{day.day}. {month} {day.year}" if _known(language) == "de" else f"{day.day} {month} {day.year}"


def date_short(value: object, language: str) -> str | None:
    """Return a date in digits: ``04.05.2026``, in English ``04/05/2026`` (day first); ``None`` for what is no date."""
    day = _moment(value)
    if day is None:
        return None
    return f"{day:%d.%m.%Y}" if _known(language) == "de" else f"{day:%d/%m/%Y}"


def date_time(value: object, language: str) -> str | None:
    """Return a moment as it was given, in its own zone; a date without time is written as ``date_long`` does.

    >>> date_time("2026-05-04T10:30:00+02:00", "de"), date_time("2026-05-04T10:30:00Z", "en")
    ('4. Mai 2026, 10:30 Uhr', '4 May 2026, 10:30')
    """
    moment, day = _moment(value), date_long(value, language)
    if not isinstance(moment, datetime):
        return day
    return f"{day}, {moment:%H:%M} Uhr" if _known(language) == "de" else f"{day}, {moment:%H:%M}"


def amount(value: object, language: str, currency: object = DEFAULT_CURRENCY) -> str | None:
    """Return an amount of money with two decimals, rounded half up; ``None`` for what is no number.

    Numbers are read as machines write them, with a point: ``1.234`` could be either in a text with points and commas.

    >>> amount(1234.5, "de"), amount("1234.5", "en"), amount("-0.505", "de", "CHF"), amount("1.234,50", "de")
    ('1.234,50\u00a0€', '€1,234.50', '-0,51\u00a0CHF', None)
    """
    number = _number(value)
    if number is None or not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        return None
    digits = f"{abs(number):,.2f}"
    minus = "-" if number < 0 else ""
    sign = _SIGNS.get(currency, currency)
    if _known(language) == "de":
        return f"{minus}{digits.translate(_SWAPPED)}\N{NO-BREAK SPACE}{sign}"
    return f"{minus}{sign}{digits}" if len(sign) == 1 else f"{minus}{sign}\N{NO-BREAK SPACE}{digits}"


_SWAPPED = str.maketrans(",.", ".,")
FORMATTERS: Mapping[str, Callable[..., str | None]] = MappingProxyType(
    {"date_long": date_long, "date_short": date_short, "date_time": date_time, "amount": amount}
)


def _known(language: str) -> str:
    return language if language in _MONTHS else "en"


def _moment(value: object) -> date | datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value) if _DATE.fullmatch(value) else datetime.fromisoformat(value)
    except ValueError:
        return None


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value)
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return None
