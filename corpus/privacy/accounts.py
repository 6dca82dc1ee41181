"""Bank accounts (IBAN, ISO 13616) and payment cards (ISO/IEC 7812)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from corpus.privacy.spans import Span

# Characters of an IBAN by country, from the registry of ISO 13616; the countries customers of the region bank in.
_LENGTHS: Mapping[str, int] = {
    **dict.fromkeys(("NO",), 15), "BE": 16, "DK": 18, "FI": 18, "NL": 18, "SI": 19, "MK": 19,
    "AT": 20, "BA": 20, "EE": 20, "LT": 20, "LU": 20, "XK": 20, "CH": 21, "HR": 21, "LI": 21, "LV": 21,
    "BG": 22, "DE": 22, "GB": 22, "GE": 22, "IE": 22, "ME": 22, "RS": 22, "AE": 23, "GI": 23, "IL": 23,
    "AD": 24, "CZ": 24, "ES": 24, "MD": 24, "RO": 24, "SA": 24, "SE": 24, "SK": 24, "PT": 25, "IS": 26, "TR": 26,
    "FR": 27, "GR": 27, "IT": 27, "MC": 27, "SM": 27, "AL": 28, "CY": 28, "HU": 28, "PL": 28, "UA": 29, "MT": 31,
}  # fmt: skip
# Where an account number is nothing but digits, its length alone tells it: people mistype check digits.
_ONLY_DIGITS = frozenset({"DE", "AT", "BE", "ES", "PL"})
# Found by its first digit: far fewer places to look at than letters.
_START = re.compile(r"\d(?:(?<=[A-Za-z]{2}\d)|(?<=[A-Za-z]{2} \d))\d(?=[ \n-]?[A-Za-z0-9])")
_CARD = re.compile(r"[2-6](?<![\w.,-]\d)\d{3}(?:[ -]?\d){9,15}(?![\w-]|[.,]\d)")
_SHORT_CARD = 13


def ibans(text: str) -> Iterator[Span]:
    """Yield account numbers with right check digits, and those of countries where the length alone tells them."""
    for found in _START.finditer(text):
        start = found.start() - (3 if text[found.start() - 1] == " " else 2)
        country = text[start : start + 2].upper()
        end = _end_of(text, start, _LENGTHS.get(country, 0))
        if end is not None:
            number = "".join(filter(str.isalnum, text[start:end])).upper()
            if _checks(number) or (country in _ONLY_DIGITS and number[2:].isdecimal()):
                yield Span(start, end, "iban")


def cards(text: str) -> Iterator[Span]:
    """Yield card numbers of 14 to 19 digits with a right check digit."""
    for found in _CARD.finditer(text):
        digits = "".join(filter(str.isdecimal, found.group()))
        if len(digits) > _SHORT_CARD and luhn(digits):
            yield Span(*found.span(), "card")


def labelled_card(text: str, start: int) -> Span | None:
    """Return the number of 13 to 19 digits that begins at ``start``, behind a word such as ``Visa``."""
    found = _CARD.match(text, start)
    return None if found is None else Span(*found.span(), "card")


def luhn(digits: str) -> bool:
    """Return whether the last digit checks the others (ISO/IEC 7812-1, annex B).

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _end_of(text: str, start: int, length: int) -> int | None:
    """Return where ``length`` letters and digits end that are parted by single spaces, breaks or hyphens at most."""
    if length == 0 or text[max(0, start - 1) : start].isalnum():
        return None
    count, position, parted = 0, start, False
    while count < length and position < len(text):
        character = text[position]
        if character.isascii() and character.isalnum():
            count, parted = count + 1, False
        elif character in " \n-" and not parted:
            parted = True
        else:
            return None
        position += 1
    ended = position == len(text) or not text[position].isalnum()
    return position if count == length and ended else None


def _checks(number: str) -> bool:
    moved = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
