"""Which foreign syntax a text is written in, where nobody says."""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from types import MappingProxyType

from corpus.merge_syntax.maps import MergeMaps, SyntaxMap, field_key
from corpus.merge_syntax.translate import Translation, translate

_LIQUID_MARK = re.compile(r"\{\{.{0,1000}?\}\}|\{%.{0,1000}?%\}", re.DOTALL)


def guess_syntax(text: str, maps: MergeMaps) -> SyntaxMap | None:
    """Return the syntax that knows most of the marks of a text by name, or ``None`` where none knows any."""
    best: tuple[int, SyntaxMap] | None = None
    for syntax in maps.distinct():
        known = _known(translate(text, syntax)) - _known(translate(text, _nameless(syntax)))
        if known > (best[0] if best else 0):
            best = known, syntax
    return best[1] if best else None


def known_as(name: str, maps: MergeMaps) -> tuple[str, ...]:
    """Return the syntaxes in curly braces that have a field of this name.

    >>> from corpus.merge_syntax.maps import shipped_maps
    >>> known_as("ticket.requester.first_name", shipped_maps())
    ('zendesk',)
    """
    curly = (syntax for syntax in maps.distinct() if syntax.style in ("liquid", "twig"))
    return tuple(syntax.name for syntax in curly if field_key(name) in syntax.fields)


def without_liquid(text: str) -> str:
    """Return the text with blanks in the place of Liquid's own marks, so that places stay where they are."""
    return _LIQUID_MARK.sub(lambda mark: re.sub(r"[^\n]", " ", mark[0]), text)


@functools.lru_cache(maxsize=64)
def _nameless(syntax: SyntaxMap) -> SyntaxMap:
    return replace(syntax, fields=MappingProxyType({}))


def _known(translation: Translation) -> int:
    return translation.outputs - translation.untranslated_outputs
