"""From a text with the merge marks of another system to Liquid, nothing lost: what has no counterpart stays visible."""

from __future__ import annotations

import functools
import html
import re
from dataclasses import dataclass, replace
from typing import Protocol

from corpus.merge_syntax.expressions import simple_output
from corpus.merge_syntax.liquid_marks import LiquidMarks
from corpus.merge_syntax.maps import SyntaxMap
from corpus.merge_syntax.marks import Mark, find_marks
from corpus.merge_syntax.twig_marks import TwigMarks, is_dropped
from corpus.quicktext.liquid_env import UNTRANSLATED
from corpus.quicktext.liquid_source import Fault, parse, place

MAX_NAME = 100
_OPENING = frozenset({"if", "unless", "for", "case", "capture", "tablerow", "comment", "raw"})
_MIDDLE = frozenset({"else", "elsif", "elseif", "when"})
_UNSAFE = re.compile(r"[^\w.-]+")
# Also a brace at the end of the text: a mark may follow.
_LIQUID_OPENS = re.compile(r"\{(?=[{%]|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Untranslated:
    """A mark without counterpart, with its line and column in the text (from 1)."""

    text: str
    line: int
    column: int
    is_output: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A text as Liquid. ``outputs`` counts marks that stand for a value, ``statements`` those that steer."""

    source: str
    outputs: int
    statements: int
    untranslated: tuple[Untranslated, ...]

    @property
    def untranslated_outputs(self) -> int:
        """How many marks that stand for a value have no counterpart."""
        return sum(each.is_output for each in self.untranslated)


class _Marks(Protocol):
    def output(self, inner: str) -> str | None: ...

    def statement(self, name: str, rest: str) -> str | None: ...


@functools.lru_cache(maxsize=2_048)
def translate(text: str, syntax: SyntaxMap, *, is_html: bool = False) -> Translation:
    """Return the text as Liquid.

    A mark without counterpart becomes one that shows its own name in double brackets, and is told in
    ``untranslated``; text between marks is kept letter by letter, also where Liquid would read it.
    """
    made = _Translator(text, syntax, is_html=is_html, steers=True).run()
    if isinstance(parse(made.source, escape=is_html), Fault):
        # Blocks that do not fit into each other: then none of them takes effect, and each is seen.
        made = _Translator(text, syntax, is_html=is_html, steers=False).run()
    if isinstance(parse(made.source, escape=is_html), Fault):
        made = replace(made, source=_literal(text))
    return made


class _Translator:
    """Translates one text; ``steers`` tells whether tags may take effect."""

    def __init__(self, text: str, syntax: SyntaxMap, *, is_html: bool, steers: bool) -> None:
        self._text, self._syntax, self._is_html, self._steers = text, syntax, is_html, steers
        self._marks: _Marks | None = None
        if syntax.style in ("liquid", "twig"):
            self._marks = LiquidMarks(syntax) if syntax.style == "liquid" else TwigMarks(syntax)
        self._untranslated: list[Untranslated] = []
        self._blocks: list[tuple[str, bool]] = []

    def run(self) -> Translation:
        parts: list[str] = []
        position = outputs = statements = 0
        for mark in find_marks(self._text, self._syntax.style):
            parts.append(_literal(self._text[position : mark.start]))
            outputs += mark.kind == "output"
            statements += mark.kind == "statement"
            parts.append(self._mark(mark))
            position = mark.end
        parts.append(_literal(self._text[position:]))
        return Translation(
            source="".join(parts), outputs=outputs, statements=statements, untranslated=tuple(self._untranslated)
        )

    def _mark(self, mark: Mark) -> str:
        if mark.kind == "comment":
            return ""
        if mark.kind == "statement":
            return self._statement(mark)
        if self._marks is None:
            written = simple_output(mark, self._syntax, is_html=self._is_html)
        else:
            written = self._marks.output(html.unescape(mark.inner) if self._is_html else mark.inner)
        return self._gap(mark) if written is None else written

    def _statement(self, mark: Mark) -> str:
        name, _, rest = mark.inner.partition(" ")
        written = self._written(name, html.unescape(rest) if self._is_html else rest) if self._steers else None
        if name in _OPENING:
            self._blocks.append((name, written is not None))
        if written is not None:
            return written
        gap = self._gap(mark)
        return "" if self._syntax.style == "twig" and is_dropped(name) else gap

    def _written(self, name: str, rest: str) -> str | None:
        if name.startswith("end"):
            return self._ended(name.removeprefix("end"))
        if self._marks is None or (name in _MIDDLE and not (self._blocks and self._blocks[-1][1])):
            return None
        return self._marks.statement(name, rest)

    def _ended(self, name: str) -> str | None:
        if not self._blocks or self._blocks[-1][0] != name:
            return None
        return f"{{% end{name} %}}" if self._blocks.pop()[1] else None

    def _gap(self, mark: Mark) -> str:
        line, column = place(self._text, mark.start)
        is_output = mark.kind == "output"
        self._untranslated.append(Untranslated(text=mark.text, line=line, column=column, is_output=is_output))
        name = _UNSAFE.sub("_", mark.inner).strip("_")[:MAX_NAME] or "mark"
        return f'{{{{ {UNTRANSLATED}["{name}"] }}}}'


def _literal(text: str) -> str:
    return _LIQUID_OPENS.sub("{{ '{' }}", text)
