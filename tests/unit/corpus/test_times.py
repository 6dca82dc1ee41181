from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.times import bound, check_bound, format_time, parse_moment, parse_span, parse_time

STEADY = settings(deadline=None, derandomize=True)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST, LAST = datetime(1, 1, 3), datetime(9999, 12, 29)
ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@STEADY
@given(st.datetimes(FIRST, LAST, timezones=ZONES))
def test_times_survive_writing_and_reading(time: datetime) -> None:
    written = format_time(time)

    assert written.endswith("Z")
    assert parse_time(written) == time
    assert parse_time(time.isoformat()) == time


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("2026-01-01t00:00:00z", "2026-01-01T00:00:00Z"),
        ("2026-01-01T01:30:00+01:30", "2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00-00:00", "2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.500000Z"),
        ("2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00.123456Z"),
        ("1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520000Z"),  # RFC 3339, section 5.8
        ("1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57Z"),  # the same section: its own equivalent in UTC
    ],
)
def test_rfc_3339_times_are_read_into_utc(text: str, written: str) -> None:
    time = parse_time(text)

    assert time.tzinfo is UTC
    assert format_time(time) == written


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00Z",
        "20260101T000000Z",
        "2026-01-01T00:00:00+0100",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+01:60",
        "2026-01-01T00:00:00Z\n",
        "٢٠٢٦-01-01T00:00:00Z",
        "",
        1767225600,
        1767225600.0,
        None,
        True,
    ],
)
def test_other_values_are_refused_with_an_example(value: object) -> None:
    with pytest.raises(ValueError, match=r"expected an RFC 3339 time with zone such as 2026-01-01T00:00:00Z"):
        parse_time(value)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
    ],
)
def test_times_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a time that exists"):
        parse_time(text)


def test_a_leap_second_is_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match="write a leap second as second 59"):
        parse_time("2016-12-31T23:59:60Z")


def test_a_naive_time_is_never_written() -> None:
    with pytest.raises(ValueError, match="without zone"):
        format_time(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("+P1D", timedelta(days=1)),
        ("-P30D", timedelta(days=-30)),
        ("+PT2H", timedelta(hours=2)),
        ("-PT5M", timedelta(minutes=-5)),
        ("+P1DT2H3M", timedelta(days=1, hours=2, minutes=3)),
        ("+P1DT3M", timedelta(days=1, minutes=3)),
        ("-P0D", timedelta(0)),
    ],
)
def test_spans_are_days_hours_and_minutes_with_a_sign(text: str, span: timedelta) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    "text", ["P1D", "+P", "+PT", "+P1DT", "+P1W", "+P1Y", "+P1.5D", "+P100000D", "-1D", "+P-1D", "+P1M"]
)
def test_other_spans_are_none(text: str) -> None:
    assert parse_span(text) is None


@pytest.mark.parametrize("value", ["morgen", "+P1W", 5, None, "2026-02-30", "2026-01-01T00:00:00", True])
def test_bounds_of_rules_are_checked(value: object) -> None:
    with pytest.raises(ValueError, match=r"found .*, expected"):
        check_bound(value)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T00:00:00+01:00", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("-PT12H", datetime(2026, 3, 1, tzinfo=UTC)),
        ("+P1D", datetime(2026, 3, 2, 12, tzinfo=UTC)),
    ],
)
def test_bounds_are_times_in_utc(text: str, time: datetime) -> None:
    check_bound(text)

    assert bound(text, NOON) == time


def test_bounds_beyond_the_calendar_are_clamped() -> None:
    assert bound("-P99999D", datetime(1, 1, 2, tzinfo=UTC)) == datetime.min.replace(tzinfo=UTC)
    assert bound("+P99999D", datetime(9999, 1, 1, tzinfo=UTC)) == datetime.max.replace(tzinfo=UTC)


def test_a_moment_may_be_an_aware_datetime_but_not_a_naive_one() -> None:
    assert parse_moment(NOON) == NOON
    with pytest.raises(ValueError, match="RFC 3339"):
        parse_moment(NOON.replace(tzinfo=None))
