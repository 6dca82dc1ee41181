"""Runs and judgements as TREC files, the form in which other tools exchange them.

A run has lines ``question Q0 item rank score system``, judgements lines ``question 0 item relevance``. Fields are
parted by white space, which no id may hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from evaluation.metrics import Qrels
from evaluation.questions import Ranking, Run


class TrecFileError(ValueError):
    """A TREC file, or what should become one, is not as expected; the message names file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """The fields of one line, and where it stands."""

    path: Path
    number: int
    fields: tuple[str, ...]

    def error(self, problem: str) -> TrecFileError:
        return TrecFileError(f"{self.path}:{self.number}: {problem}")


def write_run(path: Path, run: Run) -> None:
    """Write a run, questions in the order of the run, best item first; the score is minus the rank, so none are tied.

    A question without results leaves no line: whoever reads the run needs the judgements to know that it was asked.
    """
    rows = (
        (question, "Q0", item, str(rank), str(-rank), run.system)
        for question, ranking in run.rankings.items()
        for rank, item in enumerate(ranking.ids, start=1)
    )
    _write(path, rows)


def read_run(path: Path, *, system: str | None = None) -> Run:
    """Read a run; ``system`` renames it, else it bears the name in its last column, or that of an empty file.

    Items are ordered by score, as TREC does, then by rank, then by id. Scores are kept as they stand in the file.
    Raises ``TrecFileError`` for a line that is not well-formed, an item named twice for one question, or lines of
    different systems in one file.
    """
    found: dict[str, dict[str, tuple[float, int]]] = {}
    named: str | None = None
    for line in _read(path, "question Q0 item rank score system"):
        question, _, item, rank, score, tag = line.fields
        named = named or tag
        if tag != named:
            raise line.error(f"found system {tag!r} after {named!r}, expected one system a file; write a file for each")
        items = found.setdefault(question, {})
        if item in items:
            raise line.error(f"found item {item!r} a second time for question {question!r}; rank each item once")
        items[item] = (_score(line, score), _whole(line, "rank", rank))
    rankings = {question: _ranking(items) for question, items in found.items()}
    return Run(system=system or named or path.stem, rankings=rankings)


def write_qrels(path: Path, qrels: Qrels) -> None:
    """Write judgements, a line with relevance 1 for each relevant item, ordered by item within a question."""
    _write(path, ((question, "0", item, "1") for question, items in qrels.items() for item in sorted(items)))


def read_qrels(path: Path) -> dict[str, frozenset[str]]:
    """Read judgements; items with a relevance above 0 are relevant, and questions without one are left out.

    Raises ``TrecFileError`` for a line that is not well-formed or a judgement given twice.
    """
    judged: dict[str, dict[str, int]] = {}
    for line in _read(path, "question 0 item relevance"):
        question, _, item, relevance = line.fields
        items = judged.setdefault(question, {})
        if item in items:
            raise line.error(f"found item {item!r} judged a second time for question {question!r}; judge it once")
        items[item] = _whole(line, "relevance", relevance)
    relevant = {question: frozenset(item for item in items if items[item] > 0) for question, items in judged.items()}
    return {question: items for question, items in relevant.items() if items}


def _ranking(items: dict[str, tuple[float, int]]) -> Ranking:
    ordered = sorted(items, key=lambda item: (-items[item][0], items[item][1], item))
    return Ranking(ids=tuple(ordered), scores=tuple(items[item][0] for item in ordered))


def _write(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    lines = []
    for number, row in enumerate(rows, start=1):
        for text in row:
            if text.split() != [text]:
                raise TrecFileError(f"{path}:{number}: found {text!r}, expected a name without white space; rename it")
        lines.append(" ".join(row) + "\n")
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def _read(path: Path, form: str) -> Iterator[_Line]:
    expected = len(form.split())
    for number, raw in enumerate(path.read_bytes().splitlines(), start=1):
        line = _Line(path=path, number=number, fields=tuple(_decoded(path, number, raw).split()))
        if line.fields and len(line.fields) != expected:
            raise line.error(f"found {len(line.fields)} fields, expected {expected}: {form}")
        if line.fields:
            yield line


def _decoded(path: Path, number: int, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TrecFileError(f"{path}:{number}: found bytes that are not UTF-8; save the file as UTF-8") from None


def _whole(line: _Line, name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise line.error(f"found {name} {text!r}, expected a whole number") from None


def _score(line: _Line, text: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = float("nan")
    if not isfinite(score):
        raise line.error(f"found score {text!r}, expected a finite number")
    return score
