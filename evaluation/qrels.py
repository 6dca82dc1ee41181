"""Judgements as BEIR folders keep them: a table of query, document and score, parted by tabs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from corpus.findings import Findings
from corpus.wording import show

HEADER = ("query-id", "corpus-id", "score")


@dataclass(slots=True)
class Qrels:
    """The documents that are right for each query (a score above 0), and what named something unknown."""

    relevant: dict[str, set[str]] = field(default_factory=dict)
    unknown_queries: int = 0
    unknown_documents: int = 0


def read_qrels(
    path: Path, file: str, findings: Findings, *, queries: Collection[str], documents: Collection[str]
) -> Qrels:
    """Read ``qrels/test.tsv``, which messages call ``file``; judgements of unknown ids are counted and left out."""
    qrels = Qrels()
    lines: dict[tuple[str, str], int] = {}
    for number, fields in _rows(path, file, findings):
        query, document, score = fields
        if (first := lines.setdefault((query, document), number)) != number:
            message = f"found {show(query)} with {show(document)}, which line {first} has already, expected each once"
            findings.add(file, number, "", message)
        if query not in queries:
            qrels.unknown_queries += 1
        elif document not in documents:
            qrels.unknown_documents += 1
        elif score > 0:
            qrels.relevant.setdefault(query, set()).add(document)
    return qrels


def _rows(path: Path, file: str, findings: Findings) -> list[tuple[int, tuple[str, str, int]]]:
    try:
        lines = path.read_bytes().decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        message = f"found byte {error.start + 1} that is not UTF-8, expected UTF-8: save the file as that"
        findings.add(file, None, "", message)
        return []
    if tuple(lines[0].rstrip("\r").split("\t")) != HEADER:
        findings.add(file, 1, "", f"found {show(lines[0])}, expected the header {', '.join(HEADER)}, parted by tabs")
        return []
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() and (row := _row(line.rstrip("\r"), file, number, findings)):
            rows.append((number, row))
    return rows


def _row(line: str, file: str, number: int, findings: Findings) -> tuple[str, str, int] | None:
    fields = line.split("\t")
    if len(fields) != len(HEADER):
        findings.add(file, number, "", f"found {len(fields)} fields, expected {', '.join(HEADER)}, parted by tabs")
        return None
    try:
        return fields[0], fields[1], int(fields[2])
    except ValueError:
        findings.add(file, number, "", f"found the score {show(fields[2])}, expected a whole number: above 0 is right")
        return None
