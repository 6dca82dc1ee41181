"""The templates, or other records, of a file, read so that one that is refused hides no other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.jsonl import Limits, LineFault, read_lines
from corpus.merge_syntax.guess import guess_syntax
from corpus.merge_syntax.maps import MergeMaps
from corpus.models import Kind, Record, Template
from corpus.quicktext.checks import LIQUID
from corpus.quicktext.lint import Remark
from corpus.records import RecordError, read_record
from corpus.strict_json import StrictJsonError, parse_json

_NAMES = ("templates.jsonl", "templates.jsonl.gz")
_IN_TEXT = re.compile(r"line (\d+), column (\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a file: its template, or why there is none; ``body`` is its text, whatever is wrong with it."""

    line: int
    id: str
    body: str = ""
    template: Template | None = None
    refused: tuple[Remark, ...] = ()


def has_templates(folder: Path) -> bool:
    """Whether there is a file of templates in a corpus folder."""
    return any((folder / name).is_file() for name in _NAMES)


def templates_file(folder: Path) -> Path:
    """Return the file of templates in a corpus folder; raise ``FileNotFoundError`` where there is none."""
    for name in _NAMES:
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"{folder}: found neither {' nor '.join(_NAMES)}, expected a corpus folder with templates")


def rows_of(path: Path, adapt: MergeMaps | None = None, syntax: str | None = None) -> Iterator[Row]:
    """Yield the rows of a file; with ``adapt`` rows of an export, which need a ``body`` only.

    The syntax of such a row is ``syntax``, else what the row says, else guessed.
    """
    for number, value in _values_of(path):
        if isinstance(value, _Broken):
            yield Row(line=number, id="", refused=(_remark("", value.reason),))
            continue
        if adapt is not None and isinstance(value, dict):
            value = _adapted(value, number, adapt, syntax)
        yield row_of(number, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """One line of a file of any kind: its record, or why there is none."""

    line: int
    id: str
    record: Record | None = None
    refused: tuple[Remark, ...] = ()


def records_of(path: Path, kind: Kind) -> Iterator[RecordRow]:
    """Yield the rows of a file of a kind of records, so that one that is refused hides no other."""
    for number, value in _values_of(path):
        if isinstance(value, _Broken):
            yield RecordRow(line=number, id="", refused=(_remark("", value.reason),))
            continue
        name = str(value.get("id", "")) if isinstance(value, dict) else ""
        try:
            yield RecordRow(line=number, id=name, record=read_record(kind, value))
        except RecordError as error:
            refused = tuple(_remark(problem.pointer, problem.message) for problem in error.problems)
            yield RecordRow(line=number, id=name, refused=refused)


@dataclass(frozen=True, slots=True)
class _Broken:
    reason: str


def _values_of(path: Path) -> Iterator[tuple[int, object]]:
    """Yield the number and the JSON value of each line, or why it has none."""
    for number, line in read_lines(path, Limits()):
        if isinstance(line, LineFault):
            yield number, _Broken(str(line))
            continue
        try:
            yield number, parse_json(line.rstrip(b"\r\n"))
        except StrictJsonError as error:
            yield number, _Broken(error.reason)


def row_of(number: int, value: object) -> Row:
    """Return the row that a JSON value makes, refused or not."""
    name, body = (str(value.get(key, "")) for key in ("id", "body")) if isinstance(value, dict) else ("", "")
    try:
        record = read_record("templates", value)
    except RecordError as error:
        remarks = tuple(_remark(problem.pointer, problem.message) for problem in error.problems)
        return Row(line=number, id=name, body=body, refused=remarks)
    return Row(line=number, id=record.id, body=body, template=record if isinstance(record, Template) else None)


def _adapted(value: Mapping[str, Any], number: int, maps: MergeMaps, syntax: str | None) -> dict[str, Any]:
    """Return a row of an export as a record: what a record needs and the row lacks is filled in."""
    body = value.get("body")
    name = re.sub(r"[\s/\\?#%\x00-\x1f]+", "_", str(value.get("id", number)))[:200]
    row = {"id": name, "name": name, "language": "und", "format": "html" if "</" in str(body) else "text"}
    row |= {key: value[key] for key in ("name", "language", "format", "subject", "syntax") if value.get(key)}
    if syntax is None and "syntax" not in row:
        guessed = guess_syntax(str(body), maps)
        syntax = LIQUID if guessed is None else guessed.name
    return {**row, "body": body, **({} if syntax is None else {"syntax": syntax})}


def _remark(pointer: str, message: str) -> Remark:
    placed = _IN_TEXT.fullmatch(message)
    if placed is None:
        return Remark(severity="refused", code="record", pointer=pointer, message=message)
    line, column, rest = int(placed[1]), int(placed[2]), placed[3]
    return Remark(severity="refused", code="syntax", pointer=pointer, message=rest, line=line, column=column)
