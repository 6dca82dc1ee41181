"""The values of the merge fields for one case: plain data, one line of text, a number or a truth value each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assist.salutation import Address, full_name, greeting, opening, salutation
from corpus.models import Case, primary_language
from corpus.quicktext.fields import OPEN_NAMESPACE, is_merge_field
from corpus.quicktext.liquid_env import Value

# What is longer is no value for a letter.
MAX_VALUE = 10_000
MAX_ENTRIES = 200


def merge_values(
    case: Case,
    context: Mapping[str, Any],
    company: Mapping[str, str] | None,
    *,
    language: str,
    address: Address = None,
) -> dict[str, Value]:
    """Return the values of all merge fields that have one.

    Null, empty, non-plain and very long values count as missing.
    """
    language = primary_language(language) or language
    contact = {key: str(value) for key, value in _plain(context.get("contact"))}
    values: dict[str, Value] = {}
    _fill(values, "contact", contact.items())
    _fill(values, "contact", _addressed(contact, language, address).items())
    agent = dict(_plain(context.get("agent")))
    _fill(values, "agent", agent.items())
    _fill(values, "agent", [("name", full_name({key: str(value) for key, value in agent.items()}))])
    _fill(values, "case", _case_fields(case))
    _fill(values, OPEN_NAMESPACE, _plain(case.customer))
    _fill(values, "company", _plain(company))
    return values


def _addressed(contact: Mapping[str, str], language: str, address: Address) -> dict[str, str]:
    return {
        "salutation": salutation(contact.get("salutation", ""), language),
        "name": full_name(contact),
        "greeting": greeting(contact, language, address),
        "opening": opening(contact, language, address),
    }


def _case_fields(case: Case) -> Iterable[tuple[str, Value]]:
    return _plain({name: getattr(case, name) for name in ("id", "subject", "channel", "product", "priority")})


def _fill(values: dict[str, Value], namespace: str, attributes: Iterable[tuple[str, Value]]) -> None:
    for key, value in attributes:
        name = f"{namespace}.{key}"
        if value == "":
            values.pop(name, None)
        elif is_merge_field(name):
            values[name] = value


def _plain(attributes: object) -> Iterable[tuple[str, Value]]:
    if not isinstance(attributes, Mapping):
        return
    for key, raw in attributes.items():
        value = _value(raw)
        if value != "":
            yield str(key), value


def _value(raw: object) -> Value:
    if isinstance(raw, bool | int | float):
        return raw
    if isinstance(raw, list | tuple):
        return _listed(raw) if len(raw) <= MAX_ENTRIES else ""
    return _one_line(raw) if isinstance(raw, str) and len(raw) <= MAX_VALUE else ""


def _listed(raw: Sequence[object]) -> str:
    text = ", ".join(str(part) for part in raw if isinstance(part, bool | int | float | str) and part != "")
    return _one_line(text) if len(text) <= MAX_VALUE else ""


def _one_line(text: str) -> str:
    # A name with line breaks or invisible marks in it could pretend to be part of the letter.
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join("".join(c for c in shown if unicodedata.category(c) != "Cf").split())
