"""HTML as plain text, with what a mail client quoted marked as quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4.element import PageElement, Tag

MAX_HTML = 500_000  # characters; what follows is cut, for no letter and no article is longer
MAX_QUOTE_DEPTH = 8

_DROPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe", "select"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "li", "main", "nav", "ol", "pre",
    "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS = frozenset({"td", "th"})
# Containers in which mail programs put the mail that is answered.
_QUOTE_CLASSES = frozenset({"gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra"})
# Marks behind which Outlook puts the mail that is answered, without any container around it.
_QUOTE_STARTS = frozenset(
    {
        "divrplyfwdmsg",
        "appendonsend",
        "mail-editor-reference-message-container",
        "ms-outlook-mobile-reference-message",
    }
)

_WHITE_SPACE = re.compile(r"\s+")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NOT_A_TAG = re.compile(r"<(?!/?[A-Za-z][^<>]*>)")
_MARKUP_DECLARATION = re.compile(r"<[!?][^<>]*>")
_KNOWN_TAG = (
    r"</?(?:html|head|body|div|p|br|span|table|tbody|tr|td|ul|ol|li|a|b|i|u|strong|em|font|blockquote|h[1-6]|pre|img|hr|style|meta|center)"
    r"\b[^<>]{0,2000}>"
)
_STARTS_AS_HTML = re.compile(rf"\s*(?:<!doctype html|<!--|<\?xml|{_KNOWN_TAG})", re.IGNORECASE)
_LAYOUT_TAG = re.compile(r"<br ?/?>|</(?:p|div|html|body|table|blockquote|li|span|b|a|strong|h[1-6])>", re.IGNORECASE)


def looks_like_html(text: str) -> bool:
    """Whether ``text`` is HTML, not text that speaks of it: it starts with a tag or breaks its lines by tags."""
    head = text[:20_000]
    closings = len(_LAYOUT_TAG.findall(head))
    if _STARTS_AS_HTML.match(head):
        return closings >= 1
    return closings >= 2 and "\n" not in head.strip()


def html_to_text(html: str) -> str:
    """Return the readable text of ``html``: a line a block, ``- `` a list item, ``> `` a quoted line.

    Quoted are block quotes and the containers in which mail programs put the mail that is answered. Scripts, styles
    and comments are dropped, entities decoded. Any text is taken, broken markup too; linear in its length.
    """
    # Imported by need: most texts are none, and every program reads texts.
    from bs4 import BeautifulSoup
    from bs4.element import NavigableString, PreformattedString, Tag

    soup = BeautifulSoup(only_whole_tags(html[:MAX_HTML]), "html.parser")
    writer = _Writer()
    stack: list[Iterator[PageElement]] = [iter(soup.children)]
    opened: list[Tag] = []
    while stack:  # no recursion: a hostile page nests deeper than Python does
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
            if opened:
                writer.close(opened.pop())
        elif isinstance(node, Tag):
            if node.name not in _DROPPED:
                writer.open(node)
                opened.append(node)
                stack.append(iter(node.children))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            writer.text(str(node))
    return writer.result()


def only_whole_tags(html: str) -> str:
    """Make the parser's work linear: ``html.parser`` rescans the rest of the page at every unfinished tag."""
    if "-->" in html:
        html = _COMMENT.sub("", html[: html.rindex("-->") + 3]) + html[html.rindex("-->") + 3 :]
    return _NOT_A_TAG.sub("&lt;", _MARKUP_DECLARATION.sub("", html))


def _is_quote(tag: Tag) -> bool:
    if tag.name == "blockquote" or tag.get("name") == "quote":
        return True
    return not _QUOTE_CLASSES.isdisjoint(tag.get_attribute_list("class"))


@dataclass(slots=True)
class _Writer:
    """Collects lines while a tree is walked; knows in which quotes and tables the walk is."""

    lines: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    tables: list[bool] = field(default_factory=list)  # for each open table, whether it has shown a heading cell
    quotes: int = 0
    preformatted: int = 0

    def open(self, tag: Tag) -> None:
        self._edge(tag)
        if _is_quote(tag):
            self.end_line()
            self.quotes += 1
        elif str(tag.get("id", "")).lower().removeprefix("x_") in _QUOTE_STARTS:
            self.end_line()
            self.quotes += 1  # never closed: the rest of the page is the mail that is answered
        if tag.name == "li":
            self.current.append("- ")
        elif tag.name == "br":
            self.end_line(blank=True)
        elif tag.name == "pre":
            self.preformatted += 1
        elif tag.name == "table":
            self.tables.append(False)
        elif tag.name in _CELLS:
            self._cell(tag)

    def close(self, tag: Tag) -> None:
        self._edge(tag)
        if _is_quote(tag):
            self.end_line()
            self.quotes -= 1
        if tag.name == "pre":
            self.preformatted -= 1
        elif tag.name == "table":
            self.tables.pop()

    def text(self, text: str) -> None:
        if not self.preformatted:
            self.current.append(_WHITE_SPACE.sub(" ", text))
            return
        first, *others = text.split("\n")
        self.current.append(first)
        for other in others:
            self.end_line(blank=True)
            self.current.append(other)

    def end_line(self, *, blank: bool = False) -> None:
        line = "".join(self.current)
        self.current.clear()
        if not self.preformatted:
            line = _WHITE_SPACE.sub(" ", line).strip()
        if line or blank:
            self.lines.append("> " * min(self.quotes, MAX_QUOTE_DEPTH) + line)

    def result(self) -> str:
        self.end_line()
        return "\n".join(line.rstrip() for line in self.lines).strip("\n")

    def _edge(self, tag: Tag) -> None:
        if tag.name in _BLOCKS:
            self.end_line()
        elif tag.name in _PARAGRAPHS:
            self.end_line()
            if self.lines and self.lines[-1].strip("> "):
                self.end_line(blank=True)

    def _cell(self, tag: Tag) -> None:
        """Part the cells of a data table visibly, those of a layout table by a space."""
        has_headings = bool(self.tables) and self.tables[-1]
        if self.current:
            self.current.append(" | " if has_headings else " ")
        if tag.name == "th" and self.tables:
            self.tables[-1] = True
