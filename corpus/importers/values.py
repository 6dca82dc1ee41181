"""From the text of a cell to the value of a field."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from corpus.importers.fates import RowRefusedError
from corpus.importers.ids import legal_id, legal_ids
from corpus.importers.languages import language_tag
from corpus.importers.moments import moment
from corpus.importers.shapes import shape
from corpus.importers.texts import one_line

IDS = frozenset({"id", "translation_of"})
ID_LISTS = frozenset({"articles", "templates", "actions", "replaces"})
LABEL_LISTS = frozenset({"keywords", "products", "categories", "audience", "channels"})
TIMES = frozenset({"valid_from", "valid_until", "updated_at", "opened_at", "closed_at"})
TEXTS = frozenset({"body", "description", "resolution"})
_YES = frozenset({"true", "yes", "ja", "wahr", "1", "x", "y", "j"})
_NO = frozenset({"false", "no", "nein", "falsch", "0", "n"})
_PARTS = re.compile(r"\r\n?|\n")


def convert(field: str, text: str, *, split: str, zone: ZoneInfo | None, form: str | None) -> Any:
    """Return the value of a filled cell as the field takes it, raising RowRefusedError when it is none.

    A list is parted by ``split`` and by line breaks; a number may have a decimal comma.
    """
    if field in TIMES:
        return moment(text, zone, form)
    if field in ID_LISTS | LABEL_LISTS:
        parts = [one_line(part) for line in _PARTS.split(text) for part in line.split(split)]
        given = list(dict.fromkeys(filter(None, parts)))
        return legal_ids(given) if field in ID_LISTS else given
    if field in IDS:
        return legal_id(text.strip())
    if field in TEXTS:
        return text
    return _SINGLE.get(field, _yes_or_no if field.startswith("outcome.") else one_line)(text)


def _yes_or_no(text: str) -> bool:
    word = text.strip().lower()
    if word in _YES | _NO:
        return word in _YES
    raise RowRefusedError(f"found {shape(text)}, expected yes or no", "say in the map what it means: values: {…: ja}")


def _number(text: str) -> float:
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise RowRefusedError(f"found {shape(text)}, expected a number", "correct the cell")
    return number


def _whole(text: str) -> int:
    number = _number(text)
    if not number.is_integer():
        raise RowRefusedError(f"found {shape(text)}, expected a whole number", "correct the cell")
    return int(number)


_SINGLE: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {"language": language_tag, "outcome.csat": _whole, "outcome.handle_minutes": _number}
)
