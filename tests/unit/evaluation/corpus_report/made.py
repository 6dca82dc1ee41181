"""Made corpora for the tests of the corpus report, over the toy encoder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from corpus.item_feedback import ItemFeedback
from corpus.language import LanguageIdentifier
from corpus.models import Article, Case, Kind, Message, Outcome, Record, Template, Use
from evaluation.caching_encoder import CachingEncoder
from evaluation.corpus_report.material import Limits, Material
from evaluation.training.records import OwnRecords
from evaluation.workbench import Workbench
from index.embedding_cache import EmbeddingCache
from index.encoders import open_encoder
from index.progress import SilentReporter

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

# Twelve subjects that have nothing in common, so that there is something that others stand out against.
SUBJECTS = (
    ("umzug", "Umzug melden", "Ziehen Sie um, nennen Sie uns Anschrift und Einzugstag der neuen Wohnung."),
    ("router", "Router blinkt rot", "Blinkt die Lampe am Router, ziehen Sie den Stecker und starten das Gerät neu."),
    ("karte", "SIM gestohlen", "Verlorene Karten sperren wir sofort und schicken kostenlos Ersatz per Post."),
    ("mahnung", "Mahnung erhalten", "Haben sich Zahlung und Mahnung überschnitten, betrachten Sie diese als erledigt."),
    ("kennwort", "Kennwort vergessen", "Über den Link auf der Anmeldeseite vergeben Sie selbst ein neues Kennwort."),
    ("ausland", "Telefonieren im Ausland", "Innerhalb Europas gelten dieselben Preise wie daheim, anderswo Zonen."),
    ("fernseher", "Fernseher ohne Bild", "Prüfen Sie Kabel und Antenne, dann den Sendersuchlauf im Menü."),
    ("erbe", "Todesfall in der Familie", "Mit der Sterbeurkunde überschreiben oder beenden wir das Verhältnis."),
    ("ratenzahlung", "In Raten bezahlen", "Offene Beträge lassen sich auf mehrere Monatsraten strecken."),
    ("werbung", "Werbung abbestellen", "Widersprechen Sie Anrufen und Briefen, löschen wir die Einwilligung."),
    ("mailbox", "Anrufbeantworter abhören", "Ansagen nehmen Sie mit der Kurzwahl auf und hören Nachrichten ab."),
    ("glasfaser", "Glasfaser ins Haus", "Der Bautrupp vereinbart mit der Hausverwaltung, wann er Leitungen legt."),
)


def article(key: str, title: str, body: str, **more: Any) -> Article:
    return Article(id=key, title=title, body=body, language=more.pop("language", "de"), **more)


def template(key: str, name: str, body: str, **more: Any) -> Template:
    return Template(id=key, name=name, body=body, language=more.pop("language", "de"), **more)


def subjects() -> tuple[Article, ...]:
    return tuple(article(*each) for each in SUBJECTS)


def case(key: str, text: str, *, days: float = 10, **more: Any) -> Case:
    """A case that was solved so many days before now."""
    opened = NOW - timedelta(days=days)
    given: dict[str, Any] = {
        "language": "de",
        "opened_at": opened,
        "closed_at": opened + timedelta(hours=1),
        "outcome": Outcome(solved=True),
    }
    return Case(id=key, description=text, **{**given, **more})


def sent(key: str, text: str, used: str, **more: Any) -> Case:
    """A solved case in which an agent wrote a message with a template."""
    talk = (Message(role="customer", text="Was ist mit meiner Anfrage?"), Message(role="agent", text=text))
    return case(key, "", messages=talk, templates=(Use(id=used, after_message=1),), **more)


def using(*ids: str) -> tuple[Use, ...]:
    return tuple(Use(id=each) for each in ids)


def material(
    folder: Path,
    *,
    articles: Sequence[Article] = (),
    templates: Sequence[Template] = (),
    cases: Sequence[Case] = (),
    feedback: Sequence[ItemFeedback] | None = None,
    limits: Limits | None = None,
    name: str = "made",
) -> Material:
    given: dict[Kind, Sequence[Record]] = {"articles": articles, "templates": templates, "actions": (), "cases": cases}
    records = {kind: sorted(rows, key=lambda record: record.id) for kind, rows in given.items()}
    own = OwnRecords.of(records, recover_labels=True)
    bench = Workbench(
        encoder=open_encoder("toy", folder),
        cache=EmbeddingCache(folder / "embeddings.sqlite"),
        identifier=LanguageIdentifier.load(),
        reporter=SilentReporter(),
    )
    encoder = CachingEncoder(bench.encoder, bench.cache)
    solved = [each for _, each in sorted(own.taught.items())]
    return Material(
        name=name,
        corpus=own.corpus,
        solved=solved,
        snapshot=bench.index({**records, "cases": solved}),
        parts=bench.parts(encoder),
        encoder=encoder,
        reporter=SilentReporter(),
        at=NOW,
        feedback=feedback,
        limits=limits or Limits(),
    )


def ids(findings: Sequence[Any]) -> list[tuple[str, ...]]:
    """Return the ids that each finding names."""
    return [tuple(item.id for item in finding.items) for finding in findings]
