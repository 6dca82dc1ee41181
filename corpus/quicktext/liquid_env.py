"""Liquid, bounded: no other templates, no clock, limits on work and output, gaps that stay visible.

A missing value travels through filters untouched and shows as ``[[contact.first_name]]`` where it is written;
``default`` replaces it and a condition finds it false.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from liquid import BoundTemplate, Environment, RenderContext, Token
from liquid.exceptions import ResourceLimitError
from liquid.filter import with_context
from liquid.output import LimitedStringIO
from liquid.undefined import UNDEFINED, FalsyStrictUndefined

from corpus.quicktext.fields import NAMESPACES, is_merge_field
from corpus.quicktext.formats import FORMATTERS
from corpus.wording import SHOWN

MAX_OUTPUT_BYTES = 65_536
MAX_ARGUMENT = 1_000
MAX_LOOPS = 1_000
MAX_NOTES = 20
MAX_NAME = 120
OTHER_TEMPLATES = ("include", "render", "extends", "block")
UNTRANSLATED = "untranslated"  # the namespace of marks of other systems that have no field here
_CLOCK = frozenset({"now", "today"})
_UNSAFE_IN_NAME = re.compile(r"[^\w.-]+")
Value = str | int | float | bool


class Gap(FalsyStrictUndefined):
    """A field without value: written as its name in double brackets, false in conditions.

    ``tested`` tells whether the template asked if there is a value, and so knows what to do without; ``foreign``,
    whether it stands for a mark of another system that could not be translated.
    """

    __slots__ = ("foreign", "tested")
    allowed_properties = FalsyStrictUndefined.allowed_properties | {"__html__", "__str__", "foreign", "tested"}

    def __init__(self, name: str, *, token: Token | None = None, obj: object = UNDEFINED, hint: str | None = None):
        super().__init__(name, token=token, obj=obj, hint=hint)
        self.tested = False
        self.foreign = False

    def __str__(self) -> str:
        return placeholder(self.name)

    def __liquid__(self) -> None:
        self.tested = True


def placeholder(name: str) -> str:
    """Return what stands in a text for a field without value."""
    return f"[[{name}]]"


class MergeContext(RenderContext):
    """Resolves merge fields from a flat table.

    ``gaps`` holds every field looked up that has no value, ``unformatted`` what a format could not read.
    """

    values: Mapping[str, Value]
    language: str
    gaps: list[Gap]
    unformatted: list[str]

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        """Return the value of a merge field or of the template's own variable, else a ``Gap``."""
        root = str(path[0])
        own = root in self.locals or root not in NAMESPACES | _CLOCK
        found = super().get(path, token=token, default=None) if own else self._field(path)
        if found is not None:
            return found
        return self.gap(path, token) if default is UNDEFINED else default

    def _field(self, path: list[object]) -> object:
        return self.values.get(".".join(str(part) for part in path))

    def gap(self, path: list[object], token: Token | None = None) -> Gap:
        """Note that a field has no value, and return what stands in for it."""
        parts = [str(part) for part in path]
        name = ".".join(parts[1:] if parts[0] == UNTRANSLATED else parts)
        gap = Gap(_UNSAFE_IN_NAME.sub("_", name)[:MAX_NAME], token=token)
        gap.foreign = parts[0] == UNTRANSLATED
        self.gaps.append(gap)
        return gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What a template became: its text, the gaps met on the way, and values that a format could not read."""

    text: str
    gaps: tuple[Gap, ...]
    unformatted: tuple[str, ...]


class MergeTemplate(BoundTemplate):
    """A parsed template that is filled with merge fields."""

    context_class = MergeContext

    def fill(self, values: Mapping[str, Value], language: str) -> Filling:
        """Return the text, dates and amounts written in ``language``; raises ``LiquidError`` as Liquid does."""
        context = MergeContext(self, globals={})
        context.values, context.language = values, language
        context.gaps, context.unformatted = [], []
        buffer = LimitedStringIO(limit=MAX_OUTPUT_BYTES)
        self.render_with_context(context, buffer)
        return Filling(text=buffer.getvalue(), gaps=tuple(context.gaps), unformatted=tuple(context.unformatted))


class MergeEnvironment(Environment):
    """Liquid with limits and without access to anything but the merge fields."""

    block_nesting_limit = 20
    context_depth_limit = 20
    loop_iteration_limit = MAX_LOOPS
    local_namespace_limit = MAX_OUTPUT_BYTES
    output_stream_limit = MAX_OUTPUT_BYTES
    template_class = MergeTemplate

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Register the built-in tags and filters, less those that reach other templates."""
        super().setup_tags_and_filters(extra=extra)
        for tag in OTHER_TEMPLATES:
            self.tags.pop(tag, None)
        self.filters = {name: _guarded(function, name) for name, function in self.filters.items()}
        self.filters.update({name: _guarded(_formatting(name), name) for name in FORMATTERS})


def is_known(gap: Gap) -> bool:
    """Whether the field is one that templates may use, and only its value is missing."""
    return not gap.foreign and is_merge_field(gap.name)


def _formatting(name: str) -> Callable[..., Any]:
    """Return the filter that writes a date or an amount; what cannot be read as one stands as it is, noted."""

    @with_context
    def formatted(value: object, *args: object, context: MergeContext) -> object:
        text = FORMATTERS[name](value, context.language, *args)
        if text is not None:
            return text
        if len(context.unformatted) < MAX_NOTES:
            context.unformatted.append(f"{str(value)[:SHOWN]} | {name}")
        return value

    return formatted


def _guarded(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Let gaps through untouched, keep the clock out, and bound what one filter can blow up."""
    needs_context = getattr(function, "with_context", False)

    @with_context
    @functools.wraps(function)
    def guarded(value: object, *args: object, context: MergeContext, **kwargs: object) -> object:
        if needs_context:
            kwargs["context"] = context
        gap = next((part for part in (value, *args) if isinstance(part, Gap)), None)
        if name == "default":
            return function(value, *args, **kwargs)
        if gap is not None:
            return gap
        if name == "date" and isinstance(value, str) and value in _CLOCK:
            return context.gap([value])
        if _too_long(value, MAX_OUTPUT_BYTES) or any(_too_long(part, MAX_ARGUMENT) for part in args):
            raise ResourceLimitError(f"{name}: the text is too long", token=None)
        return function(value, *args, **kwargs)

    return guarded


def _too_long(value: object, limit: int) -> bool:
    return isinstance(value, str | list) and len(value) > limit
