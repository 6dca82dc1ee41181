"""The steps of an action, filled for one case: texts with merge fields, and links with values in their query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from assist.filling import Filled, fill, filling_warnings, names_of, shown_gaps
from assist.html import safe_url
from assist.mergefields import merge_values
from assist.template_warnings import warning
from corpus.models import Action, Case, Step, primary_language
from corpus.quicktext.liquid_env import Gap, Value, is_known
from corpus.quicktext.liquid_source import has_marks
from corpus.quicktext.step_urls import MARK, url_fault

MAX_FILLED = 50
"""So many steps of an action are filled: each may work as long as a template."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledSteps:
    """Steps as an agent reads them; a missing field shows as ``[[contact.last_name]]``, in links percent-encoded."""

    steps: tuple[Step, ...]
    missing_fields: tuple[str, ...] = ()
    unknown_fields: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def fill_steps(
    action: Action, case: Case, context: Mapping[str, Any], *, company: Mapping[str, str] | None, language: str
) -> FilledSteps:
    """Return the steps of an action filled with the plain data of the case, the contact, the agent and the company.

    Whatever cannot be filled stays as written, a link of that kind is left out, each with a warning in ``language``
    (German or English). Never raises because of a step or a value, and never reads a value as Liquid.
    """
    if not any(has_marks(step.text) or has_marks(step.url or "") for step in action.steps):
        return FilledSteps(steps=action.steps)
    written = primary_language(action.language) or language
    values = merge_values(case, context, company, language=written)
    first, rest = action.steps[:MAX_FILLED], action.steps[MAX_FILLED:]
    texts = [fill(step.text, values, written, escape=False) for step in first]
    links = [_link(step.url, values, written) for step in first]
    parts = [*texts, *(link.part for link in links)]
    gaps: list[Gap] = shown_gaps(parts)
    steps = (replace(step, text=text.text, url=link.url) for step, text, link in zip(first, texts, links, strict=True))
    told = [*filling_warnings(parts, language, of_steps=True), *_left_out(first, links, language)]
    if rest:
        told.append(warning("many_steps", language, number=str(MAX_FILLED)))
    return FilledSteps(
        steps=(*steps, *rest),
        missing_fields=names_of(gap for gap in gaps if is_known(gap)),
        unknown_fields=names_of(gap for gap in gaps if not is_known(gap)),
        warnings=tuple(dict.fromkeys(told)),
    )


@dataclass(frozen=True, slots=True)
class _Link:
    """A filled address, ``None`` where there is none or it must not be followed, and its values as plain text."""

    url: str | None
    part: Filled


def _link(url: str | None, values: Mapping[str, Value], language: str) -> _Link:
    if url is None or not has_marks(url):
        return _Link(url, Filled(""))
    if url_fault(url) is not None:
        return _Link(None, Filled(""))
    # Each mark by itself: what a filter makes of a value is encoded as a whole, and nothing around it.
    marks = [fill(mark[0], values, language, escape=False) for mark in MARK.finditer(url)]
    fault = next((mark.fault for mark in marks if mark.fault), None)
    filled = iter(marks)
    whole = MARK.sub(lambda _: quote(next(filled).text, safe=""), url)
    part = Filled(
        " ".join(mark.text for mark in marks),
        [gap for mark in marks for gap in mark.gaps],
        [value for mark in marks for value in mark.unformatted],
        fault,
    )
    return _Link(None if fault else safe_url(whole), part)


def _left_out(steps: Sequence[Step], links: Sequence[_Link], language: str) -> list[str]:
    lost = [step for step, link in zip(steps, links, strict=True) if step.url is not None and link.url is None]
    return [warning("link", language, step=step.text[:60]) for step in lost]
