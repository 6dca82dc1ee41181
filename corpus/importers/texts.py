"""Small mendings of foreign texts, the same on every import."""

from __future__ import annotations

import re
from typing import Any

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_EXCEL = re.compile(r"_x000[Dd]_")


def clean(value: Any) -> Any:
    """Return a JSON value whose texts the contract allows: line ends as line feeds, no other control characters.

    Half characters (lone surrogates) become U+FFFD. Keys are left alone.
    """
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", _CONTROL.sub("", _LINE_ENDS.sub("\n", _EXCEL.sub("", value))))
    if isinstance(value, list):
        return [clean(part) for part in value]
    if isinstance(value, dict):
        return {name: clean(part) for name, part in value.items()}
    return value


def one_line(text: str) -> str:
    """Return ``text`` with every run of white space as one space, without any at its ends."""
    return " ".join(clean(text).split())


def filled(record: dict[str, Any]) -> dict[str, Any]:
    """Return ``record`` without what says nothing: nulls, blank texts, empty lists and objects."""
    return {name: value for name, value in record.items() if not _says_nothing(value)}


def _says_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {}, ())
