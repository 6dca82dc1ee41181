"""Reports that lie in the state directory, and nothing else that lies there.

var/reports/<name>/    one report: a corpus report, or an evaluation that was written there
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILES = {
    "corpus-report.html": "text/html; charset=utf-8",
    "corpus-report.json": "application/json",
    "report.html": "text/html; charset=utf-8",
    "metrics.json": "application/json",
}
"""Which files of a report may be read, and what they are."""
CORPUS_REPORT = "corpus-"
CORPUS_REPORTS_KEPT = 10
MOST_LISTED = 100
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report, when it was written, and its files with their sizes in bytes."""

    name: str
    created_at: datetime
    files: tuple[tuple[str, int], ...]


class ReportFiles:
    """The reports below a state directory."""

    def __init__(self, var: Path) -> None:
        self._root = var / "reports"

    def all(self) -> Sequence[Report]:
        """Return the reports, newest first, at most a hundred; a folder without any file of a report is none."""
        if not self._root.is_dir():
            return ()
        found = [self._report(path.name) for path in self._root.iterdir() if self._folder(path.name) is not None]
        reports = sorted((each for each in found if each.files), key=lambda each: (each.created_at, each.name))
        return reports[::-1][:MOST_LISTED]

    def read(self, name: str, file: str) -> bytes | None:
        """Return one file of a report, or ``None`` where there is none that may be read."""
        folder = self._folder(name)
        if folder is None or file not in FILES:
            return None
        path = folder / file
        return path.read_bytes() if path.is_file() and not path.is_symlink() else None

    def new_corpus_report(self, at: datetime) -> Path:
        """Return the folder for a new corpus report, and remove the oldest of those that were made so."""
        mine = sorted(path for path in self._root.glob(f"{CORPUS_REPORT}*") if path.is_dir() and not path.is_symlink())
        for path in mine[: max(0, len(mine) - CORPUS_REPORTS_KEPT + 1)]:
            shutil.rmtree(path, ignore_errors=True)
        return self._root / f"{CORPUS_REPORT}{at:%Y%m%dT%H%M%SZ}"

    def _folder(self, name: str) -> Path | None:
        path = self._root / name
        return path if _NAME.fullmatch(name) and path.is_dir() and not path.is_symlink() else None

    def _report(self, name: str) -> Report:
        folder = self._root / name
        paths = [path for file in FILES if (path := folder / file).is_file() and not path.is_symlink()]
        written = max((path.stat().st_mtime for path in paths), default=0.0)
        files = tuple((path.name, path.stat().st_size) for path in paths)
        return Report(name=name, created_at=datetime.fromtimestamp(written, UTC), files=files)
