"""Filling a QuickText template for one case, without leaving a gap unnoticed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assist.html import letter_text
from assist.mergefields import merge_values
from assist.models import RenderedTemplate
from assist.template_warnings import warning
from corpus.merge_syntax.maps import MergeMaps, shipped_maps
from corpus.merge_syntax.translate import Untranslated, translate
from corpus.models import Case, Template, primary_language
from corpus.quicktext.checks import LIQUID
from corpus.quicktext.liquid_env import Gap, Value, is_known, placeholder
from corpus.quicktext.liquid_source import Fault, fault_of, has_marks, parse
from corpus.safe_html import sanitise_html

SHOWN_MARKS = 5
SHOWN_MARK = 60


@dataclass(frozen=True, slots=True)
class _Filled:
    text: str
    gaps: Sequence[Gap] = ()
    unformatted: Sequence[str] = ()
    fault: str | None = None


def render(
    template: Template,
    case: Case,
    context: Mapping[str, Any],
    *,
    company: Mapping[str, str] | None,
    language: str,
    maps: MergeMaps | None = None,
) -> RenderedTemplate:
    """Return the template filled with the plain data of the case, the contact, the agent and the company.

    A field without value shows as ``[[contact.first_name]]`` and is listed: among the missing fields where
    templates may use it, else among the unknown ones. A template in a foreign syntax is translated by ``maps`` (by
    default the shipped ones) first. What cannot be filled stays as written, with a warning in ``language`` (German or
    English). HTML is sanitised, with values escaped; ``text`` is then its plain form. Never raises because of a
    template or a value.
    """
    liquid, marks = _in_liquid(template, maps or shipped_maps())
    if liquid is None:
        told = [warning("foreign", language, syntax=template.syntax)]
        return _finish(template, (_Filled(template.subject or ""), _Filled(template.body)), told)
    values = merge_values(case, context, company, language=template.language, address=template.address)
    written = primary_language(template.language) or template.language
    parts: tuple[_Filled, ...] = (
        _fill(liquid.subject or "", values, written, escape=False),
        _fill(liquid.body, values, written, escape=template.format == "html"),
    )
    originals = (template.subject or "", template.body)
    parts = tuple(replace(part, text=text) if part.fault else part for part, text in zip(parts, originals, strict=True))
    return _finish(template, parts, [*_told(marks, template.syntax, language), *_warnings(parts, language)])


def _in_liquid(template: Template, maps: MergeMaps) -> tuple[Template | None, Sequence[Untranslated]]:
    """Return the template in Liquid, or ``None`` where nobody knows its syntax, and the marks without counterpart."""
    if template.syntax == LIQUID:
        return template, ()
    syntax = maps.of(template.syntax)
    if syntax is None:
        return None, ()
    subject = translate(template.subject or "", syntax)
    body = translate(template.body, syntax, is_html=template.format == "html")
    marks = (*subject.untranslated, *body.untranslated)
    return replace(template, subject=template.subject and subject.source, body=body.source, syntax=LIQUID), marks


def _told(marks: Sequence[Untranslated], syntax: str, language: str) -> list[str]:
    if not marks:
        return []
    names = list(dict.fromkeys(" ".join(mark.text.split())[:SHOWN_MARK] for mark in marks))
    shown = ", ".join(names[:SHOWN_MARKS]) + (", …" if len(names) > SHOWN_MARKS else "")
    return [warning("untranslated", language, syntax=syntax, marks=shown)]


def _warnings(parts: Sequence[_Filled], language: str) -> list[str]:
    told = [warning("broken", language, cause=part.fault) for part in parts if part.fault]
    told += [warning("condition", language, field=name) for name in _decisive(parts)]
    told += [warning("unformatted", language, value=value) for part in parts for value in part.unformatted]
    return told


def _finish(template: Template, parts: tuple[_Filled, ...], warnings: Sequence[str]) -> RenderedTemplate:
    subject, body = parts
    html = sanitise_html(body.text) if template.format == "html" else None
    gaps = _shown(parts)
    return RenderedTemplate(
        subject=None if template.subject is None else subject.text.strip(),
        text=body.text if html is None else letter_text(html),
        html=html,
        missing_fields=_names(gap for gap in gaps if is_known(gap)),
        unknown_fields=_names(gap for gap in gaps if not is_known(gap)),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _fill(source: str, values: Mapping[str, Value], language: str, *, escape: bool) -> _Filled:
    if not has_marks(source):
        return _Filled(source)
    parsed = parse(source, escape=escape)
    if isinstance(parsed, Fault):
        return _Filled(source, fault=parsed.cause)
    try:
        filling = parsed.fill(values, language)
    except Exception as error:  # as in parsing: a template must never cost the answer
        return _Filled(source, fault=fault_of(error, source).cause)
    return _Filled(filling.text, filling.gaps, filling.unformatted)


def _shown(parts: Sequence[_Filled]) -> list[Gap]:
    return [gap for part in parts for gap in part.gaps if placeholder(gap.name) in part.text]


def _decisive(parts: Sequence[_Filled]) -> list[str]:
    """Return fields that decided a condition although they are missing, and that the text does not show."""
    shown = set(_names(_shown(parts)))
    gaps = [gap for part in parts for gap in part.gaps]
    tested = {gap.name for gap in gaps if gap.tested}
    return [name for name in _names(gaps) if name not in shown | tested]


def _names(gaps: Iterable[Gap]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(gap.name for gap in gaps))
