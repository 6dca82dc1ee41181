"""Words and letter groups that speak for German or for English where a text is too short for statistics.

Words that are common in both (``in``, ``was``, ``am``, ``war``, ``internet``) are left out on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS: Mapping[str, frozenset[str]] = MappingProxyType({
    "de": _words(
        "ab aber als alles also auch auf aus bei bin bis bitte bloß da daher damit dann darf das dass dazu dein "
        "dem den denn der des deshalb "
        "die dies diese diesem diesen dieser dieses doch dort du durch eben ein eine einem einen einer eines er es "
        "etwas euch euer eure fehlt "
        "für fuer geht gehts gegen gerade gern gibt gibts hab habe haben habt hallo hätte heute hier ich ihm ihn "
        "ihnen ihr ihre ihren ihrer im "
        "immer ist ja jede jeder jetzt kann kannst kein keine keinen keiner können könnt könnte mal mein meine "
        "meinem meinen meiner "
        "mehr mich mir mit möchte moechte muss müssen nach nicht nichts nie nix noch nochmal nur ob oder ohne "
        "schon sehr sein seit seine sich "
        "sie sind soll sollte sonst statt trotz über ueber um und uns unser unsere unter vom von vor wann warum "
        "weg wegen weil welche "
        "welcher welches wenn wer werden werde wie wieder wieso will wir wird wo woher wohin wurde würde zu zum "
        "zur zwischen"
    ),
    "en": _words(
        "about after again all and any anyone are aren't as at be because been before being but by can can't "
        "cannot could couldn't did "
        "didn't do does doesn't doing don't down each every for from get getting give got had has have haven't he "
        "hello her here his "
        "how i i'd i'll i'm i've if into is isn't it it's its just keep kept let like make me more most my need "
        "never no not of off on once only or "
        "other our out over please same she should since so some someone still such than that that's the their "
        "them then there these "
        "they this those through to too until up us very was wasn't we were what what's when where which while who "
        "why with without won't "
        "would you your yours"
    ) - _words("was so as her do all me her on up down off out of no"),
})  # fmt: skip

SERVICE_WORDS: Mapping[str, frozenset[str]] = MappingProxyType({
    "de": _words(
        "abbuchung abgebucht adresse anmelden anmeldung anruf antrag auftrag bankverbindung beleg bescheid "
        "bestellen bestellt bestellung betrag "
        "danke defekt doppelt dringend einloggen erstattung falsch fehler fehlermeldung frage frist funktioniert "
        "gekündigt geld geklappt gerät "
        "geraet geschickt gesperrt guthaben gutschein gutschrift handy hilfe karte kaputt konto kosten kuendigen "
        "kuendigung kündigen kündigung kunde "
        "kundennummer kundenkonto lastschrift lieferung mahnung meldung moin nachricht netz nummer paket passwort "
        "preis rechnung rückgabe ruecksendung "
        "rücksendung rufnummer rückruf simkarte sperren störung stoerung tarif termin überweisung ueberweisung "
        "umzug unterlagen vergessen verloren versand "
        "versicherung vertrag widerruf widerrufen zahlen zahlung zähler zaehlerstand zählerstand zugang zurück"
    ),
    "en": _words(
        "access account address amount answer appointment bill billing blocked broken call cancel cancellation "
        "card cash change charge charged contract "
        "coverage customer damaged declined delivery device error fee forgot forgotten fraud help hey invoice "
        "issue late login lost mail mailbox message "
        "missing money number order package parcel password payment phone pin plan please problem purchase receive "
        "received refund reset return "
        "service shipping signal stolen support thanks top-up transfer wrong working"
    ) - _words("account call hey login mail pin service support plan mailbox problem top-up reset"),
})  # fmt: skip

# Names and loan words of service everywhere: "Internet down" and "Login Account" are said in both languages.
SHARED_WORDS = _words(
    "account accounts admin android api app apps backup bluetooth browser business button cache call center chat "
    "client cloud code cookie cookies dashboard desktop display down download email emails e-mail e-mails excel "
    "express facebook feedback file firewall "
    "hardware hey hi homepage hotline hotspot icon info infos installation instagram internet intranet ipad iphone "
    "it laptop link live login logout mail mailbox "
    "mails management manager marketing microsoft mobile modem monitor name newsletter office offline ok okay "
    "onedrive online outlook pc pdf pin "
    "plan portal premium problem programm proxy puk qr roaming router samsung scanner screenshot server service "
    "sharepoint shop signal sim sms smartphone "
    "software sorry spam standard status stop support system tablet tan team teams test ticket tool update updates "
    "upgrade url usb "
    "video voucher vpn web website whatsapp wi-fi wifi windows word wlan workflow youtube"
) - _words("call code express link monitor name signal voucher")

_LETTERS: Mapping[str, re.Pattern[str]] = MappingProxyType({
    "de": re.compile(r"sch|tz|pf|äu|zt$|(?:ung|ungen|keit|heit|lich|liche[nrs]?|ische?[nrs]?|iert|ieren|chen)$"),
    "en": re.compile(r"^(?:wh|th|kn|sh)|ea\w|oo|ou\w|[ae]y$|(?:ing|ed|tions?|ly|ness|ght|ful|ship|ity|ies|'s|n't)$"),
})  # fmt: skip
_GERMAN_LETTERS = re.compile(r"[äöüß]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

FUNCTION_WEIGHT = 1.2
SERVICE_WEIGHT = 1.0
LETTER_WEIGHT = 0.25
UMLAUT_WEIGHT = 1.0
CAP = 6.0


def without_shared_words(text: str) -> str:
    """Return ``text`` without the words that both languages use, which decide nothing."""
    return _WORD.sub(lambda word: " " if word.group().casefold() in SHARED_WORDS else word.group(), text)


def evidence(text: str, languages: Iterable[str]) -> dict[str, float]:
    """Return for each language what its typical words and letters add to its log-probability, from 0 to ``CAP``.

    Each different word counts once; a language without lists gets 0.
    """
    words = {word.casefold() if word != "I" else "i" for word in _WORD.findall(text.replace("’", "'"))}
    return {language: min(CAP, _weight(words, language)) for language in languages}


def _weight(words: set[str], language: str) -> float:
    if language not in FUNCTION_WORDS:
        return 0.0
    function = len(words & FUNCTION_WORDS[language])
    service = len(words & SERVICE_WORDS[language])
    letters = sum(1 for word in words if _LETTERS[language].search(word))
    umlauts = min(2, sum(1 for word in words if _GERMAN_LETTERS.search(word))) if language == "de" else 0
    return FUNCTION_WEIGHT * function + SERVICE_WEIGHT * service + LETTER_WEIGHT * letters + UMLAUT_WEIGHT * umlauts
