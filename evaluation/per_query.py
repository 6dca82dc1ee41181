"""``per_query.csv``: one row for each question and system, for whoever wants to look behind the means."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evaluation.cells import harmless, original
from evaluation.metrics import METRICS
from evaluation.results import NOTHING

DIGITS = 6
_FIXED = ("kind", "question", "group", "system")
_ANSWER = ("first_item", "confidence", "first_relevant_rank")
_SLICE = "slice:"


class PerQueryError(ValueError):
    """A ``per_query.csv`` that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one system reached for one question.

    ``metrics`` (0 to 1) holds every metric of ``METRICS``. ``first_item`` and ``confidence`` are ``None`` where there
    was no answer or no confidence; ``first_relevant_rank`` counts from 1, ``None`` where nothing relevant was found.
    """

    kind: str
    question: str
    group: str
    system: str
    metrics: Mapping[str, float]
    first_item: str | None = None
    confidence: float | None = None
    first_relevant_rank: int | None = None
    slices: Mapping[str, str] = field(default_factory=lambda: NOTHING)


def write_per_query(path: Path, outcomes: Iterable[Outcome]) -> None:
    """Write outcomes ordered by kind, question and system; a column for each slice that any question has."""
    rows = sorted(outcomes, key=lambda each: (each.kind, each.question, each.system))
    slices = sorted({name for row in rows for name in row.slices})
    with path.open("w", encoding="utf-8", newline="") as file:
        # RFC 4180. With a bare line feed a carriage return in a cell would go unquoted, and begin a row of its own.
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([*_FIXED, *(harmless(f"{_SLICE}{name}") for name in slices), *METRICS, *_ANSWER])
        writer.writerows(_cells(row, slices) for row in rows)


def read_per_query(path: Path) -> tuple[Outcome, ...]:
    """Read what ``write_per_query`` wrote. Raises ``PerQueryError`` that names the file and line."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        missing = [name for name in (*_FIXED, *METRICS, *_ANSWER) if name not in (reader.fieldnames or ())]
        if missing:
            raise PerQueryError(f"{path}: found no column {', '.join(missing)}; evaluate again to write the file anew")
        try:
            return tuple(_outcome(row) for row in reader)
        except (ValueError, TypeError, AttributeError, csv.Error) as error:
            raise PerQueryError(f"{path}, line {reader.line_num}: {error}; evaluate again to write it anew") from error


def _cells(row: Outcome, slices: Sequence[str]) -> list[str]:
    return [
        *(harmless(each) for each in (row.kind, row.question, row.group, row.system)),
        *(harmless(row.slices.get(name, "")) for name in slices),
        *(_number(row.metrics[metric]) for metric in METRICS),
        harmless(row.first_item or ""),
        "" if row.confidence is None else _number(row.confidence),
        "" if row.first_relevant_rank is None else str(row.first_relevant_rank),
    ]


def _number(value: float) -> str:
    # Shares from 0 to 1: never negative, so never a formula.
    return f"{float(value):.{DIGITS}f}".rstrip("0").rstrip(".")


def _outcome(row: Mapping[str, str]) -> Outcome:
    kind, question, group, system = (original(row[name]) for name in _FIXED)
    return Outcome(
        kind=kind,
        question=question,
        group=group,
        system=system,
        metrics={metric: float(row[metric]) for metric in METRICS},
        first_item=original(row["first_item"]) or None,
        confidence=float(row["confidence"]) if row["confidence"] else None,
        first_relevant_rank=int(row["first_relevant_rank"]) if row["first_relevant_rank"] else None,
        slices={
            name.removeprefix(_SLICE): original(cell) for name, cell in row.items() if name.startswith(_SLICE) and cell
        },
    )
