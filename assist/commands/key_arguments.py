"""Types of the arguments of ``python -m assist keys``; each says what it expects instead of what it found."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from assist.origins import parse_origin
from corpus.api_keys import SCOPES, Scope, parse_key
from corpus.times import format_time, now_utc, parse_time

MAX_NAME = 200
MAX_DAYS = 3_650
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
ValueT = TypeVar("ValueT")


def key_name(text: str) -> str:
    """Return a name that a person gave a key."""
    if not text.strip() or len(text) > MAX_NAME or _CONTROL.search(text):
        raise argparse.ArgumentTypeError(f"expected 1 to {MAX_NAME} characters, without control characters")
    return text.strip()


def names(text: str) -> frozenset[str]:
    """Return names separated by commas."""
    found = frozenset(key_name(name) for name in text.split(",") if name.strip())
    if not found:
        raise argparse.ArgumentTypeError("found nothing, expected names separated by commas, such as public")
    return found


def scopes(text: str) -> frozenset[Scope]:
    """Return scopes separated by commas."""
    found = names(text)
    if unknown := sorted(found - set(SCOPES)):
        raise argparse.ArgumentTypeError(f"found {', '.join(unknown)}, expected some of {', '.join(SCOPES)}")
    return frozenset(scope for scope in SCOPES if scope in found)


def origins(text: str) -> frozenset[str]:
    """Return the origins of web pages, separated by commas."""
    return frozenset(_checked(parse_origin, origin) for origin in text.split(",") if origin.strip())


def days(text: str) -> int:
    """Return a number of days."""
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= MAX_DAYS:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 to {MAX_DAYS}")
    return int(text)


def future(text: str) -> datetime:
    """Return a time to come."""
    time = _checked(parse_time, text)
    if time <= now_utc():
        raise argparse.ArgumentTypeError(f"found {format_time(time)}, expected a time to come")
    return time


def key_id(text: str) -> str:
    """Return the id of a key. A whole key is taken for its id, and never repeated: messages end up in logs."""
    key = parse_key(text)
    if key is not None:
        return key.id
    if not re.fullmatch(r"[0-9a-f]{12}", text):
        raise argparse.ArgumentTypeError("expected the 12 characters that `python -m assist keys list` shows")
    return text


def _checked(read: Callable[[str], ValueT], text: str) -> ValueT:
    try:
        return read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
