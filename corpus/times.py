"""Times as the corpus contract writes them: RFC 3339 with zone, plain dates, and spans from now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from corpus.wording import show

EXAMPLE = "2026-01-01T00:00:00Z"
_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:(\d\d)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SPAN = re.compile(r"([+-])P(?=\d|T\d)(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,5})M)?)?", re.ASCII)


def parse_time(value: object) -> datetime:
    """Return the UTC time of an RFC 3339 text with zone; digits after the microsecond are dropped.

    Raises ValueError, saying what was found and expected, for anything else: numbers, times without zone,
    days that do not exist, leap seconds.
    """
    match = _RFC3339.fullmatch(value) if isinstance(value, str) else None
    if match is None or not isinstance(value, str):
        raise ValueError(f"found {show(value)}, expected an RFC 3339 time with zone such as {EXAMPLE}")
    if match[1] == "60":
        raise ValueError(f"found {show(value)}, expected seconds from 00 to 59: write a leap second as second 59")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"found {show(value)}, expected a time that exists ({error})") from None


def format_time(time: datetime) -> str:
    """Return a zone-aware time as RFC 3339 in UTC, ending in ``Z``; microseconds only where there are any."""
    if time.tzinfo is None:
        raise ValueError(f"found the time {time.isoformat()} without zone, expected an aware datetime")
    return time.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def parse_span(text: str) -> timedelta | None:
    """Return the span that ``±PnDTnHnM`` denotes (days, hours, minutes; 1 to 5 digits each), or None.

    >>> parse_span("-P1DT12H")
    datetime.timedelta(days=-2, seconds=43200)
    """
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups()[1:])
    span = timedelta(days=days, hours=hours, minutes=minutes)
    return -span if match[1] == "-" else span


def parse_moment(value: object) -> datetime:
    """Return the UTC time of an RFC 3339 text, of ``YYYY-MM-DD`` (midnight UTC) or of an aware datetime.

    Raises ValueError, saying what was found and expected, for anything else.
    """
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if isinstance(value, str) and _DATE.fullmatch(value):
        return parse_time(value + "T00:00:00Z")
    return parse_time(value)


def check_bound(value: object) -> None:
    """Raise ValueError unless a rule may compare times with it: a moment, or a span from now."""
    if isinstance(value, str) and parse_span(value) is not None:
        return
    if isinstance(value, str) and (_RFC3339.fullmatch(value) or _DATE.fullmatch(value)):
        parse_moment(value)
        return
    raise ValueError(
        f"found {show(value)}, expected {EXAMPLE}, 2026-01-01, or a span from now such as -P30D or +P1DT12H"
    )


def bound(value: str, now: datetime) -> datetime:
    """Return the UTC time that a rule's ``before`` or ``after`` compares with, clamped to the calendar."""
    span = parse_span(value)
    if span is None:
        return parse_moment(value)
    try:
        return now.astimezone(UTC) + span
    except OverflowError:
        return (datetime.max if span > timedelta(0) else datetime.min).replace(tzinfo=UTC)


def now_utc() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)
