"""How the merge marks of other systems look, and where they stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

MAX_MARK = 1_000
MarkKind = Literal["output", "statement", "comment"]

BRACED: Mapping[str, re.Pattern[str]] = MappingProxyType({
    "salesforce": re.compile(r"\{\{\{(?P<output>[^{}]{1,1000})\}\}\}|\{!(?P<formula>[^{}]{1,1000})\}"),
    "dynamics": re.compile(
        r"\$\{(?P<output>[\w .]{1,200})\}|\{!(?P<field>[^{}]{1,500})\}"
        r"|\{(?P<attribute>[\w .]{1,200})\{(?P<entity>[\w .]{1,200})\}\}"
    ),
    "hash": re.compile(r"#\{(?P<output>[^{}]{1,500})\}"),
    "braces": re.compile(r"(?<![{#$%])\{(?P<output>[^{}!%#\n][^{}\n]{0,200})\}(?!\})"),
})  # fmt: skip
"""The look of a mark that holds no braces, by its style; each group names the form of the mark."""
CURLY: Mapping[str, Mapping[str, tuple[str, MarkKind]]] = MappingProxyType({
    "liquid": {"{{": ("}}", "output"), "{%": ("%}", "statement")},
    "twig": {"{{": ("}}", "output"), "{%": ("%}", "statement"), "{#": ("#}", "comment")},
})  # fmt: skip
"""How a mark begins that may hold braces, with its end and kind, by its style."""
STYLES = (*BRACED, *CURLY)
_OPENS = re.compile(r"\{[{%#]")

# Whatever looks like a mark of any system: for texts that are indexed, and to tell that a template names no syntax.
FOREIGN_MARK = re.compile(
    r"\{\{\{[^{}]{1,1000}\}\}\}|[#$]\{[^{}]{1,500}\}|\{![^{}]{1,1000}\}|\{[\w .]{1,200}\{[\w .]{1,200}\}\}"
    r"|(?<![{#$%])\{[^{}!%#\n][^{}\n]{0,200}\}(?!\})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark: the text as it stands, its place, what it says inside, and how its style calls it."""

    text: str
    start: int
    end: int
    inner: str
    kind: MarkKind
    form: str


def find_marks(text: str, style: str) -> Iterator[Mark]:
    """Yield the marks of a text from left to right; takes time in proportion to its length."""
    yield from _curly(text, CURLY[style]) if style in CURLY else _braced(text, BRACED[style])


def _curly(text: str, ends: Mapping[str, tuple[str, MarkKind]]) -> Iterator[Mark]:
    # A pattern would look for the end of every opening anew, letter by letter.
    position = 0
    for opening in _OPENS.finditer(text):
        start, inside = opening.span()
        if start < position or opening[0] not in ends:
            continue
        closing, kind = ends[opening[0]]
        at = text.find(closing, inside, inside + MAX_MARK)
        if at >= 0:
            position = at + len(closing)
            inner = text[inside:at].removeprefix("-").removesuffix("-").strip()
            yield Mark(text=text[start:position], start=start, end=position, inner=inner, kind=kind, form=kind)


def _braced(text: str, pattern: re.Pattern[str]) -> Iterator[Mark]:
    for found in pattern.finditer(text):
        form, inner = next((name, value) for name, value in found.groupdict().items() if value is not None)
        if form == "attribute":
            inner = f"{inner}{{{found['entity']}}}"
        yield Mark(text=found[0], start=found.start(), end=found.end(), inner=inner.strip(), kind="output", form=form)


def without_foreign_marks(text: str) -> str:
    """Drop whatever looks like a mark of another system."""
    return FOREIGN_MARK.sub(" ", text)
