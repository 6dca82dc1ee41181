"""A corpus for the panel: small, with a gap, HTML, steps and links, and the cases that find them."""

from __future__ import annotations

from typing import Any

from tests.conftest import small_corpus

INVOICE = "Die Rechnung wurde doppelt abgebucht, bitte Geld zurück"
ROUTER = "Internet geht nicht, die Lampe am Router blinkt rot"
CANCEL = "Ich möchte den Vertrag kündigen"
CONTEXT = {"contact": {"salutation": "Frau", "last_name": "Brandt"}}


def case(text: str, case_id: str = "fall-1", **more: Any) -> dict[str, Any]:
    """Return an open case."""
    return {"id": case_id, "description": text, "channel": "email", **more}


def rows() -> dict[str, list[dict[str, Any]]]:
    """Return the small corpus with what a page has to show."""
    found = small_corpus()
    articles = {each["id"]: each for each in found["articles"]}
    articles["rechnung-doppelt"] |= {
        "url": "https://hilfe.example/rechnung-doppelt",
        "body": "## Was geschieht?\n\nWurde eine Rechnung doppelt abgebucht, erstatten wir den zweiten Betrag in "
        "**fünf Werktagen** auf Ihr Konto.\n\n1. Kontoauszug prüfen\n2. [Betrag melden](https://hilfe.example/melden)\n\n"
        "| Betrag | Frist |\n|---|---|\n| bis 50 Euro | sofort |\n",
    }
    articles["stoerung"] |= {
        "format": "html",
        "body": "<p>Trennen Sie den Router für eine Minute vom Strom. Blinkt die Lampe danach rot, messen wir die "
        'Leitung.</p><p><a href="https://hilfe.example/messung">Messung</a></p>',
    }
    templates = {each["id"]: each for each in found["templates"]}
    templates["t-gutschrift"] |= {
        "subject": "Ihre Rechnung",
        "body": "Guten Tag {{ contact.salutation }} {{ contact.last_name }},\n\nwir erstatten die doppelte Abbuchung "
        "der Rechnung.\n\n{{ agent.name }}",
    }
    templates["t-stoerung"] |= {
        "format": "html",
        "body": "<p>Wir messen Ihre <strong>Leitung</strong>, die Lampe am Router blinkt rot.</p>",
    }
    actions = {each["id"]: each for each in found["actions"]}
    actions["gutschreiben"]["steps"] = ["Betrag prüfen", {"text": "Buchen", "url": "https://erp.example/buchen"}]
    for each in found["cases"]:
        each["resolution"] = "Gelöst wie besprochen, der Kunde wurde benachrichtigt."
    return found
