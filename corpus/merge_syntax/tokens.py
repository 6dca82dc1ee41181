"""The words of an expression between curly braces: Liquid's and Twig's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["string", "number", "path", "sign"]
_TOKEN = re.compile(
    r"\s*(?:(?P<string>\"[^\"]*\"|'[^']*')|(?P<number>\d+(?:\.\d+)?)|(?P<path>[A-Za-z_][\w-]*(?:\.[\w-]+)*)"
    r"|(?P<sign>==|!=|<>|<=|>=|=>|\|\||\.\.|[|:,()\[\]{}<>=~+*/%?.!-]))"
)
MAX_TOKENS = 200


@dataclass(frozen=True, slots=True)
class ExpressionToken:
    """One word: a string with its quotes, a number, a dotted path, or a sign."""

    kind: TokenKind
    text: str


def tokens_of(expression: str) -> list[ExpressionToken] | None:
    """Return the tokens of an expression, or ``None`` where something in it is none, or where they are too many."""
    found: list[ExpressionToken] = []
    position, text = 0, expression.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None or len(found) >= MAX_TOKENS:
            return None
        kind: TokenKind = match.lastgroup  # type: ignore[assignment]  # the groups are named after the kinds
        found.append(ExpressionToken(kind, match[match.lastgroup]))
        position = match.end()
    return found
