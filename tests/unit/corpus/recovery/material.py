"""Templates, articles and messages that the tests of recovery share."""

from __future__ import annotations

from corpus.models import Article, Case, Message, Template

GREETING = "Guten Tag {{ contact.salutation }} {{ contact.last_name }},\n\nvielen Dank für Ihre Nachricht."
CLOSING = "Haben Sie noch Fragen, sind wir gern für Sie da.\n\nFreundliche Grüße\n{{ agent.name }}\n{{ company.name }}"


def template(name: str, body: str, **more: object) -> Template:
    return Template(id=name, name=name, body=body, language="de", **more)  # type: ignore[arg-type]


def letter(name: str, body: str, **more: object) -> Template:
    """A template with the greeting and closing that all of them share."""
    return template(name, f"{GREETING}\n\n{body}\n\n{CLOSING}", **more)


REFUND = letter(
    "t-erstattung",
    "Wir haben Ihre Rechnung {{ case.id }} geprüft. Der Betrag wurde tatsächlich zweimal von Ihrem Konto abgebucht. "
    "Wir erstatten Ihnen {{ customer.amount }} innerhalb von fünf Werktagen auf das hinterlegte Konto. Eine neue "
    "Rechnung geht Ihnen gesondert zu.",
)
MOVING = letter(
    "t-umzug",
    "Ihren Umzug nach {{ customer.city }} haben wir vorgemerkt. Ihr Anschluss zieht zum Tag der Schlüsselübergabe mit. "
    "Bitte bauen Sie den Router am neuen Wohnort an der ersten Dose an, unser Techniker meldet sich am Vortag.",
)
CONTRACT = letter(
    "t-vertrag",
    "Ihr Vertrag läuft noch bis {{ customer.contract_end }}. Danach verlängert er sich auf unbestimmte Zeit und ist "
    "mit einer Frist von einem Monat kündbar. Einen günstigeren Tarif können Sie zum Ende der Laufzeit wählen.",
)
TEMPLATES = (REFUND, MOVING, CONTRACT)

REFUND_SENT = (
    "Guten Tag Frau Yılmaz,\n\nvielen Dank für Ihre Nachricht.\n\nWir haben Ihre Rechnung 4711-0815 geprüft. Der "
    "Betrag wurde tatsächlich zweimal von Ihrem Konto abgebucht. Wir erstatten Ihnen 39,90 Euro innerhalb von fünf "
    "Werktagen auf das hinterlegte Konto. Eine neue Rechnung geht Ihnen gesondert zu.\n\nHaben Sie noch Fragen, sind "
    "wir gern für Sie da.\n\nFreundliche Grüße\nEva Lorenz\nLindfunk"
)
ARTICLE = Article(
    id="rechnung-doppelt",
    title="Doppelte Abbuchung",
    body="## Prüfen\n\nOffene Vormerkungen verschwinden nach drei Banktagen von selbst, ohne dass Sie etwas tun "
    "müssen. Bleiben beide Buchungen stehen, senden Sie uns bitte einen Kontoauszug mit beiden Zeilen über das "
    "Formular.",
    language="de",
    url="https://hilfe.lindfunk.example/rechnung-doppelt",
)


def talk(*turns: tuple[str, str], **labels: object) -> Case:
    messages = tuple(Message(role=role, text=text) for role, text in turns)  # type: ignore[arg-type]
    return Case(id="c1", messages=messages, language="de", **labels)  # type: ignore[arg-type]


def answered(text: str, **labels: object) -> Case:
    """A case with one question and one answer."""
    return talk(("customer", "Ihr habt mir die Rechnung zweimal abgezogen!"), ("agent", text), **labels)
