"""How a customer is addressed, as a service professional would write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Address = Literal["sie", "du", "neutral"] | None
Gender = Literal["m", "f"]

_GENDERS: Mapping[str, Gender] = {
    "herr": "m",
    "herrn": "m",
    "hr": "m",
    "mr": "m",
    "mister": "m",
    "frau": "f",
    "fr": "f",
    "mrs": "f",
    "ms": "f",
    "miss": "f",
}
_FORMS: Mapping[str, Mapping[Gender, str]] = {"de": {"m": "Herr", "f": "Frau"}, "en": {"m": "Mr", "f": "Ms"}}
_DEAR: Mapping[str, Mapping[Gender, str]] = {
    "de": {"m": "Sehr geehrter", "f": "Sehr geehrte"},
    "en": {"m": "Dear", "f": "Dear"},
}
# What CRM pick lists hold where nobody chose, or wanted, a form of address: never a word to write to a customer.
_NO_SALUTATION = frozenset({"divers", "keine", "keine angabe", "ohne", "unbekannt", "none", "unknown", "n/a", "-"})


def salutation(raw: str, language: str) -> str:
    """Return a form of address in the language of the letter; ``""`` where the CRM names none.

    >>> salutation("Herrn Dr.", "de"), salutation("Frau", "en"), salutation("Divers", "de")
    ('Herr Dr.', 'Ms', '')
    """
    words = raw.split()
    if not words or " ".join(words).lower() in _NO_SALUTATION:
        return ""
    gender = _gender(words[0])
    forms = _FORMS.get(language)
    if gender is None or forms is None:
        return " ".join(words)
    # "Ms Dr. Weber" is not English: an academic title takes the place of Mr and Ms there.
    if language == "en" and len(words) > 1:
        return " ".join(words[1:])
    return " ".join([forms[gender], *words[1:]])


def full_name(contact: Mapping[str, str]) -> str:
    """Return the name as given, or first and last name; ``""`` unless one of them is known."""
    return contact.get("name") or " ".join(filter(None, (contact.get("first_name"), contact.get("last_name"))))


def greeting(contact: Mapping[str, str], language: str, address: Address) -> str:
    """Return the opening of a letter, without its comma; ``""`` where no name is known or the language is foreign.

    A neutral text tells no gender, whatever the CRM knows.

    >>> greeting({"salutation": "Frau", "last_name": "Yılmaz"}, "de", "sie")
    'Sehr geehrte Frau Yılmaz'
    >>> greeting({"salutation": "Frau", "first_name": "Ayşe", "last_name": "Yılmaz"}, "de", "neutral")
    'Guten Tag Ayşe Yılmaz'
    """
    if address == "du" and contact.get("first_name"):
        return f"{'Hi' if language == 'en' else 'Hallo'} {contact['first_name']}"
    formal = "" if address == "neutral" else _formal(contact, language)
    name = full_name(contact)
    if formal or not name or language not in _FORMS:
        return formal
    return f"{'Dear' if language == 'en' else 'Guten Tag'} {name}"


def opening(contact: Mapping[str, str], language: str, address: Address) -> str:
    """Return how a letter opens before the name; ``""`` in a language that is neither German nor English.

    >>> opening({"salutation": "Herr"}, "de", None), opening({}, "de", None), opening({}, "en", "du")
    ('Sehr geehrter Herr', 'Guten Tag', 'Hi')
    """
    if language not in _FORMS:
        return ""
    if address == "du":
        return "Hi" if language == "en" else "Hallo"
    raw = contact.get("salutation", "")
    gender = _gender(raw.split()[0]) if raw.split() and address != "neutral" else None
    if gender is None:
        return "Dear" if language == "en" else "Guten Tag"
    return f"{_DEAR[language][gender]} {salutation(raw, language)}"


def _formal(contact: Mapping[str, str], language: str) -> str:
    raw, last_name = contact.get("salutation", ""), contact.get("last_name", "")
    gender = _gender(raw.split()[0]) if raw.split() else None
    if gender is None or not last_name or language not in _DEAR:
        return ""
    return f"{_DEAR[language][gender]} {salutation(raw, language)} {last_name}"


def _gender(word: str) -> Gender | None:
    return _GENDERS.get(word.lower().rstrip("."))
