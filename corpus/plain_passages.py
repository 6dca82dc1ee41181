"""Plain questions and the passages that answer them: what an encoder must not forget while it learns of customers.

``corpus/training/plain/`` has a file of JSON Lines for each language, one object ``{id, topic, question, passage}`` a
line. They are about everything but customer service.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.findings import Findings
from corpus.json_rows import Row, read_rows
from corpus.training_problems import LANGUAGES, TRAINING
from corpus.wording import show

PLAIN = TRAINING / "plain"
_KEYS = ("id", "topic", "question", "passage")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPassage:
    """A question as it is typed into a search box, and the passage of a document that answers it."""

    id: str
    language: str
    topic: str
    question: str
    passage: str


def read_plain(folder: Path = PLAIN) -> tuple[PlainPassage, ...]:
    """Return the passages of all languages, in the order of languages and lines.

    Raises ``corpus.findings.CorpusErrors`` with the faults of all files; unknown keys are faults, and so is an id that
    does not begin with ``plain-`` and the language.
    """
    findings = Findings()
    passages = [passage for language in LANGUAGES for passage in _read(folder, language, findings)]
    findings.raise_if_any()
    return tuple(passages)


def _read(folder: Path, language: str, findings: Findings) -> Iterator[PlainPassage]:
    name = f"{language}.jsonl"
    try:
        for row in read_rows(folder / name, name, findings, unique="id"):
            yield _passage(row, language)
    except OSError as error:
        findings.add(name, None, "", f"cannot be opened ({error.strerror}), expected a readable file in {folder}")


def _passage(row: Row, language: str) -> PlainPassage:
    for key in row.values:
        if key not in _KEYS:
            row.fault(key, "unknown key: remove it or correct its spelling")
    if not row.values["id"].startswith(f"plain-{language}-"):
        row.fault("id", f"found {show(row.values['id'])}, expected it to begin with plain-{language}-")
    return PlainPassage(
        id=row.text("id"),
        language=language,
        topic=row.text("topic"),
        question=row.text("question"),
        passage=row.text("passage"),
    )
