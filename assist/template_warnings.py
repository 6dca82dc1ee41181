"""What an agent is told about a filled template before it is sent, in German and in English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from corpus.models import primary_language

_TEXTS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "de": {
        "foreign": "Die Vorlage hat die unbekannte Syntax „{syntax}“: Ihr Text steht unverändert da.",
        "untranslated": "Platzhalter der Syntax „{syntax}“ haben hier keine Entsprechung: {marks}.",
        "broken": "Die Vorlage lässt sich nicht ausfüllen ({cause}): Ihr Text steht unverändert da.",
        "condition": "„{field}“ fehlt, und eine Bedingung der Vorlage hängt davon ab: bitte den Text prüfen.",
        "broken_step": "Ein Schritt lässt sich nicht ausfüllen ({cause}): Er steht unverändert da.",
        "condition_step": "„{field}“ fehlt, und ein Schritt hängt davon ab: bitte prüfen.",
        "many_steps": "Nur die ersten {number} Schritte sind ausgefüllt, die übrigen stehen unverändert da.",
        "unformatted": "„{value}“ ließ sich nicht als Datum oder Betrag lesen und steht unverändert da.",
        "language": "Die Vorlage ist auf {template} geschrieben, das Anliegen auf {case}.",
        "template_expired": "Die Vorlage gilt seit {date} nicht mehr.",
        "template_early": "Die Vorlage gilt erst ab {date}.",
        "template_status": "Die Vorlage ist nicht veröffentlicht ({status}).",
        "article_expired": "Der zugehörige Artikel „{name}“ gilt seit {date} nicht mehr.",
        "article_early": "Der zugehörige Artikel „{name}“ gilt erst ab {date}.",
        "article_status": "Der zugehörige Artikel „{name}“ ist nicht veröffentlicht ({status}).",
        "internal": "Interner Text (Zielgruppe {audience}): nicht zum Versand über den Kanal {channel} bestimmt.",
        "no_header": "Es gibt keine Kopfzeile, die zu Kanal, Sprache und Anrede der Antwort passt.",
        "no_footer": "Es gibt keine Fußzeile, die zu Kanal, Sprache und Anrede der Antwort passt.",
        "no_snippet": "Es gibt keinen Baustein „{name}“, der zu Kanal, Sprache und Anrede der Antwort passt.",
        "no_template": "Die Vorlage „{name}“ gibt es nicht.",
        "link": "Der Link des Schritts „{step}“ lässt sich nicht ausfüllen und fehlt.",
        "address": "Die Texte sprechen den Kunden verschieden an ({found}): bitte vereinheitlichen.",
    },
    "en": {
        "foreign": "The template is written in the unknown syntax “{syntax}”: its text stands as it is.",
        "untranslated": "Marks of the syntax “{syntax}” have no counterpart here: {marks}.",
        "broken": "The template cannot be filled ({cause}): its text stands as it is.",
        "condition": "“{field}” is missing, and a condition of the template depends on it: please check the text.",
        "broken_step": "A step cannot be filled ({cause}): it stands as it is.",
        "condition_step": "“{field}” is missing, and a step depends on it: please check.",
        "many_steps": "Only the first {number} steps are filled, the others stand as they are.",
        "unformatted": "“{value}” could not be read as a date or an amount and stands as it is.",
        "language": "The template is written in {template}, the case in {case}.",
        "template_expired": "The template has not been valid since {date}.",
        "template_early": "The template is not valid before {date}.",
        "template_status": "The template is not published ({status}).",
        "article_expired": "Its article “{name}” has not been valid since {date}.",
        "article_early": "Its article “{name}” is not valid before {date}.",
        "article_status": "Its article “{name}” is not published ({status}).",
        "internal": "Internal text (audience {audience}): not meant to be sent through the channel {channel}.",
        "no_header": "There is no header that fits the channel, language and form of address of the reply.",
        "no_footer": "There is no footer that fits the channel, language and form of address of the reply.",
        "no_snippet": "There is no snippet “{name}” that fits the channel, language and form of address of the reply.",
        "no_template": "There is no template “{name}”.",
        "link": "The link of the step “{step}” cannot be filled and is left out.",
        "address": "The texts address the customer in different ways ({found}): please make them one.",
    },
})  # fmt: skip
_NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "de": {"de": "Deutsch", "en": "Englisch", "fr": "Französisch", "it": "Italienisch", "nl": "Niederländisch",
           "pl": "Polnisch", "es": "Spanisch", "tr": "Türkisch", "draft": "Entwurf", "archived": "archiviert"},
    "en": {"de": "German", "en": "English", "fr": "French", "it": "Italian", "nl": "Dutch", "pl": "Polish",
           "es": "Spanish", "tr": "Turkish", "draft": "draft", "archived": "archived"},
})  # fmt: skip


def spoken(language: str | None) -> str:
    """Return the language of a warning: German for German, else English."""
    return "de" if primary_language(language) == "de" else "en"


def warning(key: str, language: str, **facts: str) -> str:
    """Return a warning as a sentence in German, if that is the language, or in English."""
    return _TEXTS[spoken(language)][key].format(**facts)


def name_of(code: str, language: str) -> str:
    """Return the name of a language or a status in the language of the warning; the code itself where none is known."""
    return _NAMES[spoken(language)].get(code, code)
