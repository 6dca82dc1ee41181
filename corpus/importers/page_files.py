"""What importers of single pages share: a fate for every file of the export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from corpus.importers.fates import (
    Fate,
    ImportOptions,
    Place,
    Quarantined,
    RowRefusedError,
    Skipped,
    Taken,
    fate_of_unusable,
)
from corpus.importers.files import EntryFault, Source, SourceFile

ReadPage = Callable[[SourceFile, ImportOptions], dict[str, Any] | str]
"""Returns the record of a page, or why it is left out on purpose; raises RowRefusedError for what cannot be taken."""


def page_fates(
    source: Source, options: ImportOptions, endings: frozenset[str], no_page: str, read: ReadPage
) -> Iterator[Fate]:
    """Yield a fate for each file; those of other endings are skipped as ``no_page``."""
    for entry in source():
        if not isinstance(entry, SourceFile):
            yield fate_of_unusable(entry)
        elif entry.suffix not in endings:
            yield Skipped(place=Place(file=entry.name), reason=f"{no_page} ({entry.suffix or 'without ending'})")
        else:
            yield _fate(entry, options, read)


def _fate(file: SourceFile, options: ImportOptions, read: ReadPage) -> Fate:
    place = Place(file=file.name)
    try:
        record = read(file, options)
    except RowRefusedError as error:
        return error.at(place)
    except EntryFault as fault:
        return Quarantined(place=place, reason=fault.reason, hint=fault.hint)
    except OSError as error:
        return Quarantined(place=place, reason=f"cannot be read ({error.strerror})", hint="check its permissions")
    return Skipped(place=place, reason=record) if isinstance(record, str) else Taken(place=place, record=record)
