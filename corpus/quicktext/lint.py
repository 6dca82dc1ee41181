"""What is wrong with one template, or doubtful about it: told with line and column inside its text."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from liquid.static_analysis import Segments

from corpus.merge_syntax.guess import known_as, without_liquid
from corpus.merge_syntax.maps import MergeMaps
from corpus.merge_syntax.marks import FOREIGN_MARK
from corpus.merge_syntax.translate import translate
from corpus.models import Template
from corpus.quicktext.checks import LIQUID, fault_in, told
from corpus.quicktext.fields import MERGE_FIELDS, is_merge_field
from corpus.quicktext.liquid_env import MergeTemplate
from corpus.quicktext.liquid_source import environment, has_marks, parse, place

# What Salesforce takes as a quick text.
MAX_BODY, MAX_NAME, MAX_SHORTCODE = 4_096, 255, 11
MAX_PER_TEXT = 100
Severity = Literal["refused", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One finding: the field of the template, the place in its text (from 1, if known), and what to do."""

    severity: Severity
    code: str
    pointer: str
    message: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return one line such as ``/body line 2, column 5: warning, unknown-field: …``."""
        where = "" if self.line is None else f" line {self.line}, column {self.column}"
        return f"{self.pointer}{where}: {self.severity}, {self.code}: {self.message}"


def remarks_on(template: Template, maps: MergeMaps) -> tuple[Remark, ...]:
    """Return what is wrong with or doubtful about a template, as far as it can be told without its neighbours."""
    texts = (("/subject", template.subject or ""), ("/body", template.body))
    found = list(_too_long(template))
    for pointer, text in texts:
        found += _of_text(pointer, text, template, maps)
    return tuple(found)


def _of_text(pointer: str, text: str, template: Template, maps: MergeMaps) -> Iterator[Remark]:
    if template.syntax != LIQUID:
        yield from _foreign(pointer, text, template, maps)
    else:
        yield from remarks_on_text(pointer, text, maps)


def remarks_on_text(pointer: str, text: str, maps: MergeMaps) -> Iterator[Remark]:
    """Yield what is wrong with or doubtful about a text in Liquid, which stands at a JSON Pointer."""
    fault = fault_in(text)
    if fault is not None:
        message = told(replace(fault, line=None))
        yield Remark(
            severity="refused", code="syntax", pointer=pointer, message=message, line=fault.line, column=fault.column
        )
        return
    yield from _unmarked(pointer, text)
    parsed = parse(text, escape=False) if has_marks(text) else None
    if isinstance(parsed, MergeTemplate):
        yield from _fields(pointer, text, parsed, maps)
        yield from _filters(pointer, text, parsed)


def _foreign(pointer: str, text: str, template: Template, maps: MergeMaps) -> Iterator[Remark]:
    syntax = maps.of(template.syntax)
    if syntax is None:
        known = ", ".join(each.name for each in maps.distinct())
        if pointer == "/body":
            yield _warning(
                "unknown-syntax",
                "/syntax",
                f"found {template.syntax!r}, expected liquid, {known}, or one that ASSIST_MERGE_MAP names",
            )
        return
    marks = translate(text, syntax, is_html=template.format == "html" and pointer == "/body").untranslated
    for mark in marks[:MAX_PER_TEXT]:
        message = f"found {_brief(mark.text)}, which has no counterpart: map it (ASSIST_MERGE_MAP) or rewrite it"
        yield _warning("untranslated", pointer, message, (mark.line, mark.column))


def _unmarked(pointer: str, text: str) -> Iterator[Remark]:
    """Yield what looks like a mark of another system and would be sent as it is."""
    for number, mark in enumerate(FOREIGN_MARK.finditer(without_liquid(text))):
        if number < MAX_PER_TEXT:
            message = f"found {_brief(mark[0])}, which Liquid does not fill: name the `syntax`, or write {{{{ … }}}}"
            yield _warning("foreign-mark", pointer, message, place(text, mark.start()))


def _fields(pointer: str, text: str, parsed: MergeTemplate, maps: MergeMaps) -> Iterator[Remark]:
    for variables in parsed.analyze().globals.values():
        for variable in variables:
            name = ".".join(map(str, _flat(variable.segments)))
            if not is_merge_field(name):
                message = f"found {_brief(name)}, expected a merge field{_near(name, MERGE_FIELDS)}"
                for syntax in known_as(name, maps):
                    message += f"; {syntax} knows it, so perhaps that is the `syntax`"
                yield _warning("unknown-field", pointer, message, place(text, variable.span.index))


def _filters(pointer: str, text: str, parsed: MergeTemplate) -> Iterator[Remark]:
    known = environment(escape=False).filters
    for name, spans in parsed.analyze().filters.items():
        for span in spans if name not in known else ():
            message = f"found {_brief(name)}, expected a filter{_near(name, known)}"
            yield _warning("unknown-filter", pointer, message, place(text, span.index))


def _too_long(template: Template) -> Iterator[Remark]:
    limits = (
        ("/body", template.body, MAX_BODY),
        ("/name", template.name, MAX_NAME),
        ("/shortcode", template.shortcode or "", MAX_SHORTCODE),
    )
    for pointer, text, limit in limits:
        if len(text) > limit:
            yield _warning("too-long", pointer, f"found {len(text)} characters, and Salesforce takes {limit}")


def _warning(code: str, pointer: str, message: str, where: tuple[int, int] | None = None) -> Remark:
    line, column = where or (None, None)
    return Remark(severity="warning", code=code, pointer=pointer, message=message, line=line, column=column)


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" (perhaps {near[0]})" if near else " (docs/templates.md lists them)"


def _flat(segments: Segments) -> Iterator[str | int]:
    for segment in segments:
        if isinstance(segment, list):
            yield from _flat(segment)
        else:
            yield segment


def _brief(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:60]}…"
