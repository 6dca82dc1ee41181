"""Marks of systems that use Liquid under other names (Zendesk, Chatwoot): fields are renamed, the rest stays."""

from __future__ import annotations

from corpus.merge_syntax.maps import SyntaxMap
from corpus.merge_syntax.tokens import ExpressionToken, tokens_of
from corpus.quicktext.liquid_source import environment

_WORDS = frozenset({
    "and", "or", "not", "contains", "true", "false", "nil", "null", "blank", "empty", "in", "reversed", "limit",
    "offset", "cols",
})  # fmt: skip
_ASSIGNS = frozenset({"assign", "for", "capture", "tablerow"})
_PLAIN = frozenset({"else", "break", "continue", "raw", "comment"})


class LiquidMarks:
    """Translates the marks of one text; remembers the variables that the text itself makes."""

    def __init__(self, syntax: SyntaxMap) -> None:
        self._syntax = syntax
        self._own = {"forloop"}
        self._filters = environment(escape=False).filters

    def output(self, inner: str) -> str | None:
        """Return the output mark in our names, or ``None`` where a field or filter has no counterpart."""
        expression = self._renamed(tokens_of(inner))
        return None if expression is None else f"{{{{ {expression} }}}}"

    def statement(self, name: str, rest: str) -> str | None:
        """Return the tag in our names, or ``None``; ``rest`` is what follows the tag's name."""
        if name not in environment(escape=False).tags and name not in _PLAIN | {"elsif", "when"}:
            return None
        tokens = tokens_of(rest)
        made = {tokens[0].text} if name in _ASSIGNS and tokens and tokens[0].kind == "path" else set()
        before, self._own = self._own, self._own | made
        expression = self._renamed(tokens)
        if expression is None:  # what could not be translated makes no variable either
            self._own = before
            return None
        return f"{{% {name} {expression} %}}" if expression else f"{{% {name} %}}"

    def _renamed(self, tokens: list[ExpressionToken] | None) -> str | None:
        if tokens is None:
            return None
        parts: list[str] = []
        for position, token in enumerate(tokens):
            written = self._word(token, tokens, position)
            if written is None:
                return None
            parts.append(written)
        return " ".join(parts)

    def _word(self, token: ExpressionToken, tokens: list[ExpressionToken], position: int) -> str | None:
        before = tokens[position - 1].text if position else ""
        if token.text == "||":  # Chatwoot writes a fallback like this
            return "| default:"
        if token.kind != "path":
            return token.text
        if before == "|":
            return token.text if token.text in self._filters else None
        named = position + 1 < len(tokens) and tokens[position + 1].text == ":" and before == ","
        if named or token.text in _WORDS or token.text.split(".")[0] in self._own:
            return token.text
        return self._syntax.field(token.text)
