"""The same questions over each way in, each in a form that another process can send back."""

from __future__ import annotations

import contextlib
import io
import json
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from assist.__main__ import main
from assist.app import create_app
from assist.gate import Gate
from assist.models import SUGGEST_KINDS, SuggestKind
from assist.opening import current_suggester
from assist.settings import Settings
from assist.signing import SuggestionSigner
from assist.suggest import Suggester
from corpus.codec import from_json
from corpus.folder import read_corpus
from corpus.language import LanguageIdentifier
from corpus.models import KINDS, Case
from corpus.times import parse_time
from evaluation.bench import DEPTH, open_bench
from evaluation.questions import JudgedSet, Question
from evaluation.shipped import ShippedSystem
from evaluation.workbench import Workbench
from index.embedding_cache import EmbeddingCache
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from tests.local_services import local_services
from tests.security.toy_service import Fixed

AS_OF = "2026-06-01T00:00:00Z"
WORDS = [
    *("Rechnung", "doppelt", "abgebucht", "Router", "blinkt", "rot", "kündigen", "Vertrag", "Lampe", "Leitung"),
    *("refund", "eSIM", "activate", "Geld", "zurück"),
]

Row = dict[str, Any]
# By kind, what was suggested: (id, score, confidence), best first.
Answer = dict[str, list[tuple[str, float, float]]]


def questions(count: int) -> list[Row]:
    """Return cases as a file of them holds them: no two alike, some with what was done so far."""
    chance = random.Random(23)
    return [
        {
            "id": f"n{number}",
            "description": " ".join(chance.choices(WORDS, k=chance.randrange(1, 30))) + f" Nummer {number}",
            "language": chance.choice(["de", "en"]),
            "actions": chance.sample(["gutschreiben", "vormerken", "messen"], chance.randrange(0, 3)),
        }
        for number in range(count)
    ]


def over_rest(settings: IndexSettings, asked: Sequence[Row], threads: int) -> list[Answer]:
    """Ask the application, as many at a time as there are threads."""
    engines = Fixed(current_suggester(Settings(index=settings)))
    app = create_app(local_services(engines, gate=Gate(at_work=threads, deadline_s=600)))

    def ask(row: Row) -> Answer:
        case = {key: value for key, value in row.items() if key != "actions"} | {"actions_done": row["actions"]}
        body = {"case": case, "limit": DEPTH, "min_confidence": 0, "as_of": AS_OF}
        reply = app.test_client().post("/v1/suggest", json=body)
        assert reply.status_code == 200, reply.get_data()
        return _told(reply.get_json())

    return _by_threads(ask, asked, threads)


def over_commands(settings: IndexSettings, file: Path) -> list[Answer]:
    """Ask ``python -m assist suggest``, called as a function."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        arguments = ["--var", str(settings.var), "--cases", str(file), "--limit", str(DEPTH)]
        code = main(["suggest", *arguments, "--min-confidence", "0", "--as-of", AS_OF])
    assert code == 0
    return [_told(json.loads(line)) for line in printed.getvalue().splitlines()]


def over_evaluation(settings: IndexSettings, corpus: Path, asked: Sequence[Row], threads: int) -> list[Answer]:
    """Ask the system that the evaluation measures as shipped, kind by kind."""
    found = read_corpus(corpus)
    records = {kind: sorted(getattr(found, kind), key=lambda record: record.id) for kind in KINDS}
    answers: list[Answer] = [{} for _ in asked]
    with EmbeddingCache(settings.var / "cache" / "harness.sqlite") as cache:
        bench = Workbench(
            encoder=open_encoder("toy", settings.models),
            cache=cache,
            identifier=LanguageIdentifier.load(),
            reporter=SilentReporter(),
        )
        for kind in SUGGEST_KINDS:
            system = _system(kind, records, asked, bench)

            def ask(question: Question, system: ShippedSystem = system) -> list[tuple[str, float, float]]:
                ranking = system.rank([question]).rankings[question.id]
                return list(zip(ranking.ids, ranking.scores, ranking.confidences, strict=True))

            shown = _by_threads(ask, system.bench.judged.questions, threads)
            for answer, items in zip(answers, shown, strict=True):
                answer[kind] = items
    return answers


def _system(kind: SuggestKind, records: Any, asked: Sequence[Row], bench: Workbench) -> ShippedSystem:
    judged = JudgedSet(
        name="same",
        family="same",
        source="history",
        kind=kind,
        records=records,
        questions=[_question(row) for row in asked],
        split={},
        dropped={},
    )
    opened = open_bench(judged, bench)
    parts = opened.parts
    assert isinstance(parts.signer, SuggestionSigner)
    return ShippedSystem(name="stichwort", bench=opened, suggester=Suggester(opened.snapshot, parts))


def _question(row: Row) -> Question:
    case = from_json("cases", row)
    assert isinstance(case, Case)
    return Question(
        id=row["id"],
        case=case,
        relevant=frozenset(),
        group=row["id"],
        done=tuple(row["actions"]),
        as_of=parse_time(AS_OF),
    )


def _told(answer: Row) -> Answer:
    return {kind: [(item["id"], item["score"], item["confidence"]) for item in answer[kind]] for kind in SUGGEST_KINDS}


def _by_threads(ask: Callable[[Any], Any], asked: Sequence[Any], threads: int) -> list[Any]:
    with ThreadPoolExecutor(max_workers=threads) as pool:
        return list(pool.map(ask, asked))
