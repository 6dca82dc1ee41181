"""Plain data that a question brings along: attributes of the customer, and the context that fills merge fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from corpus.attributes import check_attributes
from corpus.fields import MAX_LABEL, expected, several
from corpus.schema_parts import MAX_KEYS
from corpus.wording import Problem, pointer

MAX_ATTRIBUTE = 10_000
MAX_ENTRIES = 200


def _customer(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise expected('an object of plain attributes such as {"segment": "privat"}')
    given = {name: attribute for name, attribute in value.items() if attribute is not None}
    if problems := _faults(given, ""):
        raise several(problems)
    return given


def _context(value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > MAX_KEYS:
        raise expected(f'an object of at most {MAX_KEYS} keys such as {{"contact": {{"last_name": "Brandt"}}}}')
    cleaned: dict[str, Any] = {}
    plain: dict[str, Any] = {}
    problems: list[Problem] = list(_long_names(value, ""))
    for name, part in value.items():
        if isinstance(part, dict):
            cleaned[name] = {key: attribute for key, attribute in part.items() if attribute is not None}
            problems += _faults(cleaned[name], pointer([name]))
        elif part is not None:
            cleaned[name] = plain[name] = part
    problems += _faults(plain, "")
    if problems:
        raise several(problems)
    return cleaned


def _faults(given: Mapping[str, Any], place: str) -> list[Problem]:
    if len(given) > MAX_KEYS:
        return [Problem(place, f"found an object of {len(given)} keys, expected at most {MAX_KEYS}")]
    faults = [*_long_names(given, place), *_long_values(given, place)]
    return faults + [Problem(place + fault.pointer, fault.message) for fault in check_attributes(given)]


def _long_names(given: Mapping[str, Any], place: str) -> Iterator[Problem]:
    for name in given:
        if len(name) > MAX_LABEL:
            message = f"found a name of {len(name)} characters, expected at most {MAX_LABEL}: shorten it"
            yield Problem(place + pointer([name]), message)


def _long_values(given: Mapping[str, Any], place: str) -> Iterator[Problem]:
    for name, value in given.items():
        if isinstance(value, list) and len(value) > MAX_ENTRIES:
            message = f"found a list of {len(value)} entries, expected at most {MAX_ENTRIES}: shorten it"
            yield Problem(place + pointer([name]), message)
        parts = value[:MAX_ENTRIES] if isinstance(value, list) else [value]
        if any(isinstance(part, str) and len(part) > MAX_ATTRIBUTE for part in parts):
            message = f"found a text of more than {MAX_ATTRIBUTE} characters, expected a shorter one"
            yield Problem(place + pointer([name]), message)


_NAMES = {
    "type": "string",
    "maxLength": MAX_LABEL,
    "pattern": r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$",
}
_TEXT = {"type": "string", "maxLength": MAX_ATTRIBUTE}
_SCALAR = [_TEXT, {"type": ["number", "boolean"]}]
_PLAIN = [*_SCALAR, {"type": "null"}, {"type": "array", "items": {"anyOf": _SCALAR}, "maxItems": MAX_ENTRIES}]
_ATTRIBUTES = {
    "type": "object",
    "maxProperties": MAX_KEYS,
    "propertyNames": _NAMES,
    "additionalProperties": {"anyOf": _PLAIN},
}
_CONTEXT = {
    "type": "object",
    "description": "Plain data by name, at most one level deep; contact and agent fill merge fields",
    "maxProperties": MAX_KEYS,
    "propertyNames": _NAMES,
    "additionalProperties": {"anyOf": [*_PLAIN, _ATTRIBUTES]},
    "examples": [{"contact": {"salutation": "Herr", "last_name": "Brandt"}, "agent": {"name": "Jana Weiß"}}],
}

Customer = Annotated[dict[str, Any], PlainValidator(_customer), WithJsonSchema(_ATTRIBUTES)]
Context = Annotated[dict[str, Any], PlainValidator(_context), WithJsonSchema(_CONTEXT)]
