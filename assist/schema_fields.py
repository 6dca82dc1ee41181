"""Types of single fields of a question: kinds, limits, filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from assist.models import SEARCH_KINDS, SUGGEST_KINDS, SearchKind, SuggestKind
from assist.origins import parse_origin
from corpus.fields import Label, expected, several, stated
from corpus.wording import Problem, pointer, show

MAX_FILTER = 100
MAX_LIMIT = 20
MAX_ORIGIN = 300

Name = TypeVar("Name", bound=str)

_LIMIT = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT}


def _origin(value: str) -> str:
    try:
        return parse_origin(value)
    except ValueError as error:
        raise stated(str(error)) from None


def unique_kinds(value: list[Name]) -> list[Name]:
    """Return the kinds, each named once; raises a custom error for none and for one that stands twice."""
    if not value:
        raise stated("found an empty list, expected at least one kind: leave it out for the default")
    if len(set(value)) < len(value):
        raise stated("found a kind twice, expected each kind once")
    return value


def _limit(value: object) -> int | dict[str, int]:
    if isinstance(value, dict):
        return _limits({kind: limit for kind, limit in value.items() if limit is not None})
    if not _is_limit(value):
        raise expected(f'a whole number from 1 to {MAX_LIMIT}, or one for each kind such as {{"articles": 5}}')
    return int(str(value))


def _limits(value: Mapping[str, Any]) -> dict[str, int]:
    problems = [
        Problem(pointer([kind]), f"found {show(limit)}, expected a whole number from 1 to {MAX_LIMIT}")
        for kind, limit in value.items()
        if kind in SUGGEST_KINDS and not _is_limit(limit)
    ]
    problems += [
        Problem(pointer([kind]), f"unknown kind, expected one of {', '.join(SUGGEST_KINDS)}: correct its spelling")
        for kind in value
        if kind not in SUGGEST_KINDS
    ]
    if problems:
        raise several(problems)
    return dict(value)


def _is_limit(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_LIMIT


_LIMIT_SCHEMA = {
    "anyOf": [
        _LIMIT,
        {
            "type": "object",
            "properties": {kind: {"anyOf": [_LIMIT, {"type": "null"}]} for kind in SUGGEST_KINDS},
            "additionalProperties": False,
        },
    ]
}

SuggestKinds = Annotated[
    list[SuggestKind],
    Field(max_length=len(SUGGEST_KINDS)),
    AfterValidator(unique_kinds),
    WithJsonSchema({"type": "array", "items": {"enum": list(SUGGEST_KINDS)}, "minItems": 1, "uniqueItems": True}),
]
SearchKinds = Annotated[
    list[SearchKind],
    Field(max_length=len(SEARCH_KINDS)),
    AfterValidator(unique_kinds),
    WithJsonSchema({"type": "array", "items": {"enum": list(SEARCH_KINDS)}, "minItems": 1, "uniqueItems": True}),
]
Limit = Annotated[Any, PlainValidator(_limit), WithJsonSchema(_LIMIT_SCHEMA)]
Origin = Annotated[
    str,
    Field(max_length=MAX_ORIGIN),
    AfterValidator(_origin),
    WithJsonSchema({"type": "string", "maxLength": MAX_ORIGIN, "examples": ["https://crm.example"]}),
]
FilterLabels = Annotated[list[Label], Field(max_length=MAX_FILTER)]
