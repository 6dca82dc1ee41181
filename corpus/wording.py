"""Small words shared by all error messages: values shown briefly, and JSON Pointers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a JSON value: where (a JSON Pointer, RFC 6901, empty for the whole value) and what."""

    pointer: str
    message: str


def show(value: object) -> str:
    """Return a JSON value as a message shows it: scalars as JSON, cut to 60 characters; else its type.

    >>> show("2026-01-01"), show(None), show([1])
    ('"2026-01-01"', 'null', 'a list')
    """
    if isinstance(value, str):
        return json.dumps(value[:SHOWN] + ("…" if len(value) > SHOWN else ""), ensure_ascii=False)
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    return json.dumps(value) if value is None or isinstance(value, bool | int | float) else type(value).__name__


def pointer(path: Iterable[str | int]) -> str:
    """Return the JSON Pointer of a path of keys and list positions, escaped as RFC 6901 asks.

    >>> pointer(["steps", 0, "a/b"])
    '/steps/0/a~1b'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
