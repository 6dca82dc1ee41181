"""Finding the blocks of an HTML body, well-formed or not, in one pass over its tags."""

from __future__ import annotations

import html
import re

from index.blocks import BlockList

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)[^<>]*>|<[!?][^<>]*>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_WHITE_SPACE = re.compile(r"\s+")
_BLANK_LINE = re.compile(r"\n\s*\n")
_HIDDEN = frozenset({"head", "iframe", "noscript", "object", "script", "select", "style", "svg", "template", "title"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_GROUPS = frozenset({"dl", "ol", "table", "ul"})
_CELLS = frozenset({"td", "th"})
_ROWS = frozenset({"table", "tbody", "tfoot", "thead", "tr"})
_INLINE_NAMES = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark nobr output q rp rt "
    "ruby s samp small span strike strong sub sup time tt u var wbr"
)
_INLINE = frozenset(_INLINE_NAMES.split())


def html_blocks(body: str, blocks: BlockList, *, offset: int = 0) -> None:
    """Add the blocks of an HTML body; any text is taken, linear in its length. Scripts and styles are left out.

    ``offset`` is where ``body`` stands in a larger text.
    """
    body = _without_comments(body)
    reader = _Reader(blocks, offset)
    position = 0
    for tag in _TAG.finditer(body):
        reader.text(body[position : tag.start()], position, tag.start())
        if tag["name"]:
            reader.tag(tag["name"].lower(), closing=bool(tag["close"]))
        position = tag.end()
    reader.text(body[position:], position, len(body))
    reader.finish()


class _Gathered:
    """Texts, whether any of them can be seen, and where in the body they stand."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.visible = False
        self.start = self.end = 0

    def add(self, text: str, start: int, end: int) -> None:
        self.texts.append(text)
        self.start = self.start if self.visible else start
        self.end = end
        self.visible = self.visible or bool(text.strip())

    def take(self) -> list[str]:
        texts, self.texts = self.texts, []
        self.visible = False
        return texts


class _Reader:
    """Gathers text until a tag ends it, and lines until their list, table or code ends."""

    def __init__(self, blocks: BlockList, offset: int) -> None:
        self._blocks = blocks
        self._offset = offset
        self._text = _Gathered()
        self._lines = _Gathered()
        self._groups = 0
        self._heading: int | None = None
        self._hidden: str | None = None
        self._marker = ""
        self._code = self._in_cell = self._has_header = False

    def text(self, text: str, start: int, end: int) -> None:
        if text and not self._hidden:
            text = html.unescape(text)
            self._text.add(
                text if self._code else _WHITE_SPACE.sub(" ", text), start + self._offset, end + self._offset
            )

    def tag(self, name: str, *, closing: bool) -> None:
        if self._hidden or name in _HIDDEN:
            self._hide(name, closing=closing)
        elif name == "br":
            self._text.texts.append("\n")
        elif name in _CELLS:
            self._cell(name, closing=closing)
        elif self._in_cell and name not in _ROWS:
            self._text.texts.append("" if name in _INLINE else " ")
        elif name not in _INLINE:
            self._in_cell = False
            self._put_away()
            self._structure(name, closing=closing)

    def finish(self) -> None:
        self._put_away()
        self._end_group()

    def _hide(self, name: str, *, closing: bool) -> None:
        if self._hidden is None:
            self._hidden = None if closing else name
        elif closing and name == self._hidden:
            self._hidden = None

    def _cell(self, name: str, *, closing: bool) -> None:
        self._in_cell = not closing
        if not closing and self._text.visible:
            self._text.texts.append(" | ")
        self._has_header = self._has_header or (name == "th" and not self._lines.texts)

    def _structure(self, name: str, *, closing: bool) -> None:
        """Take note of what begins or ends at a tag, once the text before it is put away."""
        if name in _HEADINGS:
            self._heading = None if closing else _HEADINGS[name]
        elif name == "pre":
            self._code = not closing
        elif name in _GROUPS:
            self._groups = max(0, self._groups + (-1 if closing else 1))
        self._marker = "- " if name == "li" and not closing else self._marker
        if not self._groups and not self._code:
            self._end_group()

    def _put_away(self) -> None:
        """Add the text gathered so far to what it belongs to."""
        start, end = self._text.start, self._text.end
        text = "".join(self._text.take())
        if not text.strip():
            return
        if self._heading is not None:
            self._blocks.heading(self._heading, text, start, end)
            self._heading = None
        elif self._code:
            for line in text.split("\n"):
                self._lines.add(line.rstrip(), start, end)
        elif self._groups:
            self._lines.add(self._marker + " ".join(text.split()), start, end)
            self._marker = ""
        else:
            for paragraph in _BLANK_LINE.split(text):
                self._blocks.paragraph(paragraph, start, end)

    def _end_group(self) -> None:
        start, end = self._lines.start, self._lines.end
        self._blocks.lines(self._lines.take(), start, end, has_header=self._has_header)
        self._has_header = False


def _without_comments(body: str) -> str:
    """Blank comments out, keeping all positions; what follows an unfinished one stays, since it may be text."""
    end = body.rfind("-->") + len("-->")
    if end < len("-->"):
        return body
    return _COMMENT.sub(lambda comment: " " * len(comment[0]), body[:end]) + body[end:]
