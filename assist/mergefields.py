"""Which merge fields a template may use, and their values for one case.

This is the one place that declares them. Values are plain data: one line of text, a number or a truth value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from assist.salutation import Address, full_name, greeting, salutation
from corpus.models import Case, primary_language

MERGE_FIELDS: Mapping[str, str] = {
    "contact.salutation": "form of address in the language of the template, such as Frau or Herr Dr.",
    "contact.first_name": "first name",
    "contact.last_name": "last name",
    "contact.name": "full name; first and last name where the CRM sends no full one",
    "contact.email": "e-mail address",
    "contact.greeting": "opening without comma, such as Sehr geehrte Frau Yılmaz; Guten Tag with a name alone",
    "agent.name": "name of the agent, for the signature",
    "agent.team": "team of the agent, for the signature",
    "case.id": "number of the case",
    "case.subject": "subject of the case",
    "case.channel": "channel of the case",
    "case.product": "product of the case",
    "company.name": "name of the company, from the settings",
    "company.phone": "telephone number of the company, from the settings",
    "company.url": "web address of the company, from the settings",
}
OPEN_NAMESPACE = "customer"  # customer.<attribute>: every plain attribute that the case brings
NAMESPACES = frozenset({OPEN_NAMESPACE, *(name.split(".")[0] for name in MERGE_FIELDS)})

Value = str | int | float | bool


def is_merge_field(name: str) -> bool:
    """Whether a template may use the field: it is declared above, or a direct attribute of the customer."""
    namespace, _, attribute = name.partition(".")
    return name in MERGE_FIELDS or (namespace == OPEN_NAMESPACE and attribute != "" and "." not in attribute)


def merge_values(
    case: Case,
    context: Mapping[str, Any],
    company: Mapping[str, str] | None,
    *,
    language: str,
    address: Address = None,
) -> dict[str, Value]:
    """Return the values of all merge fields that have one; null, empty and non-plain values count as missing."""
    language = primary_language(language) or language
    contact = {key: str(value) for key, value in _plain(context.get("contact"))}
    values: dict[str, Value] = {}
    _fill(values, "contact", contact.items())
    _fill(values, "contact", _addressed(contact, language, address).items())
    _fill(values, "agent", _plain(context.get("agent")))
    _fill(values, "case", _case_fields(case))
    _fill(values, OPEN_NAMESPACE, _plain(case.customer))
    _fill(values, "company", _plain(company))
    return values


def _addressed(contact: Mapping[str, str], language: str, address: Address) -> dict[str, str]:
    return {
        "salutation": salutation(contact.get("salutation", ""), language),
        "name": full_name(contact),
        "greeting": greeting(contact, language, address),
    }


def _case_fields(case: Case) -> Iterable[tuple[str, Value]]:
    return _plain({"id": case.id, "subject": case.subject, "channel": case.channel, "product": case.product})


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
        return ", ".join(str(part) for part in map(_value, raw) if part != "")
    return _one_line(raw) if isinstance(raw, str) else ""


def _one_line(text: str) -> str:
    # A name with line breaks or invisible marks in it could pretend to be part of the letter.
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join("".join(c for c in shown if unicodedata.category(c) != "Cf").split())
