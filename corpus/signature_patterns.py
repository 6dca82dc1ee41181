"""The words and shapes by which the end of a mail is told, German and English."""

from __future__ import annotations

import re

_GREET = r"gr(?:ü|ue|u|üe|ua)(?:ß|ss)(?:en|e|le|li|ing|t)?"
_ADJECTIVE = (
    r"(?!(?:d(?:er|ie|as|en|em)|k?eine?[nmrs]?|[mds]eine?[nmrs]?|unsere?[nmrs]?|ihre?[nmrs]?"
    r"|falsche?r?)\b)[a-zäöüß\-]{3,20}?(?:e[nmrs]?)"
)
_SHORT = r"(?:mfg|m\. ?f\. ?g\.?|lg|vg|bg|hg|sg|fg|glg|vlg|mbg|m\. ?b\. ?g\.?)"
_THANKS = (
    r"(?:(?:vielen|besten|herzlichen|lieben|schönen|tausend|many)? ?(?:dank|danke|dankeschön|merci|thx|thanks"
    r"|thank you)(?: sehr| schön| euch| ihnen| vielmals| so much)?)"
)
_FULL = (
    rf"(?:mit (?:(?:den |ganz )?{_ADJECTIVE},? ){{0,3}}{_GREET}|(?:{_ADJECTIVE},? ){{1,3}}{_GREET}|(?:freundlich"
    rf"|herzlich|es) {_GREET}(?: sie| euch| dich)?|mit freundl\. {_GREET}|mit [a-zäöü]{{3,14}}{_GREET}"
    r"|mit (?:vorzüglicher|freundlicher) hochachtung|hochachtungsvoll|herzlichst|freundlichst"
    r"|(?:(?:with|kind|best|warm|many)(?: and)? ){1,3}(?:regards|wishes)|regards|yours (?:sincerely|faithfully"
    r"|truly)|sincerely(?: yours)?)"
)
_WEAK = (
    rf"(?:{_GREET}|{_SHORT}|{_THANKS}(?: (?:für|im|for) [^.!?]{{3,40}})?|(?:mit )?(?:dank|danke)(?: im voraus)?"
    rf"|best|cheers|greetz|herzlich|all the best|ciao|tschüss|servus|pfiat (?:di|eich)|bis dann)"
)
_JOIN = r"(?: ?(?:,|&|\+|und|and|u\.) ?)"
CLOSING = re.compile(rf"(?:{_THANKS}{_JOIN})?(?P<formula>{_FULL}|{_WEAK})(?![\wß-])(?P<rest>.*)$", re.IGNORECASE)
FULL_FORMULA = re.compile(_FULL + r"$", re.IGNORECASE)
INLINE_FULL = re.compile(rf"(?<!\w)(?:{_THANKS}{_JOIN})?(?:{_FULL}|mfg)(?![\wß-])", re.IGNORECASE)
INLINE_WEAK = re.compile(
    rf"(?<=[.!?…)])\s+(?:{_THANKS}{_JOIN})?(?:{_WEAK})(?![\wß-])(?P<rest>[^.!?]{{0,40}})[.!]?\s*$",
    re.IGNORECASE,
)

POSTSCRIPT = re.compile(
    r"(?<!\w)(?:p\. ?s\.?|pps|ps|nb|nachtrag|nachsatz|ergänzung|edit)(?: \w{3,12})? ?[:.)\-–]|^(?:ps"
    r"|p\. ?s\.?)(?= )",
    re.IGNORECASE,
)
KEPT_LABEL = re.compile(r"\b(?:fehler\w*|error|exception|meldung|nachtrag|seriennummer|modell)\b", re.IGNORECASE)
PROGRAM_NOTE = re.compile(
    r"(?:(?:diese (?:nachricht|e-?mail|mail) wurde )?(?:von|mit|auf|über|via) (?:mein(?:em|er)|dem|der|yahoo"
    r"|outlook|gmx|web\.de).{0,50}(?:gesendet|geschickt|geschrieben)"
    r"|(?:gesendet|geschickt|verschickt|geschrieben|getippt) (?:von|mit|vom|aus|über) .{2,60}"
    r"|von (?:unterwegs|mobil) (?:gesendet|getippt|geschrieben)"
    r"|sent (?:from|with|via) .{2,60}|get outlook for .{2,20}|outlook für .{2,12} (?:beziehen|herunterladen)"
    r"|(?:diese|this) .{2,20} (?:auf viren geprüft|scanned for viruses).{0,60}|virenfrei\..{0,60})"
    r"[ .!]{0,3}$",
    re.IGNORECASE,
)
SIGNATURE_MARK = re.compile(r"(?:--|—|–|_{2,}|-{3,}|\*{3,}|={3,})\s*$")
LEGAL = re.compile(
    r"diese (?:e-?mail|nachricht|mail)(?: \(?(?:und|einschließlich|inkl\.|samt)[^.]{3,80})?,? "
    r"(?:enthält|kann|könnte|können|ist|sind)\b.{0,120}(?:vertraulich|rechtlich geschützt|ausschließlich für|nur für)"
    r"|der inhalt dieser (?:e-?mail|nachricht).{0,60}(?:vertraulich|bestimmt)"
    r"|(?:sollten|wenn|falls) sie nicht der (?:richtige|vorgesehene|bestimmungsgemäße|beabsichtigte)"
    r"|this (?:e-?mail|message)\b.{0,160}(?:confidential|privileged|intended (?:only|solely))"
    r"|if you are not the intended|confidentiality notice|vertraulichkeitshinweis"
    r"|(?:bitte )?(?:denken|prüfen) sie.{0,60}(?:umwelt|ausdruck)|please consider the environment"
    r"|informationen zum (?:datenschutz|umgang mit ihren daten).{0,80}https?:",
    re.IGNORECASE,
)
PERSONAL = re.compile(r"\?|\b(?:ich|mir|mich|mein\w*|my|me)\b", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_][\w'’-]*")
CONTACT = re.compile(
    r"@|https?:|www\.|\+?\d[\d /().-]{6,}|\b(?:tel|fon|fax|mobil|hrb|ust|iban|kd|kundennr|kundennummer|vertrag)\b",
    re.IGNORECASE,
)
TYPE_NUMBER = re.compile(r"[A-Z]*\d|[A-Z]{2,}")
NAME_PARTICLES = frozenset({
    "an", "aus", "de", "dem", "der", "euer", "eure", "ihr", "ihre", "im", "in", "nach", "und", "van", "vom", "von",
    "zu",
})  # fmt: skip
