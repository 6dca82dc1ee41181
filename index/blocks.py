"""The blocks of an article's body: paragraphs, lists, tables and code, under their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.sentences import sentences

_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What belongs together, in ``pieces`` between which it may be cut where it is too long.

    Pieces are sentences, joined by a space, or list items, table rows and lines of code, joined by a line feed.
    ``section`` counts headings, ``start`` and ``end`` are where the block stands in the body, in characters.
    ``has_header`` says that the first piece is a table's header, to be repeated after a cut.
    """

    pieces: tuple[str, ...]
    joint: str
    section: int
    headings: tuple[str, ...]
    start: int
    end: int
    has_header: bool = False


class BlockList:
    """Collects the blocks of a body in order, and keeps track of its headings."""

    def __init__(self, title: str) -> None:
        self._title = _key(title)
        self._blocks: list[Block] = []
        self._path: list[tuple[int, str]] = []
        self._section = 0
        self._pending: tuple[str, int, int] | None = None  # a heading under which nothing has come yet

    def heading(self, level: int, text: str, start: int, end: int) -> None:
        """Open a section; ``level`` 1 to 6. A heading without anything below it becomes a block of its own."""
        text = " ".join(text.split())
        if not text:
            return
        if self._path and level <= self._path[-1][0]:
            self._keep_pending()
        self._path = [*(entry for entry in self._path if entry[0] < level), (level, text)]
        self._section += 1
        self._pending = (text, start, end)

    def paragraph(self, text: str, start: int, end: int) -> None:
        """Add running text."""
        self._add(sentences(text), " ", start, end)

    def lines(self, pieces: Sequence[str], start: int, end: int, *, has_header: bool = False) -> None:
        """Add a list, a table or code, line by line."""
        self._add([piece for piece in pieces if piece.strip()], "\n", start, end, has_header=has_header)

    def result(self) -> list[Block]:
        """Return all blocks."""
        self._keep_pending()
        return self._blocks

    def _keep_pending(self) -> None:
        if self._pending is not None:
            text, start, end = self._pending
            self._add([text], " ", start, end)

    def _add(self, pieces: Sequence[str], joint: str, start: int, end: int, *, has_header: bool = False) -> None:
        if not pieces:
            return
        self._pending = None
        headings = tuple(text for _, text in self._path if _key(text) != self._title)
        block = Block(
            pieces=tuple(pieces),
            joint=joint,
            section=self._section,
            headings=headings,
            start=start,
            end=end,
            has_header=has_header and len(pieces) > 1,
        )
        self._blocks.append(block)


def text_blocks(body: str, blocks: BlockList) -> None:
    """Add the paragraphs of a plain text, parted by blank lines."""
    for paragraph in _PARAGRAPH.finditer(body):
        blocks.paragraph(paragraph[0], paragraph.start(), paragraph.end())


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
