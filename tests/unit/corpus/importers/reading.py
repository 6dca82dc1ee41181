"""A small way to read an export that a test writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from corpus.importers.fates import Fate, ImportOptions, Quarantined, Skipped, Taken
from corpus.importers.running import importers
from corpus.importers.source import open_source

BERLIN = ZoneInfo("Europe/Berlin")


def fates_of(folder: Path, kind: str, files: Mapping[str, Any], **options: Any) -> list[Fate]:
    """Write files (texts, bytes, or values as JSON) and return what becomes of their rows."""
    for name, content in files.items():
        path = folder / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    settings = ImportOptions(**({"timezone": BERLIN} | options))
    return list(importers()[kind].read(open_source(folder / "export", settings.limits), settings))


def only_record(fates: list[Fate]) -> Mapping[str, Any]:
    """Return the record of the one row, which was taken."""
    assert [type(fate) for fate in fates] == [Taken], fates
    fate = fates[0]
    assert isinstance(fate, Taken)
    return fate.record


def reasons(fates: list[Fate]) -> list[str]:
    """Return why rows were not taken."""
    return [fate.reason for fate in fates if isinstance(fate, Quarantined | Skipped)]
