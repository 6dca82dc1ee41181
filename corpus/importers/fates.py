"""What becomes of each row of a foreign export: taken, quarantined or skipped; there is no fourth way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from corpus.importers.files import Source, UnusableEntry
from corpus.importers.limits import SHIPPED_LIMITS, ImportLimits
from corpus.models import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a row stands: the file, as the export names it, and a line from 1 or a JSON Pointer where there is one."""

    file: str
    line: int | None = None
    pointer: str = ""

    def __str__(self) -> str:
        """Return ``file``, ``file:line`` or ``file:/pointer``."""
        return (
            f"{self.file}:{self.line}" if self.line is not None else ":".join(filter(None, (self.file, self.pointer)))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A row that became a record, in the contract's fields as JSON values; the reader has not judged it yet."""

    place: Place
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A row that could not be taken: why, and how to mend it. Neither holds the text of a case."""

    place: Place
    reason: str
    hint: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A row that is left out on purpose, such as an older version; ``reason`` is one of few, so it can be counted."""

    place: Place
    reason: str


Fate = Taken | Quarantined | Skipped


class RowRefusedError(ValueError):
    """A row that cannot become a record; importers turn it into a `Quarantined`."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint

    def at(self, place: Place, key: str = "") -> Quarantined:
        """Return what becomes of the row at ``place``."""
        return Quarantined(place=place, reason=self.reason, hint=self.hint, id=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What the user said beside the path and the kind.

    ``map`` is the content of the field map file; ``language`` and ``timezone`` are used where a row names none.
    """

    language: str | None = None
    timezone: ZoneInfo | None = None
    encoding: str | None = None
    map: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    limits: ImportLimits = SHIPPED_LIMITS


class Importer(Protocol):
    """Reads one kind of export: the same bytes and options give the same fates in the same order."""

    @property
    def brings(self) -> Kind:
        """Which file of the corpus folder its records become."""

    def read(self, source: Source, options: ImportOptions) -> Iterator[Fate]:
        """Yield exactly one fate for every row found, raising ImportFailedError where nothing at all can be read."""


def fate_of_unusable(entry: UnusableEntry) -> Fate:
    """Return what becomes of an entry of the export that is no file to read."""
    place = Place(file=entry.name)
    if entry.harmless:
        return Skipped(place=place, reason=entry.reason)
    return Quarantined(place=place, reason=f"found {entry.reason}", hint=entry.hint)
