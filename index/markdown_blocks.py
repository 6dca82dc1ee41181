"""Finding the blocks of a Markdown body by the tokens of a CommonMark parser."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from corpus.markdown import markdown_tokens
from index.blocks import BlockList
from index.html_blocks import html_blocks

_GROUPS = frozenset({"bullet_list", "ordered_list", "table"})
_BREAKS = frozenset({"softbreak", "hardbreak"})
_LINE_BREAK = re.compile(r"\r\n?|\n")


def markdown_blocks(body: str, blocks: BlockList) -> None:
    """Add the blocks of a Markdown body (CommonMark with tables); embedded HTML is read as HTML."""
    reader = _Reader(body, blocks)
    for token in markdown_tokens(body):
        reader.token(token)


class _Reader:
    """Walks the flat list of tokens; the lines of lists and tables are gathered until the outermost one ends."""

    def __init__(self, body: str, blocks: BlockList) -> None:
        self._body = body
        self._blocks = blocks
        self._line_starts = [0, *(line_break.end() for line_break in _LINE_BREAK.finditer(body)), len(body)]
        self._span = (0, 0)
        self._groups = 0
        self._heading: int | None = None
        self._marker = ""
        self._has_header = False
        self._row: list[str] | None = None
        self._lines: list[str] = []

    def token(self, token: Token) -> None:
        if token.map and not self._groups:
            self._span = self._characters(token.map)
        kind, _, side = token.type.rpartition("_")
        if kind in _GROUPS:
            self._group(kind, opens=side == "open")
        elif token.type == "inline":
            self._inline(_plain(token.children or ()))
        elif kind == "heading" and side == "open" and not self._groups:
            self._heading = int(token.tag[1])
        elif kind == "list_item" and side == "open":
            self._marker = f"{token.info}. " if token.info else "- "
        elif kind == "tr":
            self._table_row(opens=side == "open")
        elif token.type in {"fence", "code_block"}:
            self._code(token.content)
        elif token.type == "html_block":
            self._html(token.content)

    def _group(self, kind: str, *, opens: bool) -> None:
        self._groups += 1 if opens else -1
        self._has_header = self._has_header or kind == "table"
        if not self._groups:
            self._blocks.lines(self._lines, *self._span, has_header=self._has_header)
            self._lines, self._has_header = [], False

    def _inline(self, text: str) -> None:
        if self._row is not None:
            self._row.append(text)
        elif self._groups:
            self._lines.append(self._marker + text)
            self._marker = ""
        elif self._heading is not None:
            self._blocks.heading(self._heading, text, *self._span)
            self._heading = None
        else:
            self._blocks.paragraph(text, *self._span)

    def _table_row(self, *, opens: bool) -> None:
        if not opens and self._row is not None:
            self._lines.append(" | ".join(cell for cell in self._row if cell))
        self._row = [] if opens else None

    def _code(self, code: str) -> None:
        if self._groups:
            self._lines.extend(code.splitlines())
        else:
            self._blocks.lines(code.splitlines(), *self._span)

    def _html(self, content: str) -> None:
        if self._groups:
            inner = BlockList("")
            html_blocks(content, inner)
            self._lines.extend(piece for block in inner.result() for piece in block.pieces)
        else:
            html_blocks(content, self._blocks, offset=self._span[0])

    def _characters(self, lines: Sequence[int]) -> tuple[int, int]:
        last = len(self._line_starts) - 1
        start, end = (self._line_starts[min(line, last)] for line in lines)
        return start, start + len(self._body[start:end].rstrip())


def _plain(children: Sequence[Token]) -> str:
    """Return running text without its markup: links and images become their words."""
    return "".join(_words(child) for child in children)


def _words(child: Token) -> str:
    if child.type in _BREAKS or (child.type == "html_inline" and child.content.lower().startswith("<br")):
        return " "
    return "" if child.type == "html_inline" else child.content
