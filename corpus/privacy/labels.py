"""Words that say what the number behind them is: ``Kd.-Nr.``, ``Vertragskonto``, ``geb.``, ``Tel.``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from corpus.privacy.spans import PersonalKind

Label = tuple[PersonalKind, bool]
"""A kind, and whether the word is sure of it; of the others the number itself must look like one."""

_SUFFIXES = ("nummern", "nummer", "number", "nr", "num", "kennung")
_STANDING_ALONE = frozenset({"nummer", "nr", "number", "no", "num", "kennung"})

# Numbers of things, not of people: they help to find an answer.
_OF_THINGS = frozenset({
    "artikel", "modell", "model", "typ", "typen", "type", "fehler", "error", "haus", "seiten", "zimmer", "linien",
    "flug", "flight", "zug", "versions", "version", "port", "kanal", "gleis", "teile", "ersatzteil", "part",
    "material", "produkt", "product", "item", "positions", "wagen", "baureihen", "build", "formular", "kw",
    "haltestellen", "not", "service", "hotline", "wertpapierkenn", "lizenz",
})  # fmt: skip
_PHONES = frozenset({
    "tel", "telefon", "telefonisch", "fon", "handy", "mobil", "mobiltelefon", "mobilfunk", "fax", "telefax", "ruf",
    "rückruf", "rueckruf", "festnetz", "durchwahl", "whatsapp", "phone", "telephone", "cell", "mobile", "call",
})  # fmt: skip
_CARDS = frozenset({
    "visa", "mastercard", "kreditkarte", "kreditkarten", "karte", "karten", "kk", "amex", "card", "creditcard",
    "maestro",
})  # fmt: skip
_OFFICIAL = frozenset({
    "steuer", "tax", "steuerid", "steueridentifikations", "steuerident", "idnr", "sozialversicherungs", "sv",
    "sozialvers", "rentenversicherungs", "rv", "rvnr", "ust", "ustid", "umsatzsteuerid",
    "umsatzsteueridentifikations", "personalausweis", "ausweis", "pass", "reisepass", "ahv", "svnr", "ahvnr", "taxid",
    "passport", "aufenthaltstitel", "führerschein", "fuehrerschein", "taxidentification", "socialsecurity",
    "nationalinsurance", "idcard",
})  # fmt: skip
_BIRTHS = frozenset({
    "geb", "gebam", "geboren", "geborene", "geborener", "gebdat", "gebdatum", "geburtsdatum", "geburtstag", "born",
    "birth", "birthday", "dateofbirth", "dob",
})  # fmt: skip
# With these, what follows is a number of theirs, whatever it looks like.
_SURE_REFERENCES = frozenset({
    "aktenzeichen", "az", "zeichen", "geschäftszeichen", "kassenzeichen", "vertragskonto", "kundenkonto",
    "buchungskonto", "versicherungsschein", "police", "mandatsreferenz", "gläubigerid", "marktlokation", "malo",
    "messlokation", "buchungscode", "imei", "iccid", "kennzeichen", "kto", "kdnr", "kundennr", "vorgangsid",
    "ticketid", "kundenid", "customerid", "orderid", "trackingid", "sendungsid", "reference",
})  # fmt: skip
# With these, it may be one: "Rechnung 900123456", but not "Rechnung 2".
_LIKELY_REFERENCES = frozenset({
    "kunde", "kunden", "kundin", "kd", "vertrag", "vertrags", "zähler", "zaehler", "rechnung", "rechnungs", "rg",
    "auftrag", "auftrags", "bestellung", "bestell", "mitglied", "mitglieds", "vorgang", "vorgangs", "ticket", "depot",
    "konto", "sendung", "paket", "schaden", "fall", "versicherten", "vers", "versicherung", "customer", "contract",
    "order", "invoice", "account", "policy", "claim", "tracking", "case", "meter", "member", "booking", "reservation",
})  # fmt: skip
_EVERY: Mapping[str, Label] = MappingProxyType({
    **dict.fromkeys(_LIKELY_REFERENCES, ("reference", False)),
    **dict.fromkeys(_SURE_REFERENCES, ("reference", True)),
    **dict.fromkeys(_OFFICIAL, ("official_id", True)),
    **dict.fromkeys(_BIRTHS, ("birth_date", True)),
    **dict.fromkeys(_CARDS, ("card", False)),
    **dict.fromkeys(_PHONES, ("phone", True)),
})  # fmt: skip


def is_number_word(letters: str) -> bool:
    """Whether a word is only "number": what it numbers stands before it."""
    return letters in _STANDING_ALONE


def label_of(letters: str, *, numbered: bool) -> Label | None:
    """Return what a word, given by its letters in lower case, says of the number behind it; ``None`` for nothing.

    ``numbered`` is whether "number" stood between the two.

    >>> label_of("kdnr", numbered=False), label_of("zähler", numbered=True), label_of("modellnr", numbered=False)
    (('reference', True), ('reference', True), None)
    """
    stem = letters
    if letters.endswith(_SUFFIXES):
        stem = next(letters.removesuffix(each) for each in _SUFFIXES if letters.endswith(each)) or letters
    numbered = numbered or stem != letters
    if stem in _OF_THINGS:
        return None
    found = _EVERY.get(letters) or _EVERY.get(stem)
    if found is None:
        return ("reference", True) if numbered and stem != letters else None
    return (found[0], True) if numbered else found
