from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.strict_json import StrictJsonError, parse_json

STEADY = settings(deadline=None, derandomize=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\r\t"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=30,
)


@STEADY
@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_whatever_is_plain_json_is_read_as_it_was_written(value: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)

    assert parse_json(text) == value
    assert parse_json(text.encode("utf-8")) == value


@STEADY
@given(st.text())
def test_any_text_is_read_or_refused_but_never_fails_otherwise(text: str) -> None:
    with suppress(StrictJsonError):
        parse_json(text)


@STEADY
@given(st.binary())
def test_any_bytes_are_read_or_refused_but_never_fail_otherwise(data: bytes) -> None:
    with suppress(StrictJsonError):
        parse_json(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "found nothing"),
        (b" \r\n\t", "found nothing"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ("\ufeff{}", "byte order mark"),
        ("{}".encode("utf-16"), "UTF-16"),
        ("{}".encode("utf-16-le"), "UTF-16"),
        ("{}".encode("utf-16-be"), "UTF-16"),
        ("{}".encode("utf-32"), "UTF-16 or UTF-32"),
        ('{"a": "ü"}'.encode("latin-1"), "line 1, column 8: found byte 0xFC at byte 8, which is not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        ('{"a": 1,\n "b": {"c": 1, "c": 2}}', 'line 2, column 16: found the key "c" twice'),
        (r'{"a": 1, "\u0061": 2}', 'line 1, column 10: found the key "a" twice'),
        ('[{"a": 1}, {"a": 1, "b": {}, "a": 2}]', 'line 1, column 30: found the key "a" twice'),
        ("[NaN]", "line 1, column 2: found NaN"),
        ("[1, -Infinity]", "line 1, column 5: found -Infinity"),
        ('["Infinity", Infinity]', "line 1, column 14: found Infinity"),
        ("[1e999]", "line 1, column 2: found 1e999"),
        ("-1e999", "found -1e999"),
        ("[9223372036854775808]", "column 2: found the integer 9223372036854775808, expected one of 64 bit"),
        ("-9223372036854775809", "found the integer -9223372036854775809"),
        ("1" * 10_000, "found the integer 1111"),
        ('"\\ud800"', "half a surrogate pair (U+D800)"),
        ('"\\ude00\\ud83d"', "half a surrogate pair (U+DE00)"),
        ('"\ud800"', "half a surrogate pair (U+D800)"),
        ('{"\\udfff": 1}', "half a surrogate pair (U+DFFF)"),
        ('"a\\u0000b"', "control character U+0000"),
        ('"\\u001B"', "control character U+001B"),
        ('"\\b"', "control character U+0008"),
        ('"\\f"', "control character U+000C"),
        ('"a\tb"', "line 1, column 3"),
        ('"a\nb"', "expected this control character as an escape"),
        ('{"a": 1,}', "expected a key in double quotes"),
        ("[1 2]", 'column 4: found "2]", expected a comma'),
        ("{'a': 1}", "expected a key in double quotes"),
        ('{"a": 1} {"b": 2}', "column 10"),
        ('{"a": ', "found the end, expected a JSON value"),
        ("[01]", "column 3"),
        ("٣", "expected a JSON value"),
        ('{"a": 1, "a": 2} oops', 'found the key "a" twice'),
    ],
)
def test_what_is_not_plainly_json_is_refused_with_place_and_reason(data: bytes | str, message: str) -> None:
    with pytest.raises(StrictJsonError) as caught:
        parse_json(data)

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"\\ud83d\\ude00"', "😀"),
        (r'"\\ud800"', r"\ud800"),
        (r'"C:\\beta\\u0000"', r"C:\beta\u0000"),
        ('"\\u000a\\n\\r\\t"', "\n\n\r\t"),
        ("[9223372036854775807, -9223372036854775808]", [2**63 - 1, -(2**63)]),
        ('{"a": {"x": 1}, "b": {"x": 1}}', {"a": {"x": 1}, "b": {"x": 1}}),
        ('{"key": "key"}', {"key": "key"}),
        ("1e-999", 0.0),
    ],
)
def test_what_only_looks_suspicious_is_read(text: str, value: object) -> None:
    assert parse_json(text) == value


def test_nesting_is_bounded_at_64_levels() -> None:
    assert parse_json("[" * 64 + "]" * 64)
    with pytest.raises(StrictJsonError, match="column 65: found nesting deeper than 64"):
        parse_json("[" * 65 + "]" * 65)


def test_brackets_in_texts_and_side_by_side_are_not_nesting() -> None:
    assert parse_json(json.dumps(["[" * 100, "\\", '"[[', *([[]] * 100)]))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"a":' * 200_000,
        "[" * 200_000 + "]" * 200_000,
        "9" * 4_000_000,
        '"' + '\\"' * 1_000_000,
        '{"a":1,' * 200_000,
    ],
)
def test_hostile_texts_are_refused_quickly(text: str) -> None:
    start = time.process_time()

    with pytest.raises(StrictJsonError):
        parse_json(text)

    assert time.process_time() - start < 2
