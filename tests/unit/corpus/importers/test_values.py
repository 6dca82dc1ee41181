"""Ids, times, languages and other values of foreign systems."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.importers.fates import RowRefusedError
from corpus.importers.ids import legal_id, shown_id
from corpus.importers.languages import language_of_lcid, language_of_path, language_tag
from corpus.importers.moments import moment
from corpus.importers.shapes import shape, without_values
from corpus.importers.texts import clean, one_line
from corpus.importers.values import convert

BERLIN = ZoneInfo("Europe/Berlin")
LEGAL = re.compile(r"[^\s/\\?#%\x00-\x1f\x7f-\x9f]{1,200}")


@given(st.text(max_size=400))
def test_a_mended_id_is_legal_or_nothing_and_is_mended_once(text: str) -> None:
    mended = legal_id(text)

    assert not mended or LEGAL.fullmatch(mended)
    assert legal_id(mended) == mended


@pytest.mark.parametrize(
    ("found", "mended"),
    [
        ("KB-1001", "KB-1001"),
        ("Kündigung", "Kündigung"),
        ("Hilfe/Umzug melden?", "Hilfe-Umzug-melden"),
        ("50 % Rabatt", "50-Rabatt"),
        (" # ", ""),
        ("..", ""),
    ],
)
def test_ids_keep_what_is_allowed(found: str, mended: str) -> None:
    assert legal_id(found) == mended


def test_long_ids_stay_apart() -> None:
    first, second = legal_id("x" * 300 + "1"), legal_id("x" * 300 + "2")

    assert len(first) == len(second) == 200
    assert first != second


def test_an_id_that_may_be_a_text_is_not_shown() -> None:
    assert shown_id("F-4711") == "F-4711"
    assert shown_id("Helmut Brandt") == shown_id("x" * 65) == ""


@pytest.mark.parametrize(
    ("found", "time"),
    [
        ("2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z"),
        ("2026-03-01T08:00:00.000+0000", "2026-03-01T08:00:00Z"),
        ("2026-03-01 08:00:00 UTC", "2026-03-01T08:00:00Z"),
        ("2026-03-01T08:00+02:00", "2026-03-01T06:00:00Z"),
        ("2026-03-01 08:00", "2026-03-01T07:00:00Z"),
        ("2026-07-01", "2026-06-30T22:00:00Z"),
        ("1.3.2026", "2026-02-28T23:00:00Z"),
        ("01.03.2026, 08:05 Uhr", "2026-03-01T07:05:00Z"),
        ("01.03.2026 08:05:09", "2026-03-01T07:05:09Z"),
    ],
)
def test_times_become_utc(found: str, time: str) -> None:
    assert moment(found, BERLIN) == time


def test_times_in_a_form_of_their_own() -> None:
    assert moment("03/01/2026 8:05 PM", BERLIN, "%m/%d/%Y %I:%M %p") == "2026-03-01T19:05:00Z"


@pytest.mark.parametrize(
    "found", ["gestern", "03/01/2026", "32.01.2026", "2026-02-30", "2026-03-01T25:00:00Z", "1772352000"]
)
def test_what_is_no_time_is_refused_without_showing_it(found: str) -> None:
    with pytest.raises(RowRefusedError) as refused:
        moment(found, BERLIN)

    assert "expected a time such as" in refused.value.reason
    assert found not in refused.value.reason


def test_a_time_without_zone_needs_one() -> None:
    with pytest.raises(RowRefusedError) as refused:
        moment("01.03.2026 08:00", None)

    assert "--timezone" in refused.value.hint


def test_a_time_that_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(RowRefusedError, match="end of the calendar"):
        moment("0001-01-01T00:00:00+14:00", None)


@pytest.mark.parametrize(
    ("found", "tag"),
    [
        ("de", "de"),
        ("en_US", "en-US"),
        ("Deutsch", "de"),
        ("German - Germany", "de"),
        ("English (US)", "en"),
        ("fr", "fr"),
    ],
)
def test_languages_by_tag_or_name(found: str, tag: str) -> None:
    assert language_tag(found) == tag


def test_languages_of_paths_and_numbers() -> None:
    assert language_of_path("hilfe/de-AT/umzug.md") == "de-AT"
    assert language_of_path("hilfe/umzug.en.md") == "en"
    assert language_of_path("it/drucker.md") is None
    assert language_of_lcid(1031) == "de-DE"
    assert language_of_lcid(9) is None


def test_texts_lose_control_characters_and_half_ones_only() -> None:
    assert clean("a\r\nb\x0bc\x00d\te_x000D_\ud800") == "a\nb\ncd\te\ufffd"
    assert clean({"k": ["\x07x", 1]}) == {"k": ["x", 1]}
    assert one_line(" a\n b ") == "a b"


def test_shapes_tell_no_value() -> None:
    assert shape("01.3.26 früh") == '"99.9.99 aaaa"'
    assert shape("Helmut Brandt wohnt in Musterstadt") == "a text of 34 characters"
    assert without_values('found "Helmut \\"B\\"", expected 1') == "found a text, expected 1"


def _convert(field: str, text: str) -> object:
    return convert(field, text, split=";", zone=BERLIN, form=None)


def test_cells_become_what_the_field_takes() -> None:
    assert _convert("keywords", "Strom; Gas\nStrom;") == ["Strom", "Gas"]
    assert _convert("articles", "KB 1; KB/2") == ["KB-1", "KB-2"]
    assert _convert("outcome.solved", " Ja ") is True
    assert _convert("outcome.reopened", "0") is False
    assert _convert("outcome.csat", "4,0") == 4
    assert _convert("outcome.handle_minutes", "12,5") == 12.5
    assert _convert("body", " wie es steht\n") == " wie es steht\n"
    assert _convert("subject", " zwei\nZeilen ") == "zwei Zeilen"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("outcome.solved", "vielleicht"),
        ("outcome.csat", "4,5"),
        ("outcome.csat", "gut"),
        ("outcome.handle_minutes", "inf"),
    ],
)
def test_cells_that_the_field_does_not_take_are_refused(field: str, text: str) -> None:
    with pytest.raises(RowRefusedError, match="expected"):
        _convert(field, text)
