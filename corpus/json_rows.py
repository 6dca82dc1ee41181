"""Rows of JSON Lines files other than the corpus contract's: every fault told with file, line and key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.findings import Findings
from corpus.jsonl import Limits, LineFault, read_lines
from corpus.strict_json import StrictJsonError, parse_json
from corpus.wording import show

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Row:
    """One object of a file. Its readers note what is wrong and return a harmless value, so that all faults are met.

    ``pointer`` is where it lies in its line, a JSON Pointer.
    """

    file: str
    line: int
    values: Mapping[str, Any]
    findings: Findings
    pointer: str = ""

    def text(self, key: str, *, blank: bool = False) -> str:
        """Return a text that must be there; ``blank`` allows white space alone."""
        value = self.values.get(key)
        if not isinstance(value, str) or not (blank or value.strip()):
            found = show(value) if key in self.values else "no such key"
            self.fault(key, f"found {found}, expected a text{'' if blank else ' that is not blank'}")
            return ""
        return value

    def optional(self, key: str) -> str | None:
        """Return a text that may be absent, null or blank: all three are ``None``."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            self.fault(key, f"found {show(value)}, expected a text, or none")
            return None
        return value if value and value.strip() else None

    def language(self, *, required: bool) -> str | None:
        """Return the key ``language``; ``None`` where it is absent and need not be there."""
        value = self.text("language") if required else self.optional("language")
        if value and not _LANGUAGE.fullmatch(value):
            self.fault("language", f"found {show(value)}, expected a BCP-47 language tag such as de or en-GB")
        return value

    def fault(self, key: str, message: str) -> None:
        """Note what is wrong with a key."""
        self.findings.add(self.file, self.line, f"{self.pointer}/{key}", message)


def read_rows(path: Path, file: str, findings: Findings, *, unique: str) -> Iterator[Row]:
    """Yield the objects of a file that messages call ``file``; each value of the key ``unique`` may come once.

    What is no object with that key is noted and left out.
    """
    lines: dict[str, int] = {}
    for number, line in read_lines(path, Limits()):
        if (row := _read(line, file, number, findings)) is None:
            continue
        if not (key := row.text(unique)):
            continue
        if (first := lines.setdefault(key, number)) != number:
            row.fault(unique, f"found {show(key)}, which line {first} has already, expected each once")
        yield row


def find_file(folder: Path, name: str, findings: Findings) -> Path | None:
    """Return ``name`` or the same with ``.gz``, noting when there is none of them or both."""
    found = [path for path in (folder / name, folder / f"{name}.gz") if path.is_file()]
    if not found:
        findings.add(f"{folder.name}/{name}", None, "", "found no file of this name (nor with .gz), expected one")
    elif len(found) > 1:
        message = f"found beside {found[1].name}, expected one of the two: remove the one that is out of date"
        findings.add(f"{folder.name}/{name}", None, "", message)
    return found[0] if len(found) == 1 else None


def _read(line: bytes | LineFault, file: str, number: int, findings: Findings) -> Row | None:
    if isinstance(line, LineFault):
        findings.add(file, number, "", str(line))
        return None
    try:
        value = parse_json(line.rstrip(b"\r\n"))
    except StrictJsonError as error:
        place = "" if error.column is None else f"column {error.column}: "
        findings.add(file, number, "", place + error.reason)
        return None
    if not isinstance(value, dict):
        findings.add(file, number, "", f"found {show(value)}, expected an object")
        return None
    return Row(file, number, value, findings)
