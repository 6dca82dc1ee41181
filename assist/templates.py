"""Filling a QuickText template for one case, without leaving a gap unnoticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assist.filling import Filled, fill, filling_warnings, names_of, shown_gaps
from assist.html import letter_text
from assist.mergefields import merge_values
from assist.models import RenderedTemplate
from assist.template_warnings import warning
from corpus.merge_syntax.maps import MergeMaps, shipped_maps
from corpus.merge_syntax.translate import Untranslated, translate
from corpus.models import Case, Template, primary_language
from corpus.quicktext.checks import LIQUID
from corpus.quicktext.liquid_env import is_known
from corpus.safe_html import sanitise_html

SHOWN_MARKS = 5
SHOWN_MARK = 60


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
        return _finish(template, (Filled(template.subject or ""), Filled(template.body)), told)
    values = merge_values(case, context, company, language=template.language, address=template.address)
    written = primary_language(template.language) or template.language
    parts: tuple[Filled, ...] = (
        fill(liquid.subject or "", values, written, escape=False),
        fill(liquid.body, values, written, escape=template.format == "html"),
    )
    originals = (template.subject or "", template.body)
    parts = tuple(replace(part, text=text) if part.fault else part for part, text in zip(parts, originals, strict=True))
    return _finish(template, parts, [*_told(marks, template.syntax, language), *filling_warnings(parts, language)])


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


def _finish(template: Template, parts: tuple[Filled, ...], warnings: Sequence[str]) -> RenderedTemplate:
    subject, body = parts
    html = sanitise_html(body.text) if template.format == "html" else None
    gaps = shown_gaps(parts)
    return RenderedTemplate(
        subject=None if template.subject is None else subject.text.strip(),
        text=body.text if html is None else letter_text(html),
        html=html,
        missing_fields=names_of(gap for gap in gaps if is_known(gap)),
        unknown_fields=names_of(gap for gap in gaps if not is_known(gap)),
        warnings=tuple(dict.fromkeys(warnings)),
    )
