"""The messages of a case in one cell: a JSON list, or text in which labels say who writes."""

from __future__ import annotations

import json
import re
from typing import Any
from zoneinfo import ZoneInfo

from corpus.importers.fates import RowRefusedError
from corpus.importers.field_map import Columns
from corpus.importers.moments import moment

_KEYS = {"role", "text", "at"}
_ROLES = ("customer", "agent", "system")


def read_messages(text: str, columns: Columns, zone: ZoneInfo | None, form: str | None) -> list[dict[str, Any]]:
    """Return messages as the contract has them, raising RowRefusedError without quoting any of them."""
    if columns.form == "labelled":
        return _labelled(text, dict(columns.roles))
    return _listed(text, dict(columns.roles), zone, form)


def _listed(text: str, roles: dict[str, str], zone: ZoneInfo | None, form: str | None) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        hint = "export the messages as JSON, or set form: labelled in the map"
        raise RowRefusedError('found no JSON, expected a list of {"role", "text", "at"}', hint) from None
    if not isinstance(found, list):
        raise RowRefusedError('found no list, expected a list of {"role", "text", "at"}', "put it in brackets")
    return [_message(position, entry, roles, zone, form) for position, entry in enumerate(found, start=1)]


def _message(
    position: int, entry: Any, roles: dict[str, str], zone: ZoneInfo | None, form: str | None
) -> dict[str, Any]:
    if not isinstance(entry, dict) or not set(entry) <= _KEYS or not isinstance(entry.get("text"), str):
        raise RowRefusedError(f'message {position} is not of the form {{"role", "text", "at"}}', "leave other keys out")
    role = roles.get(str(entry.get("role")), entry.get("role"))
    if role not in _ROLES:
        hint = "say in the map who is who: roles: {Kunde: customer, Service: agent}"
        raise RowRefusedError(f"message {position} has an unknown role, expected one of {', '.join(_ROLES)}", hint)
    message = {"role": role, "text": entry["text"]}
    return message | {"at": moment(entry["at"], zone, form)} if isinstance(entry.get("at"), str) else message


def _labelled(text: str, roles: dict[str, str]) -> list[dict[str, Any]]:
    labels = "|".join(re.escape(label) for label in sorted(roles, key=len, reverse=True))
    before, *parts = re.split(rf"^[ \t]*({labels})[ \t]*:", text, flags=re.MULTILINE)
    if before.strip() or not parts:
        hint = "begin the cell with one of the labels, or add the label to roles in the map"
        raise RowRefusedError("found text before the first label, expected who writes it", hint)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [{"role": roles[label], "text": said.strip()} for label, said in pairs if said.strip()]
