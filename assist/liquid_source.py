"""From the source of a template to a parsed one, or to the reason why it is none."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from liquid.exceptions import LiquidError

from assist.liquid_env import Gap, MergeEnvironment, MergeTemplate

MAX_SOURCE = 50_000
MAX_MARKS = 500
MAX_MARK = 1_000
_MARK = re.compile(r"\{[{%]")
_ENDS: Mapping[str, str] = {"{{": "}}", "{%": "%}"}


@functools.cache
def environment(*, escape: bool) -> MergeEnvironment:
    """Return the environment for plain text, or the one that escapes values for HTML."""
    return MergeEnvironment(undefined=Gap, autoescape=escape)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a template cannot be filled, in words for its author."""

    cause: str


@functools.lru_cache(maxsize=2_048)
def parse(source: str, *, escape: bool) -> MergeTemplate | Fault:
    """Return the parsed template, or why it is none; kept for the next case."""
    if fault := _oversized(source):
        return fault
    try:
        template = environment(escape=escape).from_string(source)
    except Exception as error:  # whatever a template from outside provokes in the library is the template's fault
        return fault_of(error)
    return template if isinstance(template, MergeTemplate) else Fault(type(template).__name__)


def fault_of(error: Exception) -> Fault:
    """Return what a failure of the library says to the template's author, with the line where it is known."""
    if not isinstance(error, LiquidError):
        return Fault(type(error).__name__)
    if error.token is None or error.token.start_index < 0:
        return Fault(str(error.message))
    return Fault(f"{error.message}, line {_line(error.token.source, error.token.start_index)}")


def _oversized(source: str) -> Fault | None:
    # Unclosed or very long marks cost the library's lexer time cubic in their length: minutes for 20,000 braces.
    if len(source) > MAX_SOURCE:
        return Fault(f"found {len(source)} characters, expected at most {MAX_SOURCE}")
    for count, mark in enumerate(_MARK.finditer(source)):
        end = _ENDS[mark[0]]
        if source.find(end, mark.end(), mark.end() + MAX_MARK) < 0:
            where = _line(source, mark.start())
            return Fault(f"found {mark[0]}, expected {end} within {MAX_MARK} characters, line {where}")
        if count >= MAX_MARKS:
            return Fault(f"found more than {MAX_MARKS} merge marks")
    return None


def _line(source: str, position: int) -> int:
    return source.count("\n", 0, position) + 1
