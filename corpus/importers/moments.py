"""Times as foreign systems write them, as the contract does."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from corpus.importers.fates import RowRefusedError
from corpus.importers.shapes import shape
from corpus.times import format_time

_ISO = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[Tt ]\s*(?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s*(?P<zone>[Zz]|UTC|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_GERMAN = re.compile(
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?:,?\s+(?P<hour>\d{1,2}):(?P<rest>\d\d(?::\d\d)?)(?:\s+Uhr)?)?",
    re.ASCII,
)
_EXPECTED = "expected a time such as 2026-03-01T08:00:00+01:00, 2026-03-01 08:00 or 01.03.2026 08:00"


def moment(text: str, zone: ZoneInfo | None, form: str | None = None) -> str:
    """Return a time as RFC 3339 in UTC.

    Read are ISO 8601 with or without zone and German dates; ``form`` (as of ``strptime``) replaces both. A time without
    zone is one of ``zone``, a date alone its midnight; what the autumn has twice is the first of the two. Raises
    RowRefusedError, which shows the shape of what was found (digits as 9, letters as a), never its words.
    """
    found = text.strip()
    try:
        time = datetime.strptime(found, form) if form else datetime.fromisoformat(_as_iso(found))
    except ValueError:
        expected = f"expected a time in the form {form}" if form else _EXPECTED
        raise RowRefusedError(
            f"found {shape(found)}, {expected}", "correct the cell, or set time_format in the map"
        ) from None
    if time.tzinfo is None:
        if zone is None:
            raise RowRefusedError("found a time without zone, expected one", "say which: --timezone Europe/Berlin")
        time = time.replace(tzinfo=zone)
    try:
        return format_time(time)
    except OverflowError:
        raise RowRefusedError(
            "found a time at the end of the calendar, expected a real one", "correct the cell"
        ) from None


def _as_iso(text: str) -> str:
    if match := _ISO.fullmatch(text):
        zone = {"Z": "+00:00", "UTC": "+00:00"}.get((match["zone"] or "").upper(), match["zone"] or "")
        return f"{match['date']}T{match['time'] or '00:00'}{zone}"
    if match := _GERMAN.fullmatch(text):
        clock = f"{int(match['hour']):02}:{match['rest']}" if match["hour"] else "00:00"
        return f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}T{clock}"
    raise ValueError
