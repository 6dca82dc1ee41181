"""Pydantic's findings in our own words: what was found, what was expected, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from corpus.wording import Problem, pointer, show

PLAIN, OBJECT = "<plain>", "<object>"
"""Tags of the two forms an entry may have; they are part of pydantic's paths, not of ours."""

_Context = Mapping[str, Any]
_EXPECTED: Mapping[str, Callable[[_Context], str]] = MappingProxyType(
    {
        "expected": lambda context: str(context["what"]),
        "model_type": lambda _: "an object",
        "dict_type": lambda _: "an object",
        "list_type": lambda _: "a list",
        "string_type": lambda _: "a text",
        "int_type": lambda _: "a whole number",
        "int_from_float": lambda _: "a whole number",
        "float_type": lambda _: "a number",
        "finite_number": lambda _: "a finite number",
        "bool_type": lambda _: "true or false",
        "literal_error": lambda context: f"one of {context['expected']}".replace("'", '"'),
        "greater_than_equal": lambda context: f"a number from {context['ge']:g}",
        "less_than_equal": lambda context: f"a number up to {context['le']:g}",
        "string_too_short": lambda _: "a text that is not empty",
    }
)


def problems_of(error: ValidationError) -> Iterator[Problem]:
    """Yield the problems of a validation error, in pydantic's order, with JSON Pointers into the value."""
    for detail in error.errors(include_url=False):
        place = pointer(part for part in detail["loc"] if part not in (PLAIN, OBJECT))
        context = detail.get("ctx", {})
        if detail["type"] == "several":
            yield from (Problem(place + problem.pointer, problem.message) for problem in context["problems"])
        else:
            yield Problem(place, _message(detail, context))


def _message(detail: ErrorDetails, context: _Context) -> str:
    kind, value = detail["type"], detail["input"]
    if kind == "stated":
        return str(context["message"])
    if kind == "missing":
        return "required, but missing or null: add it"
    if kind == "extra_forbidden":
        return "unknown key: remove it or correct its spelling"
    if kind == "string_too_long":
        return f"found a text of {len(value)} characters, expected at most {context['max_length']}: shorten it"
    if kind == "too_long":
        return f"found a list of {len(value)} entries, expected at most {context['max_length']}: shorten it"
    if expected := _EXPECTED.get(kind):
        return f"found {show(value)}, expected {expected(context)}"
    return f"found {show(value)}, refused: {detail['msg']}"
