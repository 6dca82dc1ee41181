"""What an import did, told to people and programs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.models import Kind

_SHOWN = 5
_SHOWN_SKIPPED = 10
_DETAIL = re.compile(r'(?<=found )(?:"(?:[^"\\]|\\.)*"|[\d.:T+-]+)|(?<=that ).*(?= has already)')


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """Counts of one import: rows ``found`` are those taken, quarantined and skipped; the latter two by reason."""

    kind: str
    brings: Kind
    found: int
    taken: int
    quarantined: int
    skipped: Mapping[str, int]
    reasons: Mapping[str, int]
    target: Path
    quarantine: Path

    def summary(self) -> str:
        """Return all counts in one line."""
        skipped = sum(self.skipped.values())
        return f"{self.found} rows found, {self.taken} taken, {self.quarantined} quarantined, {skipped} skipped"

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "kind": self.kind,
            "found": self.found,
            "taken": self.taken,
            "quarantined": self.quarantined,
            "skipped": dict(self.skipped),
            "reasons": dict(self.reasons),
            "target": str(self.target),
        }

    def lines(self) -> list[str]:
        """Return what stdout tells: counts, what was skipped and why, where the records are."""
        skipped = [f"  skipped: {count} × {reason}" for reason, count in list(self.skipped.items())[:_SHOWN_SKIPPED]]
        if rest := list(self.skipped.values())[_SHOWN_SKIPPED:]:
            skipped.append(f"  skipped: {sum(rest)} for {len(rest)} more reasons (--json has them all)")
        return [f"{self.kind}: {self.summary()}", *skipped, f"written: {self.target} ({self.taken} {self.brings})"]

    def warnings(self) -> list[str]:
        """Return what stderr tells: why rows are in quarantine, the most frequent reasons first."""
        if not self.quarantined:
            return []
        alike: Counter[str] = Counter()
        for reason, count in self.reasons.items():
            alike[_DETAIL.sub("…", reason)] += count
        shown = [f"  {count} × {reason}" for reason, count in alike.most_common(_SHOWN)]
        rest = [f"  and {len(alike) - _SHOWN} more reasons"] if len(alike) > _SHOWN else []
        return [
            f"{self.quarantined} rows are in quarantine, each with place and hint: {self.quarantine}",
            *shown,
            *rest,
        ]
