"""Filling one Liquid text with merge fields, and what is told of the gaps that stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assist.template_warnings import warning
from corpus.quicktext.liquid_env import Gap, Value, placeholder
from corpus.quicktext.liquid_source import Fault, fault_of, has_marks, parse


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its fields filled; where that failed, ``fault`` says why and ``text`` is as it was written."""

    text: str
    gaps: Sequence[Gap] = ()
    unformatted: Sequence[str] = ()
    fault: str | None = None


def fill(source: str, values: Mapping[str, Value], language: str, *, escape: bool) -> Filled:
    """Return a text filled, dates and amounts in ``language``; never raises because of the text or a value."""
    if not has_marks(source):
        return Filled(source)
    parsed = parse(source, escape=escape)
    if isinstance(parsed, Fault):
        return Filled(source, fault=parsed.cause)
    try:
        filling = parsed.fill(values, language)
    except Exception as error:  # as in parsing: a template must never cost the answer
        return Filled(source, fault=fault_of(error, source).cause)
    return Filled(filling.text, filling.gaps, filling.unformatted)


def shown_gaps(parts: Sequence[Filled]) -> list[Gap]:
    """Return the gaps whose placeholder stands in the text."""
    return [gap for part in parts for gap in part.gaps if placeholder(gap.name) in part.text]


def names_of(gaps: Iterable[Gap]) -> tuple[str, ...]:
    """Return the names of gaps, each once."""
    return tuple(dict.fromkeys(gap.name for gap in gaps))


def filling_warnings(parts: Sequence[Filled], language: str, *, of_steps: bool = False) -> list[str]:
    """Return what an agent must know of texts of a template, or of steps, that were filled, in German or English."""
    kind = "_step" if of_steps else ""
    told = [warning(f"broken{kind}", language, cause=part.fault) for part in parts if part.fault]
    told += [warning(f"condition{kind}", language, field=name) for name in _decisive(parts)]
    told += [warning("unformatted", language, value=value) for part in parts for value in part.unformatted]
    return told


def _decisive(parts: Sequence[Filled]) -> list[str]:
    """Return fields that decided a condition although they are missing, and that the text does not show."""
    shown = set(names_of(shown_gaps(parts)))
    gaps = [gap for part in parts for gap in part.gaps]
    tested = {gap.name for gap in gaps if gap.tested}
    return [name for name in names_of(gaps) if name not in shown | tested]
