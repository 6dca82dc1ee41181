"""Markdown as plain text, for excerpts and for the encoder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.html import html_to_text

_BLANK_LINES = re.compile(r"\n{3,}")
_ENDS_PARAGRAPH = frozenset(
    {
        "paragraph_close",
        "heading_close",
        "blockquote_close",
        "table_close",
        "bullet_list_close",
        "ordered_list_close",
    }
)


def markdown_tokens(markdown: str) -> list[Token]:
    """Return the tokens of CommonMark with tables and strikethrough."""
    return _parser().parse(markdown)


@cache
def _parser() -> MarkdownIt:
    # Making one takes as long as parsing a page. It keeps nothing of what it parsed, so threads may share it.
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def markdown_to_text(markdown: str) -> str:
    """Return the readable text of ``markdown``.

    Headings and links become their text, list items ``- `` or ``1. ``, table rows cells parted by `` | ``; code is
    kept as it stands, images become their description, inline HTML loses its tags.
    """
    tokens = markdown_tokens(markdown)
    parts: list[str] = []
    for position, token in enumerate(tokens):
        parts.append(_block(token, tokens, position))
    lines = "\n".join(line.rstrip() for line in "".join(parts).split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip("\n")


def _block(token: Token, tokens: Sequence[Token], position: int) -> str:
    kind = token.type
    if kind == "inline":
        return "".join(_inline(child) for child in token.children or ())
    if kind in {"fence", "code_block"}:
        return token.content.rstrip("\n") + "\n\n"
    if kind == "html_block":
        return html_to_text(token.content) + "\n"
    if kind == "list_item_open":
        return f"{token.info}. " if token.info else "- "
    if kind in {"th_close", "td_close"}:
        return " | " if tokens[position + 1].type in {"th_open", "td_open"} else "\n"
    if kind in _ENDS_PARAGRAPH:
        return "\n" if token.hidden or token.level > 1 else "\n\n"
    return ""


def _inline(token: Token) -> str:
    if token.type in {"text", "code_inline"}:
        return token.content
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    if token.type == "html_inline":
        return "\n" if token.content.lower().startswith("<br") else ""
    if token.type == "image":
        return token.content
    return ""
