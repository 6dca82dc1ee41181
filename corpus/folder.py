"""Reading a corpus folder: every record checked, every fault told with file, line and key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from corpus.findings import CorpusErrors, CorpusProblem, Findings
from corpus.jsonl import Limits, LineFault, Progress, read_lines
from corpus.models import KINDS, Action, Article, Case, Kind, Pin, Record, Template
from corpus.records import RecordError, read_record
from corpus.references import Dangling, find_dangling
from corpus.strict_json import StrictJsonError, parse_json
from corpus.wording import show

__all__ = ["Corpus", "CorpusErrors", "CorpusProblem", "Limits", "Progress", "read_cases", "read_corpus"]

_ENDINGS = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """All records of a folder, in the order of their files, and the ids they name in vain."""

    articles: tuple[Article, ...] = ()
    templates: tuple[Template, ...] = ()
    actions: tuple[Action, ...] = ()
    cases: tuple[Case, ...] = ()
    pins: tuple[Pin, ...] = ()
    dangling: Dangling


def read_corpus(folder: Path, *, limits: Limits | None = None, progress: Progress | None = None) -> Corpus:
    """Return the corpus in ``folder``, raising CorpusErrors with the faults of all its files."""
    findings = Findings()
    records: dict[Kind, tuple[Any, ...]] = dict.fromkeys(KINDS, ())
    for kind, path in _find_files(folder, findings):
        reader = _FileReader(kind, path.name, findings)
        records[kind] = reader.read(path, limits or Limits(), progress)
    findings.raise_if_any()
    return Corpus(**records, dangling=find_dangling(**records))


def read_cases(file: Path, *, limits: Limits | None = None, progress: Progress | None = None) -> tuple[Case, ...]:
    """Return the cases of one JSON Lines file (packed if it ends in ``.gz``), raising CorpusErrors with its faults."""
    findings = Findings()
    cases = _FileReader("cases", str(file), findings).read(file, limits or Limits(), progress)
    findings.raise_if_any()
    return cast(tuple[Case, ...], cases)


def _find_files(folder: Path, findings: Findings) -> Iterator[tuple[Kind, Path]]:
    if not folder.is_dir():
        findings.add(str(folder), None, "", "found no folder of this name, expected a corpus folder")
        return
    found = {kind: [path for path in _candidates(folder, kind) if path.exists() or path.is_symlink()] for kind in KINDS}
    for kind, paths in found.items():
        if len(paths) > 1:
            message = f"found beside {paths[1].name}, expected one of the two: remove the one that is out of date"
            findings.add(paths[0].name, None, "", message)
        elif paths:
            yield kind, paths[0]
    if not any(found.values()):
        names = ", ".join(f"{kind}.jsonl" for kind in KINDS)
        findings.add(str(folder), None, "", f"found none of {names} (or the same with .gz), expected at least one")


def _candidates(folder: Path, kind: Kind) -> list[Path]:
    return [folder / f"{kind}{ending}" for ending in _ENDINGS]


class _FileReader:
    """Reads the records of one file, and notes what is wrong with it."""

    def __init__(self, kind: Kind, name: str, findings: Findings) -> None:
        self._kind, self._name, self._findings = kind, name, findings
        self._lines: dict[str, int] = {}
        self._records: list[Record] = []

    def read(self, path: Path, limits: Limits, progress: Progress | None) -> tuple[Record, ...]:
        if not path.is_file():
            self._findings.add(self._name, None, "", "found no regular file of this name, expected JSON Lines")
            return ()
        try:
            for number, line in read_lines(path, limits, progress):
                self._read_line(number, line)
        except OSError as error:
            message = f"cannot be opened ({error.strerror}), expected a readable file: check its permissions"
            self._findings.add(self._name, None, "", message)
        return tuple(self._records)

    def _read_line(self, number: int, line: bytes | LineFault) -> None:
        if isinstance(line, LineFault):
            self._findings.add(self._name, number, "", str(line))
            return
        try:
            value = parse_json(line.rstrip(b"\r\n"))
        except StrictJsonError as error:
            place = "" if error.column is None else f"column {error.column}: "
            self._findings.add(self._name, number, "", place + error.reason)
            return
        self._check_twice(number, value)
        self._read_value(number, value)

    def _check_twice(self, number: int, value: object) -> None:
        found = value.get("id") if isinstance(value, dict) else None
        if isinstance(found, str) and (first := self._lines.setdefault(found, number)) != number:
            message = f"found {show(found)}, which line {first} has already, expected each id once"
            self._findings.add(self._name, number, "/id", message)

    def _read_value(self, number: int, value: object) -> None:
        try:
            self._records.append(read_record(self._kind, value))
        except RecordError as error:
            for problem in error.problems:
                self._findings.add(self._name, number, problem.pointer, problem.message)
