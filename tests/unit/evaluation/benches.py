"""A small judged set of every kind over the toy encoder, for the tests of what is measured on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assist.models import SuggestKind
from corpus.language import LanguageIdentifier
from corpus.models import Action, Article, Case, Template, Use
from evaluation.bench import Bench, open_bench
from evaluation.questions import JudgedSet, Question
from evaluation.workbench import Workbench
from index.embedding_cache import EmbeddingCache
from index.encoders import open_encoder
from index.progress import SilentReporter

SPLIT = datetime(2026, 5, 1, tzinfo=UTC)

_ARTICLES: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("esim", "Activating your eSIM", "Scan the QR code to activate the eSIM on your phone.", "en", {}),
    (
        "intern",
        "Doppelte Rechnung, Kulanz",
        "Doppelte Abbuchung bis 50 Euro gutschreiben.",
        "de",
        {"audience": ("l2",)},
    ),
    ("kuendigung", "Kündigung des Vertrags", "Sie kündigen den Vertrag schriftlich zum Monatsende.", "de", {}),
    ("rechnung", "Doppelte Abbuchung", "Eine doppelte Abbuchung der Rechnung erstatten wir.", "de", {}),
    ("stoerung", "Störung des Anschlusses", "Blinkt die Lampe am Router rot, messen wir die Leitung.", "de", {}),
    ("veraltet", "Doppelte Abbuchung früher", "Doppelte Abbuchung der Rechnung im alten System.", "de", {"old": True}),
)
_CASES = (
    ("c1", "Rechnung doppelt abgebucht", "rechnung", ("pruefen", "gutschreiben")),
    ("c2", "Ihr habt die Rechnung zweimal abgebucht", "rechnung", ("pruefen", "gutschreiben")),
    ("c3", "Vertrag zum Monatsende kündigen", "kuendigung", ("pruefen", "vormerken")),
    ("c4", "Router blinkt rot, kein Internet", "stoerung", ("messen",)),
    ("c5", "Lampe am Router blinkt rot", "stoerung", ("messen",)),
    ("c6", "Rechnung: doppelte Abbuchung", "rechnung", ("pruefen", "gutschreiben")),
)
_QUESTIONS = (
    ("q1", "Die Rechnung wurde doppelt abgebucht", "rechnung", ("pruefen",), "gutschreiben", {"c1", "c2", "c6"}),
    ("q2", "Ich möchte den Vertrag kündigen", "kuendigung", (), "pruefen", {"c3"}),
    ("q3", "Am Router blinkt die Lampe rot", "stoerung", (), "messen", {"c4", "c5"}),
)


def judged(kind: SuggestKind = "articles", *, with_history: bool = True) -> JudgedSet:
    """Six articles (one internal, one expired), three templates, four actions, six solved cases, three questions."""
    return JudgedSet(
        name="small",
        family="small",
        source="history",
        kind=kind,
        records={
            "articles": [_article(*row) for row in _ARTICLES],
            "templates": [
                Template(id=f"t-{each}", name=each, body=f"Wir melden uns wegen: {each}.", language="de")
                for each in ("kuendigung", "rechnung", "stoerung")
            ],
            "actions": [
                Action(id="gutschreiben", name="Betrag gutschreiben", description="Doppelte Abbuchung erstatten"),
                Action(id="messen", name="Leitung messen", description="Störung am Router messen"),
                Action(id="pruefen", name="Kunde prüfen", description="Angaben vergleichen", max_per_case=1),
                Action(id="vormerken", name="Kündigung vormerken", description="Kündigung eintragen"),
            ],
            "cases": [_case(number, *row) for number, row in enumerate(_CASES)] if with_history else [],
        },
        questions=[_question(kind, *row) for row in _QUESTIONS],
        split={},
        dropped={},
    )


def bench_of(folder: Path, judged_set: JudgedSet | None = None) -> Bench:
    """Open a bench on a judged set, with its embedding cache in a folder."""
    return open_bench(judged_set or judged(), workbench_of(folder))


def workbench_of(folder: Path) -> Workbench:
    """Return a workbench over the toy encoder, with its embedding cache in a folder."""
    return Workbench(
        encoder=open_encoder("toy", folder),
        cache=EmbeddingCache(folder / "embeddings.sqlite"),
        identifier=LanguageIdentifier.load(),
        reporter=SilentReporter(),
    )


def firsts(run: Any, questions: Sequence[Question]) -> list[str | None]:
    """Return the first id that a run gives to each question."""
    return [next(iter(run.rankings[each.id].ids), None) for each in questions]


def grouped(question: Question, group: str) -> Question:
    """Return a question in another group."""
    return replace(question, group=group)


def _article(key: str, title: str, body: str, language: str, more: dict[str, Any]) -> Article:
    fields = {**more}
    expired = SPLIT - timedelta(days=30) if fields.pop("old", False) else None
    return Article(id=key, title=title, body=body, language=language, valid_until=expired, **fields)


def _case(number: int, key: str, text: str, article: str, actions: tuple[str, ...]) -> Case:
    opened = SPLIT - timedelta(days=20 - number)
    return Case(
        id=key,
        description=text,
        language="de",
        opened_at=opened,
        closed_at=opened + timedelta(hours=1),
        articles=(Use(id=article),),
        templates=(Use(id=f"t-{article}"),),
        actions=tuple(Use(id=each) for each in actions),
    )


def _question(
    kind: SuggestKind, key: str, text: str, article: str, done: tuple[str, ...], following: str, cases: set[str]
) -> Question:
    right: dict[SuggestKind, set[str]] = {
        "articles": {article},
        "templates": {f"t-{article}"},
        "actions": {following},
        "similar_cases": cases,
    }
    return Question(
        id=key,
        case=Case(id=key, description=text, language="de"),
        relevant=frozenset(right[kind]),
        group=key,
        done=done if kind == "actions" else (),
        as_of=SPLIT + timedelta(days=1),
    )
