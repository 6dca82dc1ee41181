"""The quarantine: what an import could not take, one JSON object a line, beside the corpus files.

A row holds the kind, where it stands, why, how to mend it and its id; never more of what it says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.importers.fates import Quarantined
from corpus.importers.texts import clean
from corpus.models import Kind

FILE = "quarantine.jsonl"
_REASON = 1_000


def quarantine_line(kind: Kind, importer: str, row: Quarantined) -> bytes:
    """Return one row as a line."""
    values: dict[str, Any] = {
        "kind": kind,
        "import": importer,
        "file": row.place.file,
        "line": row.place.line,
        "pointer": row.place.pointer or None,
        "id": row.id or None,
        "reason": row.reason[:_REASON],
        "hint": row.hint or None,
    }
    given = {name: clean(value) for name, value in values.items() if value is not None}
    return json.dumps(given, ensure_ascii=False).encode() + b"\n"


def lines_of_other_kinds(path: Path, kind: Kind) -> Iterator[bytes]:
    """Yield what imports of other kinds left in a quarantine file; none where there is no such file."""
    if not path.is_file():
        return
    with path.open("rb") as lines:
        for line in lines:
            if _kind_of(line) not in (kind, None):
                yield line


def _kind_of(line: bytes) -> str | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    found = value.get("kind") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None
