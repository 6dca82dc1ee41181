"""Where a letter greets and where it closes, in plain text and in sanitised HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from assist.html import letter_text
from corpus.greeting import MAX_GREETING, strip_greeting
from corpus.safe_html import sanitise_html
from corpus.signature_patterns import CLOSING, FULL_FORMULA

MAX_CLOSING_LINES = 12
MAX_BEHIND = 60  # characters behind a closing formula in its line; more is a sentence
_GAP = re.compile(r"\[\[[^\[\]]{1,200}\]\]")
_GREETING_GAP = re.compile(r"\[\[contact\.(?:greeting|opening)\]\]")
_OPENS_LINE = re.compile(r"<(?P<tag>p|div|br|h[1-6]|li|ul|ol|table|tr|blockquote)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter in three pieces, each possibly empty; joined, they are the letter again."""

    greeting: str = ""
    body: str = ""
    closing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of HTML: where the tag that opens it begins and ends, and where the next line begins."""

    start: int
    content: int
    end: int
    tag: str


def is_greeting(line: str) -> bool:
    """Whether a line greets and says nothing else, also where the name is still a gap.

    >>> is_greeting("Guten Tag Herr [[contact.last_name]],"), is_greeting("Hallo, Ihre Rechnung liegt bei.")
    (True, False)
    """
    line = line.strip()
    if not line or len(line) > MAX_GREETING:
        return False
    return bool(_GREETING_GAP.match(line)) or strip_greeting(_GAP.sub("Name", line)) == ""


def is_closing(line: str) -> bool:
    """Whether a line closes a letter, such as *Freundliche Grüße* or *Kind regards,*."""
    found = CLOSING.match(line.strip())
    return bool(found and FULL_FORMULA.match(found["formula"]) and len(found["rest"]) <= MAX_BEHIND)


def split_text(text: str) -> Letter:
    """Return a letter in plain text in its three pieces, without blank lines at their ends."""
    lines = text.strip().split("\n")
    greeting = lines.pop(0) if is_greeting(lines[0]) else ""
    first = max(0, len(lines) - MAX_CLOSING_LINES)
    at = next((number for number in range(first, len(lines)) if is_closing(lines[number])), len(lines))
    body, closing = "\n".join(lines[:at]), "\n".join(lines[at:])
    return Letter(greeting=greeting.strip(), body=body.strip(), closing=closing.strip())


def split_html(html: str) -> Letter:
    """Return a letter in sanitised HTML in its three pieces, each well-formed."""
    lines = [line for line in _lines(html) if _text(html, line)]
    first = max(0, len(lines) - MAX_CLOSING_LINES)
    at = next((number for number in range(first, len(lines)) if is_closing(_text(html, lines[number]))), None)
    end, closing = len(html), ""
    if at is not None:
        end, closing = lines[at].start, _paragraph(html, lines[at], len(html))
    greeting, body = _greeting_of(html, lines[:at], end)
    return Letter(
        greeting=sanitise_html(greeting).strip(),
        body=sanitise_html(body).strip(),
        closing=sanitise_html(closing).strip(),
    )


def as_html(text: str) -> str:
    """Return plain text as paragraphs of HTML."""
    paragraphs = re.split(r"\n{2,}", text.strip())
    return "\n".join(f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in paragraphs if part)


def _greeting_of(html: str, lines: list[_Line], end: int) -> tuple[str, str]:
    """Return the greeting, and what follows it up to ``end``."""
    if not lines or not is_greeting(_text(html, lines[0])):
        return "", html[:end]
    greeting = _paragraph(html, lines[0], lines[0].end)
    if len(lines) == 1:
        return greeting, ""
    # Behind a line break the paragraph goes on, so what opened it has to stay.
    if lines[1].tag == "br":
        return greeting, html[lines[0].start : lines[0].content] + html[lines[1].content : end]
    return greeting, html[lines[1].start : end]


def _paragraph(html: str, line: _Line, end: int) -> str:
    return f"<p>{html[line.content : end]}" if line.tag in ("br", "") else html[line.start : end]


def _text(html: str, line: _Line) -> str:
    return letter_text(html[line.content : line.end])


def _lines(html: str) -> list[_Line]:
    opened = [(found.start(), found.end(), found["tag"].lower()) for found in _OPENS_LINE.finditer(html)]
    if not opened or opened[0][0] > 0:
        opened.insert(0, (0, 0, ""))
    ends = [start for start, _, _ in opened[1:]] + [len(html)]
    return [
        _Line(start=start, content=content, end=end, tag=tag)
        for (start, content, tag), end in zip(opened, ends, strict=True)
    ]
