"""Names of people: those that are known, and those that the text itself calls names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from corpus.privacy.spans import Span
from corpus.signature_patterns import CLOSING

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĻŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŹŻŽ]"
_PART = rf"(?:{_CAPITAL}[a-z]{{0,2}}\.|{_CAPITAL}[\w'’]*(?:-{_CAPITAL}?[\w'’]+){{0,3}})"
_PARTICLE = r"(?:von|van|de|den|der|da|di|zu|zur|vom|el|al|bin|Freiherr|Freifrau|Graf|Gräfin)"
_FULL = rf"(?:{_PARTICLE} ){{0,3}}{_PART}(?: (?:{_PARTICLE} ){{0,3}}{_PART}){{0,3}}"
_TWO_OR_MORE = rf"{_PART} (?:{_PARTICLE} ){{0,3}}{_PART}(?: {_PART}){{0,2}}"
_TITLES = r"(?:(?:Dr|Prof|Dipl|Ing|med|h|c|Mag|DI|PD)\.?(?:-Ing\.)? ?){0,4}"

_HONORIFIC = re.compile(
    rf"(?<!\w)(?<!meine )(?<!deine )(?<!seine )(?<!ihre )(?:Herrn?|Frau|Hr\.|Fr\.|Familie|Fam\.|Mr\.?|Mrs\.?|Ms\.?|Miss)"
    rf" {_TITLES}(?P<name>(?:{_PARTICLE} ){{0,3}}{_PART}(?: {_PART})?)"
)
_STATED = re.compile(
    r"(?<!\w)(?:(?i:mein name ist|ich hei(?:ß|ss)e|heiße|my name is|im namen von|(?:konto|karten|anschluss|vertrags)?inhaber(?:in)?:?(?: ist)?|name ist|"
    r"(?:vor|nach|zu|familien)?name:|ansprechpartner(?:in)?:|absender(?:in)?:|patient(?:in)?:|mitversichert:?|"
    r"versicherte[rn]?:|empfänger(?:in)?:|mandat von|i\. ?[av]\.|gez\.|unterschrift:|name:))"
    rf"\s{{1,2}}{_TITLES}(?P<name>{_FULL})"
)
# These may be followed by anything: only what looks like first and last name counts.
_PRESENTED = re.compile(
    rf"(?<!\w)(?i:hier ist|hier schreibt|hier spricht|ich bin(?: die| der)?|i am|i'm|this is|tragen sie)"
    rf" {_TITLES}(?P<name>{_TWO_OR_MORE})(?= (?:und|aus|als|and|from|hier|ein|as)(?!\w)|[,.]? *\n|, (?:geb|\[|wohn)|\.$)"
)
_LISTED = re.compile(rf"(?:^|[,;\n(] ?)Name:? (?P<name>{_FULL})(?=[,;\n]|$)")
_ADDRESSED = re.compile(
    rf"(?:^|\n)(?:Hallo|Hi|Hey|Moin|Liebe[rs]?|Dear|Hello|Servus) (?P<name>{_PART}(?: {_PART})?)(?= ?[,!\n])"
)
_BEFORE_DATA = re.compile(_TWO_OR_MORE)
_BORN_AT_END = re.compile(r"[ ,](?:geb\.?|geboren|wohnhaft)(?: am| in)?$", re.IGNORECASE)
_PHRASE_END = re.compile(r"[\n,;:.(]")
_LOOKED_BACK = 80
# Looking for these words first is many times faster than trying the patterns everywhere.
_CUES: Mapping[re.Pattern[str], tuple[str, ...]] = MappingProxyType({
    _HONORIFIC: ("herr", "frau", "hr.", "fr.", "fam", "mr", "ms", "miss"),
    _STATED: ("name", "heiß", "heiss", "inhaber", "partner", "absender", "patient", "versichert", "empfänger", "i. ", "i.a",
              "gez.", "unterschrift", "mandat"),
    _PRESENTED: ("hier ist", "hier s", "ich bin", "i am", "i'm", "this is", "tragen sie"),
    _LISTED: ("name",),
    _ADDRESSED: ("hallo", "hi ", "hey", "moin", "liebe", "dear", "hello", "servus"),
})  # fmt: skip
_NO_NAMES = frozenset({
    "zusammen", "team", "support", "kundenservice", "kundendienst", "service", "damen", "herren", "leute", "sir", "madam",
    "kunde", "kundin", "neukunde", "mieter", "mieterin", "rentner", "rentnerin", "student", "besitzer", "inhaber",
    "mitglied", "ihr", "ihre", "sie", "der", "die", "das", "ich", "wir", "es", "bitte", "danke", "und", "holle", "welt",
    "doktor", "all", "customer", "mein", "meine", "unser", "unsere", "firma", "fa", "gmbh", "nutzer", "telekom", "internet", "router", "ich", "kollegen", "freunde", "wie", "was",
    "nach", "von", "bis", "mit", "am", "im", "aus", "ps", "nachtrag", "vielen", "gesendet", "kontakt", "tel", "e-mail", "bye", "goodbye", "grüße", "grüsse", "gruß",
    "gruss", "grüßle", "gott",
    "unfortunately", "it", "it-team", "mitarbeiter", "kasse", "hotline", "redaktion", "praxis", "hausverwaltung", "technik",
})  # fmt: skip

_HINT = re.compile(r"gr[uü]|[mlvbh]\.? ?f?g|dank|regards|best|cheers|thank|hochacht|herzlich|ciao|sincerely|yours", re.I)
_SIGNED = re.compile(
    rf"(?:(?:von|Ihre?|Eure?|Deine?|Dein|Familie|Fam\.|gez\.|i\. ?[AV]\.|Dr\.|Prof\.|med\.|Dipl\.-Ing\.) ?){{0,4}}"
    rf"(?P<name>{_FULL}(?: (?:und|u\.|&|and|\+) {_FULL})?)[ .,!]*$"
)
_LOWER = re.compile(r"[a-zäöüß]{3,12}$")
_SMALL_CLOSING = re.compile(r"(?:mfg|lg|vg|gru(?:ß|ss)|grüße)$", re.IGNORECASE)
_ONLY_PLACE = re.compile(rf"[,!. ]*(?:aus (?:dem |der )?{_PART})?[,!. ]*(?:Ihre?|Eure?|Deine?)?[,!. ]*$")
_LONGEST_CLOSING = 80
_AND = re.compile(r" (?:und|u\.|&|and|\+) ")

# Every letter with its base in lower case, one character for one, so that places in the text stay the same.
_FOLDED = str.maketrans({
    chr(code): base
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if (base := unicodedata.normalize("NFD", chr(code))[0].lower()).isascii()
} | {"ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d"})  # fmt: skip
_SHORTEST = 2


def known_names(text: str, names: Iterable[str]) -> Iterator[Span]:
    """Yield where one of the names stands, with a capital, whatever its accents, also inflected (``Brandts``)."""
    parts = {part for name in names for part in re.split(r"[\s,;]+", name) if _is_name_part(part)}
    if not parts:
        return
    every = "|".join(re.escape(part.translate(_FOLDED)) for part in sorted(parts, key=lambda part: (-len(part), part)))
    pattern = re.compile(rf"(?<!\w)(?:{every})(?:['’]?s|['’])?(?!\w)")
    for found in pattern.finditer(text.translate(_FOLDED)):
        if text[found.start()].isupper():
            yield Span(*found.span(), "name")


def told_names(text: str) -> Iterator[Span]:
    """Yield names that the text says are names: ``Frau …``, ``mein Name ist …``, greetings and signatures."""
    lower = text.lower()
    for pattern, cues in _CUES.items():
        for found in pattern.finditer(text) if any(cue in lower for cue in cues) else ():
            span = Span(*found.span("name"), "name")
            if not _is_common(found["name"]):
                yield span
    yield from _signatures(text)


def name_before(text: str, span: Span) -> Span | None:
    """Return the name that stands right before an address or a date of birth: ``Max Mustermann, Musterstr. 1``."""
    begin = max(0, span.start - _LOOKED_BACK)
    before = text[begin : span.start].rstrip(" ,\n*")
    before = _BORN_AT_END.sub("", before).rstrip(" ,\n")
    name = _PHRASE_END.split(before)[-1].strip()
    if not _BEFORE_DATA.fullmatch(name) or _is_common(name):
        return None
    start = begin + before.rindex(name)
    return Span(start, start + len(name), "name")


def _signatures(text: str) -> Iterator[Span]:
    position = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if len(line) <= _LONGEST_CLOSING and _HINT.search(line):
            yield from _signed(line, position, lines[number + 1 : number + 4])
        position += len(line) + 1


def _signed(line: str, position: int, following: list[str]) -> Iterator[Span]:
    closing = CLOSING.match(line.strip())
    if closing is None:
        return
    indent = len(line) - len(line.lstrip())
    rest = closing["rest"]
    at = position + indent + closing.start("rest")
    if not _ONLY_PLACE.match(rest):
        yield from _signers(rest, at, alone=_SMALL_CLOSING.match(closing["formula"]) is not None)
        return
    at = position + len(line) + 1
    for signature in following:
        if signature.strip():
            yield from _signers(signature, at, alone=_SMALL_CLOSING.match(closing["formula"]) is not None)
            return
        at += len(signature) + 1


def _signers(line: str, position: int, *, alone: bool) -> Iterator[Span]:
    """Yield the names on a line that is a signature; ``alone`` is whether a lone small word can be one."""
    begin = len(line) - len(line.lstrip(" ,.!-–"))  # noqa: RUF001 - a dash as people type it
    stripped = line[begin:].rstrip()
    found = _SIGNED.match(stripped)
    if found is None:
        if alone and _LOWER.match(stripped) and stripped not in _NO_NAMES:
            yield Span(position + begin, position + begin + len(stripped), "name")
        return
    if _is_common(found["name"]):
        return
    at = position + begin + found.start("name")
    for part in _AND.split(found["name"]):
        start = found["name"].index(part)
        yield Span(at + start, at + start + len(part), "name")


def _is_common(name: str) -> bool:
    first, last = name.split()[0], name.split()[-1]
    return first.rstrip(".,").lower() in _NO_NAMES or last.rstrip(".,").lower() in _NO_NAMES


def _is_name_part(part: str) -> bool:
    return len(part.strip(".")) >= _SHORTEST and part[:1].isalpha() and part.lower() not in _NO_NAMES
