"""The one strict gate for JSON from outside: corpus lines and request bodies.

The standard parser reads; hooks and a look at the text refuse what it would let pass.
"""

from __future__ import annotations

import json
from typing import Any

from corpus.json_faults import (
    RefusalError,
    describe_unfit,
    find_fault,
    is_suspect,
    read_constant,
    read_float,
    read_integer,
    read_object,
)
from corpus.wording import show

_DECODER = json.JSONDecoder(
    object_pairs_hook=read_object,
    parse_int=read_integer,
    parse_float=read_float,
    parse_constant=read_constant,
)
_EXPECTED = {
    "Expecting value": "a JSON value",
    "Expecting ',' delimiter": "a comma or the end of the list or object",
    "Expecting ':' delimiter": "a colon after the key",
    "Expecting property name enclosed in double quotes": "a key in double quotes",
    "Illegal trailing comma before end of object": "no comma before the closing bracket",
    "Illegal trailing comma before end of array": "no comma before the closing bracket",
    "Unterminated string starting at": "a closing double quote for the text that begins here",
    "Invalid control character at": "this control character as an escape such as \\n, or none",
    "Invalid \\escape": r"one of the escapes \" \\ \/ \n \r \t \uXXXX",
    "Invalid \\uXXXX escape": r"four hexadecimal digits after \u",
    "Extra data": "nothing more after the JSON value",
}


class StrictJsonError(ValueError):
    """Text that the gate refuses.

    ``reason`` says what was found and expected; ``line`` and ``column`` (from 1, in characters) say where,
    or are None where the whole text is meant.
    """

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}, column {column}: {reason}")
        self.reason, self.line, self.column = reason, line, column


def parse_json(data: bytes | str) -> Any:
    r"""Return the value of one JSON text, raising StrictJsonError for whatever is not plainly JSON.

    Refused are: other encodings than UTF-8, a byte order mark, an empty text, duplicate keys, NaN and
    infinities (also numbers too large for a float), integers beyond 64 bit (signed), nesting deeper than 64,
    lone surrogates, and control characters (U+0000 to U+001F, also escaped) other than \n, \r and \t.
    """
    text = _decoded(data) if isinstance(data, bytes) else data
    _check_text(text)
    if is_suspect(text):
        _raise_fault(text)
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _syntax_error(text, error) from None
    except RefusalError as error:
        _raise_fault(text)
        raise StrictJsonError(str(error)) from None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or b"\x00" in data[:4]:
        raise StrictJsonError("found UTF-16 or UTF-32, expected UTF-8: save the text as UTF-8 without byte order mark")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        found = f"found byte 0x{data[error.start]:02X} at byte {error.start + 1}, which is not UTF-8"
        raise _error(before, len(before), f"{found}: save the text as UTF-8") from None


def _check_text(text: str) -> None:
    if text.startswith("\ufeff"):
        raise StrictJsonError("found a byte order mark, expected UTF-8 without one: remove the first three bytes")
    if not text.strip(" \t\r\n"):
        raise StrictJsonError("found nothing, expected a JSON value")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _error(text, error.start, describe_unfit(text[error.start])) from None


def _raise_fault(text: str) -> None:
    if fault := find_fault(text):
        raise _error(text, *fault)


def _syntax_error(text: str, error: json.JSONDecodeError) -> StrictJsonError:
    expected = _EXPECTED.get(error.msg.removesuffix(": "), f"JSON ({error.msg})")
    rest = text[error.pos : error.pos + 20]
    return _error(text, error.pos, f"found {show(rest) if rest else 'the end'}, expected {expected}")


def _error(text: str, position: int, reason: str) -> StrictJsonError:
    return StrictJsonError(reason, text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position))
