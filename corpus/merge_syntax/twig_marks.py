"""Marks of Twig (Shopware and others) as Liquid: fields, fallbacks, joined texts, simple conditions.

Loops over lists of objects and calculations have no counterpart: a letter here knows plain fields only.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from corpus.merge_syntax.expressions import quoted
from corpus.merge_syntax.maps import SyntaxMap
from corpus.merge_syntax.tokens import ExpressionToken, tokens_of

# "" leaves a filter out: it only concerns how text is put on a page, or what escaping does here anyway.
FILTERS: Mapping[str, str] = MappingProxyType({
    "raw": "", "e": "", "escape": "", "nl2br": "", "u.wordwrap": "", "wordwrap": "", "striptags": "strip_html",
    "upper": "upcase", "lower": "downcase", "capitalize": "capitalize", "trim": "strip", "format_date": "date_long",
    "format_datetime": "date_time", "date": "date_short",
})  # fmt: skip
_MONEY = frozenset({"currency", "format_currency"})
_DROPPED = frozenset({"set", "block", "endblock"})
_TESTS = frozenset({("is", "defined"), ("is", "not", "null"), ("is", "not", "empty")})


class TwigMarks:
    """Translates the marks of one text."""

    def __init__(self, syntax: SyntaxMap) -> None:
        self._syntax = syntax

    def output(self, inner: str) -> str | None:
        """Return the output mark as Liquid, or ``None`` where it cannot be said."""
        tokens = tokens_of(inner)
        expression = None if not tokens else self._joined(tokens)
        return None if expression is None else f"{{{{ {expression} }}}}"

    def statement(self, name: str, rest: str) -> str | None:
        """Return the tag as Liquid, or ``None``: ``if``, ``elseif`` and ``else`` only."""
        if name == "else":
            return "{% else %}"
        if name not in ("if", "elseif"):
            return None
        condition = self._condition(tokens_of(rest) or [])
        return None if condition is None else f"{{% {'if' if name == 'if' else 'elsif'} {condition} %}}"

    def _joined(self, tokens: list[ExpressionToken]) -> str | None:
        parts = [self._filtered(part) for part in _split(tokens, "~")]
        if None in parts or any("|" in (part or "") for part in parts[1:]):
            return None
        return " | append: ".join(filter(None, parts))

    def _filtered(self, tokens: list[ExpressionToken]) -> str | None:
        value, *filters = _split(tokens, "|")
        written = [self._value(value), *map(self._filter, filters)]
        return None if None in written else " | ".join(filter(None, written))

    def _value(self, tokens: list[ExpressionToken]) -> str | None:
        if len(tokens) == 1:
            token = tokens[0]
            if token.kind == "string":
                return quoted(token.text[1:-1])
            return token.text if token.kind == "number" else self._syntax.field(token.text)
        # A call is a field of its own: by its name and its first argument.
        if [token.kind for token in tokens[:3]] == ["path", "sign", "string"] and tokens[1].text == "(":
            return self._syntax.field(f"{tokens[0].text}:{tokens[2].text[1:-1]}")
        return None

    def _filter(self, tokens: list[ExpressionToken]) -> str | None:
        name = tokens[0].text if tokens else ""
        if name == "default" and len(tokens) == 4 and tokens[2].kind == "string":
            text = quoted(tokens[2].text[1:-1])
            return None if text is None else f"default: {text}"
        return self._money(tokens[2:]) if name in _MONEY else FILTERS.get(name)

    def _money(self, arguments: list[ExpressionToken]) -> str | None:
        # Which currency it is must be known: an amount in the wrong one would be a false promise.
        code = self._value(arguments[:1]) if arguments else self._syntax.field("order.currency.isoCode")
        return None if code is None else f"amount: {code}"

    def _condition(self, tokens: list[ExpressionToken]) -> str | None:
        words = {token.text for token in tokens}
        joint = "or" if "or" in words else "and"
        if {"and", "or"} <= words:  # Liquid reads them from right to left
            return None
        clauses = [self._clause(clause) for clause in _split(tokens, joint)]
        return None if None in clauses else f" {joint} ".join(filter(None, clauses))

    def _clause(self, tokens: list[ExpressionToken]) -> str | None:
        field = self._value(tokens[:1])
        rest = tuple(token.text for token in tokens[1:])
        if field is None or tokens[0].kind != "path":
            return None
        if rest == () or rest in _TESTS:
            return field
        if len(rest) == 2 and rest[0] in ("==", "!=") and tokens[2].kind in ("string", "number"):
            return f"{field} {rest[0]} {rest[1]}"
        return None


def is_dropped(name: str) -> bool:
    """Whether a tag of Twig shows nothing by itself, so that nothing stands in for it."""
    return name in _DROPPED


def _split(tokens: list[ExpressionToken], sign: str) -> list[list[ExpressionToken]]:
    """Split where the sign stands outside of all brackets."""
    parts: list[list[ExpressionToken]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if token.text == sign and depth == 0 and token.kind != "string":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts
