"""Rows that an importer set aside: ``quarantine.jsonl`` in a corpus folder, an object with a ``reason`` each line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from corpus.jsonl import Limits, LineFault, read_lines
from corpus.strict_json import StrictJsonError, parse_json

QUARANTINE_FILE = "quarantine.jsonl"
UNTOLD = "no reason given"


def quarantined(folder: Path) -> Mapping[str, int]:
    """Return how many rows were set aside, by reason, the commonest first; none where there is no such file."""
    file = folder / QUARANTINE_FILE
    if not file.is_file():
        return {}
    counts = Counter(_reason(line) for _, line in read_lines(file, Limits()))
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _reason(line: bytes | LineFault) -> str:
    if isinstance(line, LineFault):
        return UNTOLD
    try:
        row = parse_json(line.rstrip(b"\r\n"))
    except StrictJsonError:
        return UNTOLD
    reason = row.get("reason") if isinstance(row, dict) else None
    return reason if isinstance(reason, str) and reason else UNTOLD
