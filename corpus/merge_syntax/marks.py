"""How the merge marks of other systems look, and where they stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

MAX_MARK = 1_000
MarkKind = Literal["output", "statement", "comment"]

_CURLY = r"\{\{-?(?P<output>.{0,1000}?)-?\}\}|\{%-?(?P<statement>.{0,1000}?)-?%\}"
STYLES: Mapping[str, re.Pattern[str]] = MappingProxyType({
    "salesforce": re.compile(r"\{\{\{(?P<output>[^{}]{1,1000})\}\}\}|\{!(?P<formula>[^{}]{1,1000})\}"),
    "dynamics": re.compile(
        r"\$\{(?P<output>[\w .]{1,200})\}|\{!(?P<field>[^{}]{1,500})\}"
        r"|\{(?P<attribute>[\w .]{1,200})\{(?P<entity>[\w .]{1,200})\}\}"
    ),
    "hash": re.compile(r"#\{(?P<output>[^{}]{1,500})\}"),
    "braces": re.compile(r"(?<![{#$%])\{(?P<output>[^{}!%#\n][^{}\n]{0,200})\}(?!\})"),
    "liquid": re.compile(_CURLY, re.DOTALL),
    "twig": re.compile(rf"{_CURLY}|\{{#(?P<comment>.{{0,1000}}?)#\}}", re.DOTALL),
})  # fmt: skip
"""The look of a mark by its style; each group names what kind of mark it is."""

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
    """Yield the marks of a text from left to right."""
    for found in STYLES[style].finditer(text):
        form, inner = next((name, value) for name, value in found.groupdict().items() if value is not None)
        if form == "attribute":
            inner = f"{inner}{{{found['entity']}}}"
        kind: MarkKind = "statement" if form == "statement" else "comment" if form == "comment" else "output"
        yield Mark(text=found[0], start=found.start(), end=found.end(), inner=inner.strip(), kind=kind, form=form)


def without_foreign_marks(text: str) -> str:
    """Drop whatever looks like a mark of another system."""
    return FOREIGN_MARK.sub(" ", text)
