"""Bounds of what an import reads, so that no export can fill the memory or the disk."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.fields import MAX_TEXT
from corpus.jsonl import MAX_FILE

_MIB = 1 << 20


class ImportFailedError(ValueError):
    """An export that cannot be imported at all; the message says what was found, expected, and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLimits:
    """Sizes in bytes unless told otherwise.

    ``page``: a Markdown or HTML file; ``file``: a JSON file, or any file out of an archive; ``table``: a CSV file that
    lies in a folder and is read in pieces; ``unpacked`` and ``ratio``: an archive (or XLSX file) as a whole, and how
    many times its own size it may unpack to; ``small``: what it may unpack to whatever its own size is; ``entries``:
    files and folders in a source; ``rows`` and ``columns`` of a table; ``cell``: characters in one cell.
    """

    page: int = 8 * _MIB
    file: int = 256 * _MIB
    table: int = MAX_FILE
    unpacked: int = 2_048 * _MIB
    ratio: int = 200
    small: int = 32 * _MIB
    entries: int = 200_000
    rows: int = 2_000_000
    columns: int = 1_000
    cell: int = MAX_TEXT

    def budget(self, packed: int) -> int:
        """Return to how many bytes an archive of ``packed`` bytes may unpack."""
        return min(self.unpacked, max(self.small, packed * self.ratio))


SHIPPED_LIMITS = ImportLimits()
