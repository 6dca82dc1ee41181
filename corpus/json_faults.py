"""What the standard JSON parser would let pass, and where it stands in the text."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from corpus.wording import SHOWN, show

MAX_DEPTH = 64
MAX_INTEGER = 2**63 - 1
MIN_INTEGER = -(2**63)

# \b, \f, \u0000 to \u001f and surrogates: rare enough that a slow walk may look at them properly.
_SUSPECT = re.compile(r"\\(?:[bf]|u00[01]|u[dD][89a-fA-F])")
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}:,]|[^\s"\[\]{}:,]++', re.DOTALL)
_NO_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^"\[\]{}]++', re.DOTALL)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_INTEGER = re.compile(r"-?\d+", re.ASCII)
_FLOAT = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


class RefusalError(ValueError):
    """Raised by the hooks of the parser, which know the reason but not the place."""


def read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of these keys and values, refusing a key that is there twice."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise RefusalError("found a key twice in one object, expected each key once")
    return result


def read_integer(digits: str) -> int:
    """Return the integer, refusing one beyond 64 bit (signed)."""
    # Twenty characters hold any 64-bit integer; longer ones are never converted, which would be slow.
    if len(digits) > 20 or not MIN_INTEGER <= (value := int(digits)) <= MAX_INTEGER:
        raise RefusalError(f"found the integer {_cut(digits)}, expected one of 64 bit ({MIN_INTEGER} to {MAX_INTEGER})")
    return value


def read_float(digits: str) -> float:
    """Return the number, refusing one beyond the range of a 64-bit float."""
    value = float(digits)
    if not math.isfinite(value):
        raise RefusalError(f"found {_cut(digits)}, expected a number within the range of a 64-bit float")
    return value


def read_constant(name: str) -> float:
    """Refuse NaN, Infinity and -Infinity."""
    raise RefusalError(f"found {name}, expected a finite number or null")


def is_suspect(text: str) -> bool:
    """Return whether ``find_fault`` must look before the parser may: escapes of unfit characters, or deep nesting."""
    return _SUSPECT.search(text) is not None or _is_too_deep(text)


def find_fault(text: str) -> tuple[int, str] | None:
    """Return position and reason of the first token to refuse; broken syntax is left to the parser."""
    keys: list[set[str] | None] = []  # one entry an open bracket: the keys of an object so far, None for a list
    previous = ""
    for match in _TOKEN.finditer(text):
        piece = match[0]
        if piece in ("{", "["):
            keys.append(set() if piece == "{" else None)
        elif piece in ("}", "]"):
            del keys[-1:]
        if len(keys) > MAX_DEPTH:
            return match.start(), f"found nesting deeper than {MAX_DEPTH}, expected less"
        seen = keys[-1] if keys and previous in ("{", ",") else None
        if reason := _string_fault(piece, seen) if piece.startswith('"') else _number_fault(piece):
            return match.start(), reason
        previous = piece
    return None


def describe_unfit(character: str) -> str:
    """Return why a text may not hold this character."""
    code = f"U+{ord(character):04X}"
    if character >= "\ud800":
        return f"found half a surrogate pair ({code}) in a text, expected both halves or none"
    return rf"found the control character {code} in a text, expected none but \n, \r and \t: remove it"


def _is_too_deep(text: str) -> bool:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = 0
    for bracket in _NO_BRACKETS.sub("", text):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _number_fault(piece: str) -> str | None:
    try:
        if piece in ("NaN", "Infinity", "-Infinity"):
            read_constant(piece)
        elif _INTEGER.fullmatch(piece):
            read_integer(piece)
        elif _FLOAT.fullmatch(piece):
            read_float(piece)
    except RefusalError as error:
        return str(error)
    return None


def _string_fault(piece: str, seen: set[str] | None) -> str | None:
    """Return why a text is refused, if it is; ``seen`` holds the keys so far where a key is due."""
    try:
        value = str(json.loads(piece))
    except json.JSONDecodeError:
        return None
    if unfit := _UNFIT.search(value):
        return describe_unfit(unfit[0])
    if seen is not None and value in seen:
        return f"found the key {show(value)} twice in one object, expected each key once"
    if seen is not None:
        seen.add(value)
    return None


def _cut(digits: str) -> str:
    return digits if len(digits) <= SHOWN else f"{digits[:SHOWN]}…"
