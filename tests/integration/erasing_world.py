"""A deployment with a customer who can be told by canaries, for tests of erasing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from assist.bootstrap import open_erasures
from assist.erasing import ErasureRequest, StoreErasures, Subject
from assist.settings import Settings
from corpus.database import create_engine, reading, writing
from corpus.receipts import Receipt
from corpus.tables import feedback_events
from index.settings import IndexSettings
from tests.conftest import small_corpus

CUSTOMER, AGENT = "kd-zqxkunde-77", "Agentin Zqxbeate"
MINE = ("zqxfall-1", "zqxfall-2")
# Words that survive stemming, each from another field of the customer's cases.
CANARIES = ("zqxbetreff", "zqxnachricht", "zqxloesung", "zqxbeschreibung", CUSTOMER, AGENT)
CLOSED = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


def corpus_rows(*, marked: str = "") -> dict[str, list[dict[str, Any]]]:
    """The small corpus with two cases of the customer, a long one among them."""
    rows = small_corpus()
    closed = CLOSED.isoformat()
    for row in rows["cases"]:
        row |= {"customer_id": "kd-andere", "agent": AGENT, "opened_at": closed, "closed_at": closed}
    for number, case in enumerate(MINE):
        long = " ".join(f"Wort{position}" for position in range(900)) if number else ""
        rows["cases"].append(
            {
                **rows["cases"][0],
                "id": case,
                "subject": f"Betreff zqxbetreff {marked}",
                "description": f"Rechnung zqxbeschreibung doppelt abgebucht {number} {long} zqxbeschreibung",
                "messages": [{"role": "customer", "text": f"Bitte um Hilfe, zqxnachricht {number}"}],
                "resolution": "Erstattet nach zqxloesung",
                "customer_id": CUSTOMER,
            }
        )
    return rows


def erasures(settings: IndexSettings) -> StoreErasures:
    return open_erasures(Settings(index=settings))


def erase(settings: IndexSettings, subject: Subject, name: str) -> Receipt:
    return erasures(settings).erase(ErasureRequest(subject=subject, id=name), by="test")


def bytes_with(var: Path, text: str) -> set[str]:
    """Return the files whose raw bytes hold a text, in any case: a second look beside the program's own search."""
    found = set()
    for path in var.rglob("*"):
        if path.is_file() and text.casefold().encode() in path.read_bytes().lower():
            found.add(str(path.relative_to(var)))
    return found


def add_feedback(settings: IndexSettings, *, case_id: str, agent: str | None = None, key: str = "k-1") -> None:
    now = datetime.now(UTC)
    row = {
        "key": key,
        "body_hash": "0" * 64,
        "received_at": now,
        "at": now,
        "event": "sent",
        "kind": "articles",
        "item_id": "rechnung-doppelt",
        "snapshot": "0" * 16,
        "rank": 1,
        "score": 1.0,
        "confidence": 0.5,
        "case_id": case_id,
        "agent": agent,
        "reason": "zqxbetreff passt nicht",
    }
    engine = create_engine(settings.database)
    with writing(engine) as connection:
        connection.execute(insert(feedback_events).values(row))
    engine.dispose()


def feedback(settings: IndexSettings) -> list[Any]:
    engine = create_engine(settings.database)
    with reading(engine) as connection:
        rows = list(connection.execute(select(feedback_events).order_by(feedback_events.c.key)))
    engine.dispose()
    return rows


def quarantine(var: Path) -> Path:
    """A file of quarantined rows kept under the state directory, one of them the customer's."""
    path = var / "imports" / "quarantine.jsonl"
    path.parent.mkdir(parents=True)
    rows = [{"row": 1, "id": MINE[0], "customer_id": CUSTOMER}, {"row": 2, "id": "anderer"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def run_files(var: Path) -> tuple[Path, Path]:
    """A run and a report of an evaluation that was written under the state directory."""
    run, report = var / "runs" / "bm25.trec", var / "out" / "metrics.json"
    for path in (run, report):
        path.parent.mkdir(parents=True)
    run.write_text(f"{MINE[0]} Q0 rechnung-doppelt 1 2.0 bm25\nc1 Q0 kuendigung 1 1.5 bm25\n", encoding="utf-8")
    report.write_text(json.dumps({"worst": [MINE[1]]}), encoding="utf-8")
    return run, report
