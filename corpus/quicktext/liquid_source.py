"""From the source of a template to a parsed one, or to the reason why it is none."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from liquid.exceptions import LiquidError

from corpus.quicktext.liquid_env import OTHER_TEMPLATES, Gap, MergeEnvironment, MergeTemplate

MAX_SOURCE = 50_000
MAX_MARKS = 500
MAX_MARK = 1_000
_MARK = re.compile(r"\{[{%]")
_ENDS: Mapping[str, str] = MappingProxyType({"{{": "}}", "{%": "%}"})
_WHOLE_MARK = re.compile(r"\{\{.{0,1000}?\}\}|\{%-?\s{0,20}(?P<tag>\w{0,20}).{0,1000}?%\}", re.DOTALL)
_MISSING_END = re.compile(r"expected tag end(\w+)")
_BLOCKS = frozenset({"if", "unless", "for", "case", "tablerow", "capture"})
_FORBIDDEN = re.compile(rf"unexpected tag '({'|'.join(OTHER_TEMPLATES)})'")


@functools.cache
def environment(*, escape: bool) -> MergeEnvironment:
    """Return the environment for plain text, or the one that escapes values for HTML."""
    return MergeEnvironment(undefined=Gap, autoescape=escape)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a template cannot be filled, in words for its author; line and column count from 1."""

    reason: str
    line: int | None = None
    column: int | None = None

    @property
    def cause(self) -> str:
        """The reason with its line."""
        return self.reason if self.line is None else f"{self.reason}, line {self.line}"


def has_marks(source: str) -> bool:
    """Whether there is anything in the source that Liquid would look at."""
    return _MARK.search(source) is not None


@functools.lru_cache(maxsize=2_048)
def parse(source: str, *, escape: bool) -> MergeTemplate | Fault:
    """Return the parsed template, or why it is none; kept for the next case."""
    if fault := _oversized(source):
        return fault
    try:
        template = environment(escape=escape).from_string(source)
    except Exception as error:  # whatever a template from outside provokes in the library is the template's fault
        return fault_of(error, source)
    return template if isinstance(template, MergeTemplate) else Fault(type(template).__name__)


def fault_of(error: Exception, source: str) -> Fault:
    """Return what a failure of the library says to the template's author, with the place where it is known."""
    if not isinstance(error, LiquidError):
        return Fault(type(error).__name__)
    reason = str(error.message)
    if forbidden := _FORBIDDEN.match(reason):
        reason = f"unexpected tag '{forbidden[1]}', expected none that reaches other templates: copy their text"
    known = error.token is not None and error.token.start_index >= 0 and error.token.source == source
    position = error.token.start_index if known and error.token else _guilty(source, str(error.message))
    return Fault(reason) if position is None else Fault(reason, *place(source, position))


def place(source: str, position: int) -> tuple[int, int]:
    r"""Return line and column of a position, both from 1.

    >>> place("a\nbc", 3)
    (2, 2)
    """
    return source.count("\n", 0, position) + 1, position - source.rfind("\n", 0, position)


def _guilty(source: str, reason: str) -> int | None:
    """Return where the mark begins that the library complains of without saying where."""
    if end := _MISSING_END.match(reason):
        return _unclosed(source, end[1])
    for mark in _WHOLE_MARK.finditer(source):
        ending = f"{{% end{mark['tag']} %}}" if mark["tag"] in _BLOCKS else ""
        try:
            environment(escape=False).from_string(mark[0] + ending)
        except LiquidError as error:
            if str(error.message) == reason:
                return mark.start()
    return None


def _unclosed(source: str, name: str) -> int | None:
    opened = []
    for mark in _WHOLE_MARK.finditer(source):
        if mark["tag"] == name:
            opened.append(mark.start())
        elif mark["tag"] == f"end{name}" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _oversized(source: str) -> Fault | None:
    # Unclosed or very long marks cost the library's lexer time cubic in their length: minutes for 20,000 braces.
    if len(source) > MAX_SOURCE:
        return Fault(f"found {len(source)} characters, expected at most {MAX_SOURCE}")
    for count, mark in enumerate(_MARK.finditer(source)):
        end = _ENDS[mark[0]]
        if source.find(end, mark.end(), mark.end() + MAX_MARK) < 0:
            return Fault(f"found {mark[0]}, expected {end} within {MAX_MARK} characters", *place(source, mark.start()))
        if count >= MAX_MARKS:
            return Fault(f"found more than {MAX_MARKS} merge marks")
    return None
