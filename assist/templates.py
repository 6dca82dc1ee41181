"""Filling a QuickText template for one case, without leaving a gap unnoticed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assist.html import letter_text, sanitise_html
from assist.liquid_env import Gap, is_known, placeholder
from assist.liquid_source import Fault, fault_of, parse
from assist.mergefields import Value, merge_values
from assist.models import RenderedTemplate
from corpus.models import Case, Template, primary_language

LIQUID = "liquid"
_WARNINGS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "foreign": "Die Vorlage hat die Syntax „{syntax}“ statt Liquid: Ihr Text steht unverändert da.",
        "broken": "Die Vorlage lässt sich nicht ausfüllen ({cause}): Ihr Text steht unverändert da.",
        "condition": "„{field}“ fehlt, und eine Bedingung der Vorlage hängt davon ab: bitte den Text prüfen.",
    },
    "en": {
        "foreign": "The template is written in the syntax “{syntax}”, not in Liquid: its text stands as it is.",
        "broken": "The template cannot be filled ({cause}): its text stands as it is.",
        "condition": "“{field}” is missing, and a condition of the template depends on it: please check the text.",
    },
}


@dataclass(frozen=True, slots=True)
class _Filled:
    text: str
    gaps: Sequence[Gap] = ()
    fault: str | None = None


def render(
    template: Template,
    case: Case,
    context: Mapping[str, Any],
    *,
    company: Mapping[str, str] | None,
    language: str,
) -> RenderedTemplate:
    """Return the template filled with the plain data of the case, the contact, the agent and the company.

    A field without value shows as ``[[contact.first_name]]`` and is listed: among the missing fields where
    templates may use it, else among the unknown ones. What cannot be filled stays as written, with a warning in
    ``language`` (German or English). HTML is sanitised, with values escaped; ``text`` is then its plain form.
    Never raises because of a template or a value.
    """
    words = _WARNINGS["de" if primary_language(language) == "de" else "en"]
    if template.syntax != LIQUID:
        return _finish(template, _unfilled(template), [words["foreign"].format(syntax=template.syntax)])
    values = merge_values(case, context, company, language=template.language, address=template.address)
    parts = (
        _fill(template.subject or "", values, escape=False),
        _fill(template.body, values, escape=template.format == "html"),
    )
    warnings = [words["broken"].format(cause=part.fault) for part in parts if part.fault]
    warnings += [words["condition"].format(field=name) for name in _decisive(parts)]
    return _finish(template, parts, list(dict.fromkeys(warnings)))


def _unfilled(template: Template) -> tuple[_Filled, _Filled]:
    return _Filled(template.subject or ""), _Filled(template.body)


def _finish(template: Template, parts: tuple[_Filled, _Filled], warnings: Sequence[str]) -> RenderedTemplate:
    subject, body = parts
    html = sanitise_html(body.text) if template.format == "html" else None
    gaps = _shown(parts)
    return RenderedTemplate(
        subject=None if template.subject is None else subject.text.strip(),
        text=body.text if html is None else letter_text(html),
        html=html,
        missing_fields=_names(gap for gap in gaps if is_known(gap)),
        unknown_fields=_names(gap for gap in gaps if not is_known(gap)),
        warnings=tuple(warnings),
    )


def _fill(source: str, values: Mapping[str, Value], *, escape: bool) -> _Filled:
    parsed = parse(source, escape=escape)
    if isinstance(parsed, Fault):
        return _Filled(source, fault=parsed.cause)
    try:
        text, gaps = parsed.fill(values)
    except Exception as error:  # as in parsing: a template must never cost the answer
        return _Filled(source, fault=fault_of(error).cause)
    return _Filled(text, gaps)


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
