"""Postal addresses: street with number, postcode with place, post office boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.privacy.spans import Span
from corpus.privacy.words import Word, Words

_SUFFIXES = (
    "straße", "strasse", "str.", "str", "weg", "gasse", "gässchen", "allee", "platz", "ring", "damm", "ufer",
    "chaussee", "steig", "stieg", "pfad", "kamp", "rain", "graben", "hang", "winkel", "twiete", "promenade", "anger",
    "berg", "feld", "hof", "höhe", "wall", "park", "reihe", "markt", "brücke", "wiese", "wiesen", "siedlung",
    "stiege", "zeile",
)  # fmt: skip
# Words that end like a street and are none.
_NO_STREETS = (
    "arbeitsplatz", "speicherplatz", "steckplatz", "stellplatz", "parkplatz", "sitzplatz", "startplatz",
    "listenplatz", "anhang", "vorhang", "zusammenhang", "umweg", "heimweg", "rückweg", "hinweg", "rechtsweg",
    "postweg", "dienstweg", "monitoring", "engineering", "supermarkt", "baumarkt", "elektromarkt", "bahnhof",
    "flughafen", "eingabefeld", "textfeld", "umfeld", "handlungsfeld", "hering", "lautstärkering", "ohrring",
    "jahrgang", "einstieg", "ausstieg", "aufstieg", "fortbewegungsweg", "baureihe", "testreihe", "datenfeld",
    "spielfeld",
)  # fmt: skip
_BARE = frozenset({*_SUFFIXES, "straßen"})
_ENGLISH = frozenset({
    "street", "st", "road", "rd", "avenue", "ave", "lane", "ln", "drive", "close", "square", "court", "way",
    "gardens", "crescent", "terrace", "place", "boulevard", "blvd",
})  # fmt: skip
_ARTICLES = frozenset({
    "die", "der", "das", "den", "dem", "ihr", "ihre", "ihren", "ihrem", "mein", "meine", "unser", "unsere", "eine",
    "ein", "einen", "jede", "jeder", "diese", "dieser", "auf", "am", "pro", "und", "oder", "kein", "welcher", "in",
})  # fmt: skip
# "Am Hang 5": the preposition belongs to the name, and is then written with a capital.
_OPENINGS = (
    ("Unter", "den"), ("An", "der"), ("An", "den"), ("Auf", "der"), ("Auf", "dem"), ("In", "der"), ("In", "den"),
    ("Hinter", "der"), ("Hinter", "dem"), ("Vor", "dem"), ("Bei", "der"), ("Am",), ("Im",), ("Zum",), ("Zur",),
    ("Beim",), ("Alte",), ("Lange",), ("an", "der"), ("am",), ("im",),
)  # fmt: skip
_LAST_OF_OPENINGS = frozenset(opening[-1] for opening in _OPENINGS)
_NUMBER = re.compile(r"\d{1,4} ?[a-zA-Z]?(?:[-–/+]\d{1,4}[a-zA-Z]?){0,3}$")
_LETTERED = re.compile(r"\d{1,4}[a-zA-Z]$")
_POSTCODE = re.compile(r"(?:D-|DE-)?\d{5}$|(?:A|CH|FL)-\d{4}$")
_SHORT_POSTCODE = re.compile(r"\d{4}$")
_BRITISH = re.compile(r"(?<!\w)(?:[A-Z][a-z]{2,20} ){0,2}[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?!\w)")
_BOX = re.compile(r"(?<!\w)(?:Postfach|P\.? ?O\.? Box) \d[\d ]{0,10}\d")
_OF = re.compile(
    r"[SPARW](?<!\w\w)(?:traße|trasse|tr\.|latz|llee|ing|eg) (?:der|des) (?:\d{1,2}\. )?"
    r"[A-ZÄÖÜ][a-zäöüß]{2,20}(?: [A-ZÄÖÜ][a-zäöüß]{2,20})? \d{1,4}[a-z]?(?!\w)"
)
_NAME = re.compile(r"[A-ZÄÖÜ][a-zäöüéèß][^\W\d_]*(?:[-./][^\W\d_]+){0,3}$")
_COUNTED = frozenset({
    "Euro", "EUR", "Kilometer", "Schritte", "Punkte", "Kunden", "Stück", "Meilen", "Watt", "Mitarbeiter", "Nutzer",
    "Haushalte", "Personen", "Tage", "Stunden", "Cent", "Zeichen", "Dateien", "Einträge", "Artikel", "Meter", "Liter",
    "Uhr", "Mal", "Prozent", "Jahre", "Leute", "Grad", "MB", "GB", "TB", "KWh", "Franken", "Dollar", "Pfund",
    "Aktien", "Zählerstand", "Minuten", "Monate", "Wochen", "Meldungen", "Fehler", "Geräte", "Lizenzen", "Plätze",
})  # fmt: skip
_BEHIND_PLACES = re.compile(
    r" (?:am|an der|im|in der|i\.|a\.|a\. ?d\.|ob der|bei|v\. ?d\.) ?"
    r"(?:Main|Rhein|Oder|Donau|Neckar|Inn|Lech|Weser|Elbe|Saale|Havel|Spree|Allgäu|Breisgau|Taunus|Odenwald|Ruhr|Leine|Lahn|Isar|Aller|Harz|Schwarzwald|Erzgebirge|Tauber"
    r"|Fils|Brenz|Wald|See)(?!\w)"
)
_BEFORE_PLACES = frozenset({"Bad", "Sankt", "St", "Neu", "Alt", "Markt", "Burg"})
_NEARBY = 40


def addresses(text: str, words: Words) -> Iterator[Span]:
    """Yield streets with a number, postcodes with a place, and post office boxes."""
    if "Postfach" in text or "Box" in text:
        yield from (Span(*found.span(), "address") for found in _BOX.finditer(text))
    yield from (Span(*found.span(), "address") for found in _OF.finditer(text))
    reached = -_NEARBY
    for position in words.with_digits():
        word = words[position]
        found = _street(words, position) or _english(words, position)
        found = found or _place(text, words, position, after_street=word.start - reached < _NEARBY)
        if found is not None:
            reached = found.end
            yield found
            yield from (
                Span(found.end + each.start(), found.end + each.end(), "address")
                for each in _BRITISH.finditer(text[found.end : found.end + _NEARBY])
            )


def _street(words: Words, position: int) -> Span | None:
    number = words[position]
    if not _NUMBER.match(number.core) or position == 0 or _counts(words, position):
        return None
    first = _named_street(words, position - 1)
    if first is None:
        first = _opened_street(words, position)
    return None if first is None else Span(words[first].start, number.end, "address")


def _counts(words: Words, position: int) -> bool:
    number = words[position]
    follows = position + 1 < len(words) and not number.ends_phrase
    return follows and words[position + 1].core in _COUNTED


def _named_street(words: Words, position: int) -> int | None:
    """Return the first word of a street whose last word says that it is one; ``None`` for another word."""
    word = words[position]
    name = word.core.lower()
    abbreviated = name.endswith("str") and word.ends_phrase
    if (word.ends_phrase and not abbreviated) or not name.endswith(_SUFFIXES) or name.endswith(_NO_STREETS):
        return None
    if name not in _BARE:
        opening = _opening(words, position)
        first = position if opening is None or words[opening].core[0].islower() else opening
        return first if word.core[0].isupper() and len(name) > _least(name) else None
    before = words[position - 1] if position else None
    if before is None or before.ends_phrase or before.letters in _ARTICLES or not before.core[:1].isupper():
        return None
    opening = _opening(words, position - 1)
    return position - 1 if opening is None else opening


def _least(name: str) -> int:
    return 1 + min(len(suffix) for suffix in _SUFFIXES if name.endswith(suffix))


def _opened_street(words: Words, position: int) -> int | None:
    """Return the first word of ``Am Hang 5``: a capital in a sentence, a letter at the number, a place behind."""
    name = words[position - 1]
    if name.ends_phrase or not _NAME.match(name.core) or position < 2:
        return None
    first = _opening(words, position - 1)
    if first is None:
        return None
    within = first > 0 and not words[first - 1].ends_phrase and words[first].core[0].isupper()
    within = within or (first > 0 and words[first - 1].core.lower().startswith(("adresse", "anschrift", "stra")))
    placed = position + 1 < len(words) and _POSTCODE.match(words[position + 1].core) is not None
    return first if within or placed or _LETTERED.match(words[position].core) else None


def _opening(words: Words, name: int) -> int | None:
    """Return where an opening such as ``Unter den`` begins right before the word ``name``."""
    if name == 0 or words[name - 1].core not in _LAST_OF_OPENINGS:
        return None
    for opening in _OPENINGS:
        first = name - len(opening)
        if first >= 0 and tuple(words[at].core for at in range(first, name)) == opening:
            return first
    return None


def _english(words: Words, position: int) -> Span | None:
    """Return ``221 Baker Street``, or ``14 Kirchweg`` as English puts it."""
    number = words[position]
    if not words.text[number.end + 1 : number.end + 2].isupper() or not _NUMBER.match(number.core):
        return None
    for last in range(position + 1, min(position + 4, len(words))):
        word = words[last]
        if not word.core[:1].isupper():
            return None
        if word.letters in _ENGLISH and last > position + 1:
            return Span(number.start, word.end, "address")
        if word.ends_phrase:
            street = _named_street_alone(word) and last == position + 1
            return Span(number.start, word.end, "address") if street else None
    return None


def _named_street_alone(word: Word) -> bool:
    name = word.core.lower()
    return name not in _BARE and name.endswith(_SUFFIXES[:6]) and not name.endswith(_NO_STREETS)


def _place(text: str, words: Words, position: int, *, after_street: bool) -> Span | None:
    code = words[position]
    is_code = _POSTCODE.match(code.core) or (after_street and _SHORT_POSTCODE.match(code.core))
    if not is_code or code.core.endswith("000") or code.ends_phrase or position + 1 == len(words):
        return None
    last = position + 1
    if words[last].core in _BEFORE_PLACES and last + 1 < len(words) and _NAME.match(words[last + 1].core):
        last += 1
    place = words[last]
    if not _NAME.match(place.core) or place.core in _COUNTED:
        return None
    behind = None if place.ends_phrase else _BEHIND_PLACES.match(text, place.end)
    return Span(code.start, behind.end() if behind else place.end, "address")
