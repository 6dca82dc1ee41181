"""The greeting at the start of a mail."""

from __future__ import annotations

import re

MAX_GREETINGS = 3  # "Hallo, / guten Tag zusammen, / sehr geehrte Damen und Herren,"
MAX_GREETING = 120  # characters in which a greeting must end

_HONORIFIC = r"(?:herrn?|frau|fr\.|hr\.|familie|dr\.|prof\.|mr\.?|mrs\.?|ms\.?|sir|madam)"
_GROUP = (
    r"(?:zusammen|beinand(?:er)?|mitenand|miteinander|alle(?:rseits|samt)?|nochmals?|noch ?mal|wieder"
    r"|ihr(?: lieben)?|leute|liebe[rs]?|die runde|in die runde|"
    r"damen|herren|und herren|u\. herren|herrschaften|kolleg\w*|kund\w*|[\wäöüß]{0,20}?team|support\w*"
    r"|[\wäöü]{0,12}?service\w*|service ?desk|hotline|"
    r"(?:customer )?(?:service|support|care)|there|all|guys|everyone|everybody|team|folks|it|edv|bank|an alle|auch"
    r"|vom|/)"
)
_NAME = r"(?:\[[Nn]ame\]|von|van|de|der|zu|[A-ZÄÖÜ][\wäöüßéèáçğışćčšž.\-]*)"
_OPENING = (
    r"(?:sehr geehrte[rs]?|sehr verehrte[rs]?|geehrte[rs]?|werte[rs]?|guten? (?:tag|morgen|abend|mittag)"
    r"|schönen (?:guten )?(?:tag|morgen|abend)|"
    r"einen (?:schönen )?guten (?:tag|morgen|abend)|hallo|hallöchen|hallihallo|halli hallo|haloo?|huhu|hi|hey|hej"
    r"|heyho|moin(?: ?moin)?|servus|grüß gott|gruess gott|"
    r"grüezi|grüß (?:dich|euch|sie)|tach|tagchen|mahlzeit|hello|good (?:morning|afternoon|evening|day)|greetings)"
)
# Words that open a sentence as well as a greeting count only with an addressee or a comma behind them.
_DOUBTFUL = r"(?:liebe[rs]?|dear|tag|morgen|abend|to whom it may concern|an (?:den|die|das) [\wäöüß-]+)"

_SURE = re.compile(rf"(?P<opening>{_OPENING})(?![\w-])(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_UNSURE = re.compile(rf"(?P<opening>{_DOUBTFUL})(?![\w-])(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_ADDRESSEES = re.compile(
    rf"(?: ?(?:(?i:(?:und|and|or|u\.|&|an|das|dear|{_HONORIFIC}|{_GROUP})(?![\w-]))|{_NAME}(?![\w-]))){{0,8}}"
)
_FIXED_ADDRESSEES = re.compile(
    rf"(?: ?(?:und|and|or|u\.|&|{_HONORIFIC}(?: {_NAME}){{0,3}}|{_GROUP})(?![\w-])){{0,6}}", re.IGNORECASE
)
_STOP = re.compile(r" ?(?:[,!?.;:–…/-]+ ?|[:;][-)(D]+ ?|\n|$)+")
_NOUN = re.compile(r"(?:ung|heit|keit|tion|fehler|problem|frage|nummer|vertrag|karte)(?:en|s|n)?$", re.IGNORECASE)


def strip_greeting(text: str) -> str:
    """Return ``text`` without the greetings it starts with; a first sentence on the same line stays."""
    for _ in range(MAX_GREETINGS):
        stripped = _strip_one(text)
        if stripped == text:
            break
        text = stripped
    return text


def _strip_one(text: str) -> str:
    head = text[:MAX_GREETING]
    for pattern, certain in ((_SURE, True), (_UNSURE, False)):
        found = pattern.match(head)
        if found:
            end = _end_of_greeting(found["rest"], certain=certain)
            return text if end is None else text[found.start("rest") + end :].lstrip()
    return text


def _end_of_greeting(rest: str, *, certain: bool) -> int | None:
    """Return how much of ``rest`` still belongs to the greeting, or ``None`` if there was no greeting."""
    addressees = _ADDRESSEES.match(rest)
    named = addressees.group() if addressees else ""
    stop = _STOP.match(rest, len(named))
    if stop and (not certain or not _NOUN.search(named)):
        return stop.end()
    fixed = _FIXED_ADDRESSEES.match(rest)
    known = fixed.group() if fixed else ""
    if certain or known.strip():
        stop = _STOP.match(rest, len(known))
        return stop.end() if stop else len(known)
    return None
