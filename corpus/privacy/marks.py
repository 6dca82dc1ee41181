"""The marks that stand where personal data was: for people to read, and left out where a text is searched by.

People see what was there (``[Telefon]``). A search must not: "[Telefon]" would find articles about telephones for
every customer who gives his number. So search texts hold "…" instead, as they do wherever a text was shortened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from corpus.privacy.spans import PersonalKind
from corpus.shorten import GAP

_GERMAN: Mapping[PersonalKind, str] = {
    "email": "[E-Mail]",
    "phone": "[Telefon]",
    "iban": "[IBAN]",
    "card": "[Kartennummer]",
    "address": "[Adresse]",
    "birth_date": "[Geburtsdatum]",
    "reference": "[Nummer]",
    "official_id": "[Ausweisnummer]",
    "name": "[Name]",
}
_ENGLISH: Mapping[PersonalKind, str] = {
    "email": "[email]",
    "phone": "[phone]",
    "iban": "[IBAN]",
    "card": "[card number]",
    "address": "[address]",
    "birth_date": "[date of birth]",
    "reference": "[number]",
    "official_id": "[ID number]",
    "name": "[name]",
}
_EVERY = "|".join(re.escape(mark) for mark in sorted({*_GERMAN.values(), *_ENGLISH.values()}))
_MARKS = re.compile(rf"(?:{_EVERY})(?: ?[,/]? ?(?:{_EVERY}))*")


def mark_of(kind: PersonalKind, language: str) -> str:
    """Return the mark for a kind, German for ``de`` and else English."""
    return (_GERMAN if language == "de" else _ENGLISH)[kind]


def is_mark(text: str) -> bool:
    """Return whether a text is nothing but marks."""
    return _MARKS.fullmatch(text) is not None


def without_marks(text: str) -> str:
    """Return a text to search by: each run of marks is one gap.

    >>> without_marks("Rufen Sie [Telefon] an")
    'Rufen Sie … an'
    """
    return _MARKS.sub(GAP, text) if "[" in text else text
