"""Plain text from what customers and authors write: characters, white space, and the three body formats."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from corpus.html import html_to_text
from corpus.markdown import markdown_to_text

Format = Literal["markdown", "html", "text"]

MAX_MARKS = 4  # combining marks kept on one letter; the busiest real scripts need three

_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"[\t \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_AROUND_BREAK = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{4,}")
_MARK_RUN = re.compile(rf"[^\x00-\u02ff]{{{MAX_MARKS + 1},}}")


def normalise(text: str) -> str:
    """Return ``text`` in NFC with plain spaces and line feeds only; applying it twice changes nothing.

    Zero-width, direction, soft-hyphen, control and lone surrogate characters are removed, every kind of line
    break becomes a line feed, runs of spaces one space, more than two blank lines two, and a letter keeps at most
    ``MAX_MARKS`` combining marks. Linear in the length of ``text``; never raises.
    """
    text = _INVISIBLE.sub("", _LINE_BREAKS.sub("\n", text))
    # marks are bounded before NFC, whose canonical ordering is quadratic in the length of a stack
    text = unicodedata.normalize("NFC", _MARK_RUN.sub(_bound_marks, text))
    text = _AROUND_BREAK.sub("\n", _SPACES.sub(" ", text))
    return _BLANK_LINES.sub("\n\n\n", text).strip()


def plain_text(body: str, format: Format) -> str:  # noqa: A002 - the corpus contract calls the field so
    """Return the readable text of an article's or template's body.

    Raises ``ValueError`` for a format the corpus contract does not know.
    """
    if format == "markdown":
        return normalise(markdown_to_text(body))
    if format == "html":
        return normalise(html_to_text(body))
    if format == "text":
        return normalise(body)
    raise ValueError(f"body format is {format!r}, expected 'markdown', 'html' or 'text': correct the record's format")


def _bound_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in run.group():
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)
