"""JSON exports: lists of objects under known names, out of one file or many pages of an API."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from corpus.importers.decoding import decode
from corpus.importers.fates import Fate, ImportOptions, Place, Quarantined, Skipped, fate_of_unusable
from corpus.importers.files import EntryFault, Source, SourceFile


@dataclass(frozen=True, slots=True)
class JsonRow:
    """One object of an export: the list that it stands in, and where."""

    list: str
    place: Place
    values: Mapping[str, Any]


def json_rows(source: Source, options: ImportOptions, lists: Collection[str]) -> Iterator[JsonRow | Fate]:
    """Yield the objects of the named lists in all JSON files, and a fate for what is none.

    A file is an object with some of the lists, or a list itself: then its name begins with that of the list.
    """
    for entry in source():
        if not isinstance(entry, SourceFile):
            yield fate_of_unusable(entry)
        elif entry.suffix != ".json":
            yield Skipped(place=Place(file=entry.name), reason="no JSON file")
        else:
            yield from _rows(entry, options, lists)


def _rows(file: SourceFile, options: ImportOptions, lists: Collection[str]) -> Iterator[JsonRow | Fate]:
    place = Place(file=file.name)
    try:
        found = _named(json.loads(decode(file.read(options.limits.file)).lstrip("\ufeff")), file.name, lists)
    except EntryFault as fault:
        yield Quarantined(place=place, reason=fault.reason, hint=fault.hint)
        return
    except json.JSONDecodeError as error:
        where = Place(file=file.name, line=error.lineno)
        yield Quarantined(
            place=where, reason=f"found no JSON ({error.msg})", hint="the file may be cut off: export it again"
        )
        return
    except (ValueError, RecursionError):
        yield Quarantined(
            place=place, reason="found JSON with numbers or nesting beyond all bounds", hint="export it again"
        )
        return
    if not found:
        names = ", ".join(lists)
        yield Quarantined(place=place, reason=f"found none of the lists {names}", hint="check the kind of the import")
    for name, rows in found.items():
        for position, values in enumerate(rows):
            at = Place(file=file.name, pointer=f"/{name}/{position}")
            if isinstance(values, dict):
                yield JsonRow(name, at, values)
            else:
                yield Quarantined(place=at, reason="found no object, expected one", hint="export the file again")


def _named(value: Any, file: str, lists: Collection[str]) -> dict[str, list[Any]]:
    if isinstance(value, list):
        stem = PurePosixPath(file).stem.lower()
        name = next((name for name in sorted(lists, key=len, reverse=True) if stem.startswith(name)), None)
        return {name: value} if name else {}
    if not isinstance(value, dict):
        return {}
    return {name: value[name] for name in lists if isinstance(value.get(name), list)}


def text_of(values: Mapping[str, Any], name: str) -> str:
    """Return a value as text: texts and whole numbers as they stand, all else as none."""
    found = values.get(name)
    if isinstance(found, str):
        return found.strip()
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else ""


def texts_of(values: Mapping[str, Any], name: str) -> list[str]:
    """Return the texts of a list; none where there is no list."""
    found = values.get(name)
    return [each.strip() for each in found if isinstance(each, str) and each.strip()] if isinstance(found, list) else []
