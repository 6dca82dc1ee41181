"""Which merge fields a template may use: this is the one place that declares them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MERGE_FIELDS: Mapping[str, str] = MappingProxyType({
    "contact.salutation": "form of address in the language of the template, such as Frau or Herr Dr.",
    "contact.first_name": "first name",
    "contact.last_name": "last name",
    "contact.name": "full name; first and last name where the CRM sends no full one",
    "contact.email": "e-mail address",
    "contact.phone": "telephone number",
    "contact.company": "company of the contact",
    "contact.greeting": "opening without comma, such as Sehr geehrte Frau Yılmaz; Guten Tag with a name alone",
    "contact.opening": "opening without the name, such as Sehr geehrte Frau; Guten Tag where the CRM names no gender",
    "agent.name": "name of the agent, for the signature; first and last name where the CRM sends no full one",
    "agent.first_name": "first name of the agent",
    "agent.last_name": "last name of the agent",
    "agent.email": "e-mail address of the agent",
    "agent.phone": "telephone number of the agent",
    "agent.team": "team of the agent, for the signature",
    "case.id": "number of the case",
    "case.subject": "subject of the case",
    "case.channel": "channel of the case",
    "case.product": "product of the case",
    "case.priority": "priority of the case",
    "company.name": "name of the company, from the settings",
    "company.phone": "telephone number of the company, from the settings",
    "company.url": "web address of the company, from the settings",
})  # fmt: skip
OPEN_NAMESPACE = "customer"  # customer.<attribute>: every plain attribute that the case brings
NAMESPACES = frozenset({OPEN_NAMESPACE, *(name.split(".")[0] for name in MERGE_FIELDS)})


def is_merge_field(name: str) -> bool:
    """Whether a template may use the field: it is declared above, or a direct attribute of the customer."""
    namespace, _, attribute = name.partition(".")
    return name in MERGE_FIELDS or (namespace == OPEN_NAMESPACE and attribute != "" and "." not in attribute)
