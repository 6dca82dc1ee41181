"""HTML that may be shown: few tags, safe links, no remote content; and its plain-text form."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from corpus.safe_html import BLOCK_TAGS, LIST_TAGS, URL_SCHEMES

_LINES = frozenset({"br", "dd", "div", "dt", "li", "tr"})
_PARAGRAPHS = (BLOCK_TAGS | LIST_TAGS | {"table"}) - _LINES
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
_MARKDOWN_TAG = re.compile(r"<(?=[A-Za-z/!?])(?!(?:https?|mailto):[^\s<>]*>)")


def disarm_markdown(markdown: str) -> str:
    """Return Markdown whose embedded HTML tags are shown as text instead of taking effect.

    >>> disarm_markdown("Siehe <https://example.org> und <img src=x onerror=alert(1)>, 3 < 4")
    'Siehe <https://example.org> und &lt;img src=x onerror=alert(1)>, 3 < 4'
    """
    return _MARKDOWN_TAG.sub("&lt;", markdown)


def safe_url(url: str | None) -> str | None:
    """Return the address if a browser may follow it (http, https, mailto, tel or relative), else ``None``."""
    if url is None or any(ord(character) < 33 for character in url):
        return None
    scheme = _SCHEME.match(url)
    return url if scheme is None or scheme[1].lower() in URL_SCHEMES else None


def letter_text(html: str) -> str:
    """Return sanitised HTML as a letter in plain text: paragraphs, list items as ``- ``, links with their address.

    Unlike the text that is indexed (``corpus.html``), it goes to a customer: a link without address would be lost.
    """
    reader = _LetterReader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _LetterReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)
        if tag == "li":
            self._parts.append("- ")
        elif tag in ("td", "th"):
            self._parts.append(" ")
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            address, start = self._links.pop()
            label = "".join(self._parts[start:]).strip()
            if address and label and label not in (address, address.removeprefix("mailto:").removeprefix("tel:")):
                self._parts.append(f" ({address})")
        elif tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)
        self._break(tag)

    def handle_data(self, data: str) -> None:
        self._parts.append(data if self._preformatted else re.sub(r"\s+", " ", data))

    def text(self) -> str:
        lines = (re.sub(r" {2,}", " ", line).strip() for line in "".join(self._parts).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._parts.append("\n\n")
        elif tag in _LINES and not (self._parts and self._parts[-1].endswith("\n") and tag != "br"):
            self._parts.append("\n")
