"""One record as JSON, in the contract's field names, with nothing in it that a browser would run."""

from __future__ import annotations

import dataclasses
from typing import Any

from assist.html import disarm_markdown, safe_url
from corpus.codec import to_json
from corpus.models import Action, Article, Record, Template
from corpus.safe_html import sanitise_html

# Nobody is told which agent solved a case, not even by a hash.
_NEVER_SHOWN = frozenset({"agent"})


def record_json(record: Record) -> dict[str, Any]:
    """Return every field of the record but who solved it; absent ones have their default."""
    given = to_json(record)
    shown = (field for field in dataclasses.fields(record) if field.name not in _NEVER_SHOWN)
    every = {field.name: given.get(field.name, _default(field)) for field in shown}
    if isinstance(record, Article | Template):
        every["body"] = _safe_body(record.body, record.format)
    if isinstance(record, Article):
        every["url"] = safe_url(record.url)
    if isinstance(record, Action):
        every["steps"] = [{"text": step.text, "url": safe_url(step.url)} for step in record.steps]
    return every


def _safe_body(body: str, form: str) -> str:
    if form == "html":
        return sanitise_html(body)
    return disarm_markdown(body) if form == "markdown" else body


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return list(field.default) if isinstance(field.default, tuple) else field.default
    return {}  # the only default that is made anew: an empty mapping
