"""Records as canonical JSON and back.

Canonical means: contract field names; defaults, None and empty lists left out; times in UTC; steps and uses in
their short form where nothing but the text or id is set; keys sorted, compact, UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

from corpus.models import (
    Action,
    AllOf,
    AnyOf,
    Article,
    Case,
    Kind,
    Message,
    Not,
    Outcome,
    Pin,
    Record,
    Step,
    Template,
    Test,
    Use,
)
from corpus.rules import parse_rule, rule_to_json
from corpus.times import format_time

_Part = Message | Use | Step | Outcome
_TYPES = (Article, Template, Action, Case, Pin, Message, Use, Step, Outcome)


def to_json(record: Record | _Part) -> dict[str, Any]:
    """Return a record, or a part of one, as JSON values with the contract's field names.

    >>> to_json(Use(id="a1", after_message=2))
    {'id': 'a1', 'after_message': 2}
    """
    given = ((name, getattr(record, name), default) for name, default in _DEFAULTS[type(record)])
    return {name: _plain(value) for name, value, default in given if value is not None and value != default}


def canonical_bytes(record: Record) -> bytes:
    """Return the record's canonical JSON in UTF-8: equal records give equal bytes."""
    text = json.dumps(to_json(record), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def from_json(kind: Kind, obj: Mapping[str, Any]) -> Record:
    """Return the record of canonical JSON, as ``to_json`` wrote it.

    For trusted data only (the store, snapshots): nothing is checked. What comes from outside goes through
    ``corpus.records.read_record``.
    """
    readers = _READERS[kind]
    values = {name: readers[name](value) if name in readers else value for name, value in obj.items()}
    return _RECORDS[kind](**values)


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _plain(value: Any) -> Any:
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, AllOf | AnyOf | Not | Test):
        return rule_to_json(value)
    if isinstance(value, Use) and value.after_message is None:
        return value.id
    if isinstance(value, Step) and value.url is None:
        return value.text
    return to_json(value)


def _uses(value: list[Any]) -> tuple[Use, ...]:
    return tuple(Use(id=part) if isinstance(part, str) else Use(**part) for part in value)


def _steps(value: list[Any]) -> tuple[Step, ...]:
    return tuple(Step(text=part) if isinstance(part, str) else Step(**part) for part in value)


def _messages(value: list[Any]) -> tuple[Message, ...]:
    return tuple(_message(**part) for part in value)


def _message(role: Any, text: str, at: str | None = None) -> Message:
    return Message(role=role, text=text, at=None if at is None else datetime.fromisoformat(at))


def _attributes(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType({name: tuple(part) if isinstance(part, list) else part for name, part in value.items()})


_DEFAULTS = MappingProxyType(
    {record_type: tuple((field.name, _default(field)) for field in fields(record_type)) for record_type in _TYPES}
)
_Readers = Mapping[str, Callable[[Any], Any]]
_time = datetime.fromisoformat
_ITEM: _Readers = MappingProxyType(
    {
        "audience": tuple,
        "replaces": tuple,
        "valid_from": _time,
        "valid_until": _time,
        "updated_at": _time,
    }
)
_READERS: Mapping[Kind, _Readers] = MappingProxyType(
    {
        "articles": {**_ITEM, "keywords": tuple, "products": tuple, "categories": tuple},
        "templates": {**_ITEM, "channels": tuple, "articles": tuple},
        "actions": {**_ITEM, "steps": _steps, "when": parse_rule, "templates": tuple, "articles": tuple},
        "cases": {
            "messages": _messages,
            "customer": _attributes,
            "audience": tuple,
            "opened_at": _time,
            "closed_at": _time,
            "articles": _uses,
            "templates": _uses,
            "actions": _uses,
            "outcome": lambda value: Outcome(**value),
        },
        "pins": {"when": parse_rule, "valid_from": _time, "valid_until": _time, "updated_at": _time},
    }
)
_RECORDS = cast(
    Mapping[Kind, Callable[..., Record]],
    MappingProxyType({"articles": Article, "templates": Template, "actions": Action, "cases": Case, "pins": Pin}),
)
