"""A field map to begin with, made of the names of the columns found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import yaml

from corpus.models import Kind

# Beginnings and whole names of columns in exports, in lower case without anything but letters.
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "id": "id caseid casenumber fallnummer vorgangsnummer ticketid ticketnummer ticket nummer nr shortcode kürzel "
        "templateid vorlagennummer externalid developername",
        "subject": "subject betreff thema title titel",
        "name": "name bezeichnung vorlage templatename macroname title titel",
        "description": "description beschreibung anliegen anfrage text question",
        "body": "body text inhalt nachricht message content htmlvalue htmlbody",
        "resolution": "resolution lösung loesung solution abschlussnotiz",
        "messages": "messages verlauf nachrichten conversation kommunikation",
        "language": "language sprache locale languagecode",
        "channel": "channel kanal origin herkunft via eingangskanal",
        "channels": "channels channel kanal kanäle",
        "product": "product produkt productname produktname",
        "priority": "priority priorität prioritaet dringlichkeit",
        "customer_id": "customerid kundennummer accountid contactid requesterid",
        "customer.segment": "segment kundensegment kundengruppe",
        "opened_at": "openedat createdat createddate created erstellt erstelltam eröffnet eröffnetam erfasst",
        "closed_at": "closedat closeddate closed geschlossen geschlossenam abgeschlossen erledigtam solvedat",
        "status": "status state",
        "category": "category kategorie folder ordner",
        "updated_at": "updatedat lastmodifieddate geändert geändertam aktualisiert",
        "articles": "articles artikel wissensartikel knowledgearticleid",
        "templates": "templates vorlagen quicktext makro",
        "actions": "actions aktionen maßnahmen",
        "agent": "agent bearbeiter ownerid owner assigneeid assignee",
        "outcome.solved": "solved gelöst geloest",
        "outcome.reopened": "reopened wiedereröffnet",
        "outcome.csat": "csat zufriedenheit satisfaction satisfactionrating bewertung",
    }
)
_FIELDS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        "cases": ("id", "subject", "description", "messages", "resolution", "language", "channel", "product",
                  "priority", "customer_id", "customer.segment", "opened_at", "closed_at", "status", "articles",
                  "templates", "actions", "agent", "outcome.solved", "outcome.reopened", "outcome.csat"),
        "templates": ("id", "name", "body", "subject", "language", "channels", "category", "updated_at", "articles"),
        "articles": ("id", "body", "language", "updated_at"),
    }
)  # fmt: skip


def suggest_map(kind: Kind, columns: Sequence[str]) -> str:
    """Return YAML that maps the columns whose names are known; the others stand below it as comments."""
    free = list(columns)
    chosen: dict[str, str] = {}
    for field in _FIELDS[kind]:
        names = _NAMES[field].split()
        known = sorted(
            (column for column in free if _plain(column) in names), key=lambda each: names.index(_plain(each))
        )
        if known:
            chosen[field] = known[0]
            free.remove(known[0])
    lines = ["# A field map to begin with: check every line. Columns that no field uses stand at the end."]
    lines.append(yaml.safe_dump({"columns": chosen}, allow_unicode=True, sort_keys=False, width=1_000).rstrip())
    if "language" not in chosen:
        lines.append("constants:\n  language: de")
    lines += [f"# unused column: {' '.join(column.split())}" for column in free]
    return "\n".join(lines) + "\n"


def _plain(column: str) -> str:
    return re.sub(r"[^a-zäöüß]", "", column.lower().removesuffix("__c"))
