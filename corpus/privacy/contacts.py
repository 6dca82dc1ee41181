"""E-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from corpus.privacy.spans import Span

_LABEL = r"[^\W_](?:[\w-]{0,62}[^\W_])?"
_LOCAL = r"[\w.+'’-]{1,64}"
_EMAIL = re.compile(rf"(?<![\w.+'’-]){_LOCAL}@{_LABEL}(?:\.{_LABEL}){{1,5}}")
_AT = r" ?[\[({](?:at|ät|@)[\])}] ?"
_BRACKETED_AT = re.compile(r"[\[({](?:at|ät|@)[\])}]", re.IGNORECASE)
_DOT = r"(?:\.| ?[\[({](?:dot|punkt|\.)[\])}] ?)"
_SPELT = re.compile(rf"(?<![\w.+'’-]){_LOCAL}{_AT}{_LABEL}(?:{_DOT}{_LABEL}){{1,5}}", re.IGNORECASE)
_SPOKEN = re.compile(
    rf"(?:e-?mail|mail|address|adresse)(?: is| ist| lautet)?:? (?P<address>{_LOCAL} at {_LABEL}(?:\.{_LABEL}){{1,4}})",
    re.IGNORECASE,
)

_SEPARATED = r"(?:[ ()/.\-–‑]{0,3}\d)"
# Begins at +, ( or 0, found without looking at anything else.
_PHONE = re.compile(
    r"[+(0](?<![\w.,/:+-][+(0])"
    r"(?:(?<=\+) ?\(?[1-9]|(?<=\()\+ ?[1-9]|(?<=0)0 ?[1-9]"
    r"|(?<=\()00 ?[1-9]|(?<=0)[ )(]{0,2}[1-9]|(?<=\()0[ )]{0,2}[1-9])"
    rf"{_SEPARATED}{{5,14}}(?!\d|,\d)"
)
_AMERICAN = re.compile(r"[(\d](?<![\w.,/:+-][(\d])(?:(?<=\()\d{3}\) ?|\d{2}-)\d{3}-\d{4}(?![\w-])")
_LABELLED = re.compile(rf"[+(]{{0,2}}\d{_SEPARATED}{{4,14}}(?!\d|,\d)")
_NO_PHONE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?!\d)|\d{4}-\d{4}$|0?\d{1,2}\.\d{2} ?[-–]|0{3}|00?[ .]0"
)
_GROUP_END = re.compile(r"\d(?=\D)")
_MOBILE = re.compile(r"(?:0|\+49|0049)1[5-7]\d{8,9}")
_NO_DIGIT = re.compile(r"[^\d+]")
_REGIONS = ("DE", "AT", "CH", "GB")


def emails(text: str) -> Iterator[Span]:
    """Yield e-mail addresses, also spelt as ``name (at) provider [dot] de``."""
    if "@" in text:
        yield from (Span(*found.span(), "email") for found in _EMAIL.finditer(text))
    if _BRACKETED_AT.search(text):
        yield from (Span(*found.span(), "email") for found in _SPELT.finditer(text))
    if " at " in text:
        yield from (Span(*found.span("address"), "email") for found in _SPOKEN.finditer(text))


def phones(text: str) -> Iterator[Span]:
    """Yield numbers that could be dialled in Germany, Austria, Switzerland or Britain, or with a country code."""
    if "0" in text or "+" in text:
        for found in _PHONE.finditer(text):
            span = _dialled(found)
            if span is not None:
                yield span
    yield from (Span(*found.span(), "phone") for found in _AMERICAN.finditer(text))


def labelled_phone(text: str, start: int) -> Span | None:
    """Return the number of at least five digits that begins at ``start``, behind a word such as ``Tel.``."""
    while start and text[start - 1] in "+(":
        start -= 1
    found = _LABELLED.match(text, start)
    return None if found is None or _NO_PHONE.match(found.group()) else Span(*found.span(), "phone")


def _dialled(found: re.Match[str]) -> Span | None:
    """Return the longest beginning of a match, cut between groups, that is a number in use somewhere."""
    raw = found.group()
    if _NO_PHONE.match(raw):
        return None
    ends = [len(raw), *(each.end() for each in reversed(list(_GROUP_END.finditer(raw))))]
    for end in ends:
        if _is_valid(raw[:end]):
            return Span(found.start(), found.start() + end, "phone")
    return None


def _is_valid(number: str) -> bool:
    if _MOBILE.fullmatch(_NO_DIGIT.sub("", number)):
        return True  # the commonest, told without asking the library
    for region in _REGIONS:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(number, region)):
                return True
        except phonenumbers.NumberParseException:
            return False
        if number.lstrip("( ").startswith(("+", "00")):
            return False
    return False
