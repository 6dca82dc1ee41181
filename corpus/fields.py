r"""Types of single fields, strictly checked: what an id, a time, a language, a text may be.

Faults are pydantic custom errors of three types, which ``corpus.problems`` puts into words: ``expected`` (the
message says what is expected), ``stated`` (it says all), ``several`` (it stands for a list of problems).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from corpus.attributes import check_attributes
from corpus.quicktext.step_urls import bare_url, url_fault
from corpus.rules import OPERATORS, RuleError, parse_rule
from corpus.times import parse_time
from corpus.wording import Problem

MAX_TEXT = 1_000_000
MAX_LABEL = 500
MAX_LABELS = 1_000
MAX_USES = 10_000
MAX_REMARK = 200

_ID_CHARACTER = r"[^\s/\\?#%\x00-\x1f\x7f-\x9f]"
_ID = re.compile(_ID_CHARACTER + "{1,200}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# RFC 5646, section 2.1, without the languages of four to eight letters: none is registered, and "Deutsch" is no tag.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(-[a-wyz\d](-[a-z\d]{2,8})+)*(-x(-[a-z\d]{1,8})+)?",
    re.ASCII | re.IGNORECASE,
)
_SCRIPT_SCHEMES = ("javascript:", "vbscript:", "data:")


def expected(what: str) -> PydanticCustomError:
    """Return the error of a value that is not ``what`` is expected; what was found is added later."""
    return PydanticCustomError("expected", "{what}", {"what": what})


def stated(message: str) -> PydanticCustomError:
    """Return an error whose message is complete."""
    return PydanticCustomError("stated", "{message}", {"message": message})


def several(problems: Sequence[Problem]) -> PydanticCustomError:
    """Return an error that stands for problems below the field."""
    return PydanticCustomError("several", "{count} problems", {"count": len(problems), "problems": tuple(problems)})


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise expected(r"an id of 1 to 200 characters, without white space, control characters and / \ ? # %")
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise expected("a text that is not blank")
    return value


def _label(value: str) -> str:
    if not value.strip() or _CONTROL.search(value):
        raise expected("a name without control characters that is not blank: leave it out where there is none")
    return value


def _remark(value: str) -> str:
    if not value.strip() or _CONTROL.search(value):
        raise expected("a short text without control characters and line breaks that is not blank")
    return value


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise expected("a BCP-47 language tag such as de, de-AT or zh-Hans-CN")
    return value


def _url(value: str) -> str:
    if not value or re.search(r"\s", value) or _CONTROL.search(value):
        raise expected("an address without white space and control characters: write a space as %20")
    if value.lower().startswith(_SCRIPT_SCHEMES):
        raise expected("an address that runs no script, such as https://example.org/page")
    return value


def _step_url(value: str) -> str:
    if (fault := url_fault(value)) is not None:
        raise stated(fault)
    _url(bare_url(value))
    return value


def _time(value: object) -> datetime:
    try:
        return parse_time(value)
    except ValueError as error:
        raise stated(str(error)) from None


def _version(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise expected("a text or a whole number")
    return value


def _audience(value: list[str]) -> list[str]:
    if not value:
        raise stated('found an empty list, so nobody could see it: leave it out for ["public"], or name agent groups')
    return value


def _rule(value: object) -> object:
    try:
        return parse_rule(value)
    except RuleError as error:
        raise several(error.problems) from None


def _attributes(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise expected('an object of plain attributes such as {"segment": "privat"}')
    given = {name: attribute for name, attribute in value.items() if attribute is not None}
    if problems := check_attributes(given):
        raise several(problems)
    return given


def check_order(start: datetime | None, end: datetime | None, name: str, *, equal: bool) -> datetime | None:
    """Return ``end``, raising a custom error unless it lies after the field ``name`` (or at it, if ``equal``)."""
    if start is not None and end is not None and (end < start or (end == start and not equal)):
        raise stated(f"found {end.isoformat()}, expected a time {'at or ' if equal else ''}after {name}")
    return end


_RULE_SCHEMA = {
    "type": "object",
    "description": "Exactly one of `all`, `any` (lists of rules), `not` (a rule), or a test `field`, `op`, `value`.",
    "properties": {
        "all": {"type": "array", "items": {"type": "object"}},
        "any": {"type": "array", "items": {"type": "object"}},
        "not": {"type": "object"},
        "field": {"type": "string", "examples": ["case.product", "customer.segment"]},
        "op": {"enum": list(OPERATORS)},
        "value": {},
    },
    "additionalProperties": False,
}
_SCALAR_SCHEMA = {"type": ["string", "number", "boolean"]}
_ATTRIBUTES_SCHEMA = {
    "type": "object",
    "additionalProperties": {"anyOf": [_SCALAR_SCHEMA, {"type": "array", "items": _SCALAR_SCHEMA}]},
}

Id = Annotated[
    str,
    AfterValidator(_id),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200, "pattern": f"^{_ID_CHARACTER}+$"}),
]
Text = Annotated[str, Field(max_length=MAX_TEXT)]
FilledText = Annotated[str, Field(min_length=1, max_length=MAX_TEXT), AfterValidator(_not_blank)]
Label = Annotated[str, Field(min_length=1, max_length=MAX_LABEL), AfterValidator(_label)]
Remark = Annotated[str, Field(min_length=1, max_length=MAX_REMARK), AfterValidator(_remark)]
Labels = Annotated[list[Label], Field(max_length=MAX_LABELS)]
Ids = Annotated[list[Id], Field(max_length=MAX_LABELS)]
Language = Annotated[str, AfterValidator(_language)]
Url = Annotated[str, Field(max_length=8_000), AfterValidator(_url)]
StepUrl = Annotated[str, Field(max_length=8_000), AfterValidator(_step_url)]
Time = Annotated[
    datetime,
    PlainValidator(_time),
    WithJsonSchema({"type": "string", "format": "date-time", "description": "RFC 3339 with zone"}),
]
Version = Annotated[Annotated[str, Field(max_length=MAX_LABEL)] | int, BeforeValidator(_version)]
Audience = Annotated[list[Label], Field(max_length=MAX_LABELS), AfterValidator(_audience)]
Attributes = Annotated[dict[str, Any], PlainValidator(_attributes), WithJsonSchema(_ATTRIBUTES_SCHEMA)]
RuleObject = Annotated[Any, PlainValidator(_rule), WithJsonSchema(_RULE_SCHEMA)]
Channel = Literal["email", "chat", "phone", "social", "letter"]
Status = Literal["published", "draft", "archived"]
