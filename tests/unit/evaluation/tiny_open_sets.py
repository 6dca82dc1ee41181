"""The open sets in miniature: every folder that the fit of the shipped scorers reads, with a few questions each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from evaluation.fit_material import ACTIONS, ARTICLES, TEMPLATES
from tests.conftest import small_corpus

FAMILIES = ("ab", "banking77", "mails", "roboai", "star")
_PROBLEMS = (
    ("r", "Rechnung doppelt", "Die Rechnung wurde doppelt abgebucht", "Doppelte Rechnung erhalten und abgebucht"),
    ("s", "Störung Router", "Der Router blinkt rot und geht nicht", "Router rot, Internet tot seit gestern"),
    ("k", "Kündigung Vertrag", "Ich kündige den Vertrag zum Monatsende", "Vertrag kündigen, Kündigung beigefügt"),
)
_DOCUMENTS = (("d1", "Kündigung", "So kündigen Sie."), ("d2", "Rechnung", "So lesen Sie Ihre Rechnung."))
_QUERIES = (("q1", "wie kündige ich", "d1"), ("q2", "was steht auf der Rechnung", "d2"))


def write_open_sets(folder: Path) -> Path:
    """Write one set of questions, one file of problems with six mails, and four histories of two questions each."""
    beir = folder / "beir" / "ab_c"
    _write(beir / "corpus.jsonl", ({"_id": key, "title": title, "text": text, "language": "de"}
                                   for key, title, text in _DOCUMENTS))  # fmt: skip
    _write(beir / "queries.jsonl", ({"_id": key, "text": text, "language": "de"} for key, text, _ in _QUERIES))
    judged = "".join(f"{query}\t{document}\t1\n" for query, _, document in _QUERIES)
    (beir / "qrels").mkdir()
    (beir / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}", encoding="utf-8")
    write_problems(folder / "mails" / "energy.jsonl")
    for name in (*TEMPLATES, ARTICLES, ACTIONS):
        for kind, rows in small_corpus().items():
            _write(folder / "history" / name / f"{kind}.jsonl", rows)
    return folder


def write_problems(file: Path) -> Path:
    """Write three problems with two mails each."""
    _write(
        file,
        (
            {"id": key, "title": title, "article": f"{title}: {first}", "mails": [{"text": first}, {"text": second}]}
            for key, title, first, second in _PROBLEMS
        ),
    )
    return file


def _write(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
