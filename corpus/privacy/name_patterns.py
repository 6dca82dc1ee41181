"""The words and shapes by which names of people are told, German and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĻŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŹŻŽ]"
_PART = rf"(?:{_CAPITAL}[a-z]{{0,2}}\.|{_CAPITAL}[\w'’]*(?:-{_CAPITAL}?[\w'’]+){{0,3}})"
_PARTICLE = r"(?:von|van|de|den|der|da|di|zu|zur|vom|el|al|bin|Freiherr|Freifrau|Graf|Gräfin)"
_FULL = rf"(?:{_PARTICLE} ){{0,3}}{_PART}(?: (?:{_PARTICLE} ){{0,3}}{_PART}){{0,3}}"
_TWO_OR_MORE = rf"{_PART} (?:{_PARTICLE} ){{0,3}}{_PART}(?: {_PART}){{0,2}}"
_TITLES = r"(?:(?:Dr|Prof|Dipl|Ing|med|h|c|Mag|DI|PD)\.?(?:-Ing\.)? ?){0,4}"

HONORIFIC = re.compile(
    rf"(?<!\w)(?<!meine )(?<!deine )(?<!seine )(?<!ihre )"
    r"(?:Herrn?|Frau|Hr\.|Fr\.|Familie|Fam\.|Mr\.?|Mrs\.?|Ms\.?|Miss)"
    rf" {_TITLES}(?P<name>(?:{_PARTICLE} ){{0,3}}{_PART}(?: {_PART})?)"
)
STATED = re.compile(
    r"(?<!\w)(?:(?i:mein name ist|ich hei(?:ß|ss)e|heiße|my name is|im namen von|name ist|mandat von|i\. ?[av]\.|gez\.|"
    r"(?:konto|karten|anschluss|vertrags)?inhaber(?:in)?:?(?: ist)?|(?:vor|nach|zu|familien)?name:|unterschrift:|"
    r"ansprechpartner(?:in)?:|absender(?:in)?:|patient(?:in)?:|mitversichert:?|versicherte[rn]?:|empfänger(?:in)?:))"
    rf"\s{{1,2}}{_TITLES}(?P<name>{_FULL})"
)
# These may be followed by anything: only what looks like first and last name counts.
PRESENTED = re.compile(
    rf"(?<!\w)(?i:hier ist|hier schreibt|hier spricht|ich bin(?: die| der)?|i am|i'm|this is|tragen sie)"
    rf" {_TITLES}(?P<name>{_TWO_OR_MORE})"
    r"(?= (?:und|aus|als|and|from|hier|ein|as)(?!\w)|[,.]? *\n|, (?:geb|\[|wohn)|\.$)"
)
LISTED = re.compile(rf"(?:^|[,;\n(] ?)Name:? (?P<name>{_FULL})(?=[,;\n]|$)")
ADDRESSED = re.compile(
    rf"(?:^|\n)(?:Hallo|Hi|Hey|Moin|Liebe[rs]?|Dear|Hello|Servus) (?P<name>{_PART}(?: {_PART})?)(?= ?[,!\n])"
)
BEFORE_DATA = re.compile(_TWO_OR_MORE)
BORN_AT_END = re.compile(r"[ ,](?:geb\.?|geboren|wohnhaft)(?: am| in)?$", re.IGNORECASE)
PHRASE_END = re.compile(r"[\n,;:.(]")
# Looking for these words first is many times faster than trying the patterns everywhere.
CUES: Mapping[re.Pattern[str], tuple[str, ...]] = MappingProxyType({
    HONORIFIC: ("herr", "frau", "hr.", "fr.", "fam", "mr", "ms", "miss"),
    STATED: (
        "name", "heiß", "heiss", "inhaber", "partner", "absender", "patient", "versichert", "empfänger", "i. ", "i.a",
        "i.v", "gez.", "unterschrift", "mandat",
    ),
    PRESENTED: ("hier ist", "hier s", "ich bin", "i am", "i'm", "this is", "tragen sie"),
    LISTED: ("name",),
    ADDRESSED: ("hallo", "hi ", "hey", "moin", "liebe", "dear", "hello", "servus"),
})  # fmt: skip
NO_NAMES = frozenset({
    "zusammen", "team", "support", "kundenservice", "kundendienst", "service", "damen", "herren", "leute", "sir",
    "madam", "kunde", "kundin", "neukunde", "mieter", "mieterin", "rentner", "rentnerin", "student", "besitzer",
    "inhaber", "mitglied", "ihr", "ihre", "sie", "der", "die", "das", "ich", "wir", "es", "bitte", "danke", "und",
    "holle", "welt", "doktor", "all", "customer", "mein", "meine", "unser", "unsere", "firma", "fa", "gmbh", "nutzer",
    "telekom", "internet", "router", "kollegen", "freunde", "wie", "was", "nach", "von", "bis", "mit", "am", "im",
    "aus", "ps", "nachtrag", "vielen", "gesendet", "kontakt", "tel", "e-mail", "bye", "goodbye", "grüße", "grüsse",
    "gruß", "gruss", "grüßle", "gott", "unfortunately", "it", "it-team", "mitarbeiter", "kasse", "hotline",
    "redaktion", "praxis", "hausverwaltung", "technik", "dr", "prof", "dipl",
})  # fmt: skip

HINT = re.compile(r"gr[uü]|[mlvbh]\.? ?f?g|dank|regards|best|cheers|thank|hochacht|herzlich|ciao|sincerely|yours", re.I)
SIGNED = re.compile(
    rf"(?:(?:von|Ihre?|Eure?|Deine?|Dein|Familie|Fam\.|gez\.|i\. ?[AV]\.|Dr\.|Prof\.|med\.|Dipl\.-Ing\.) ?){{0,4}}"
    rf"(?P<name>{_FULL}(?: (?:und|u\.|&|and|\+) {_FULL})?)[ .,!]*$"
)
LOWER = re.compile(r"[a-zäöüß]{3,12}$")
SMALL_CLOSING = re.compile(r"(?:mfg|lg|vg|gru(?:ß|ss)|grüße)$", re.IGNORECASE)
ONLY_PLACE = re.compile(rf"[,!. ]*(?:aus (?:dem |der )?{_PART})?[,!. ]*(?:Ihre?|Eure?|Deine?)?[,!. ]*$")
AND = re.compile(r" (?:und|u\.|&|and|\+) ")

# Every letter with its base in lower case, one character for one, so that places in the text stay the same.
FOLDED = str.maketrans({
    chr(code): base
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if (base := unicodedata.normalize("NFD", chr(code))[0].lower()).isascii()
} | {"ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d"})  # fmt: skip
