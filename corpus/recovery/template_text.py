"""The words of a template that are the same in every message sent with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.models import Template
from corpus.recovery.words import GAP, without_urls
from corpus.text import plain_text

FIELD, OPEN, CLOSE = "\ue000", "\ue001", "\ue002"
"""Stand in a marked text for a merge field, and for the two ends of what a template says on a condition only."""

_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.{0,5000}?\{%-?\s*endcomment\s*-?%\}|\{#.{0,1000}?#\}", re.DOTALL)
_TAG = re.compile(r"\{%-?\s*(?P<name>\w*).{0,1000}?%\}", re.DOTALL)
# Merge fields of Liquid, Salesforce, Zendesk, Dynamics and Zammad; a value may hold one pair of braces itself.
_MERGE_FIELD = re.compile(
    r"\{\{\{.{0,1000}?\}\}\}|\{\{.{0,1000}?\}\}|[#$]?\{[^{}\n]{1,200}\}"
    r"|[#$]?\{[^{}\n]{0,100}\{[^{}\n]{0,100}\}[^{}\n]{0,100}\}",
    re.DOTALL,
)
_OPENING = frozenset({"if", "unless", "for", "case", "tablerow"})
_TOKEN = re.compile(rf"\w+|[{FIELD}{OPEN}{CLOSE}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralWords:
    """The words of a text in their order, ``GAP`` where something is filled in.

    ``optional`` (as long as ``words``) tells which are said on a condition only.
    """

    words: tuple[str, ...]
    optional: tuple[bool, ...]


def literal_words(template: Template) -> LiteralWords:
    """Return the words of a template's body; those of both branches of a condition are optional."""
    words: list[str] = []
    optional: list[bool] = []
    depth = 0
    for token in _TOKEN.findall(without_urls(marked_text(template)).casefold()):
        depth = max(0, depth + (token == OPEN) - (token == CLOSE))
        words.append(GAP if token in (FIELD, OPEN, CLOSE) else token)
        optional.append(depth > 0)
    return LiteralWords(words=tuple(words), optional=tuple(optional))


def marked_text(template: Template) -> str:
    """Return a template's body as plain text with a mark for each merge field and each end of a condition."""
    body = _TAG.sub(_mark, _COMMENT.sub("", template.body))
    return plain_text(_MERGE_FIELD.sub(FIELD, body), template.format)


def _mark(tag: re.Match[str]) -> str:
    name = tag["name"].casefold()
    if name in _OPENING:
        return OPEN
    return CLOSE if name.startswith("end") and name.removeprefix("end") in _OPENING else FIELD
