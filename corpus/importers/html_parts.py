"""HTML of foreign systems as the body of an article: only what may be shown, and only if it says anything."""

from __future__ import annotations

import html
import re

import nh3

from corpus.importers.fates import RowRefusedError
from corpus.safe_html import sanitise_html

_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*\n")


def html_body(found: str) -> str:
    """Return HTML with allowed tags only, raising RowRefusedError when no text is left."""
    body = _BLANK_LINES.sub("\n\n", sanitise_html(found)).strip()
    if not has_text(body):
        raise RowRefusedError(
            "found no text in the body, expected some", "pictures alone answer nothing: write the text"
        )
    return body


def has_text(found: str) -> bool:
    """Whether HTML says anything once its tags are gone."""
    return bool(html.unescape(nh3.clean(found, tags=set())).strip())


def section(heading: str, part: str) -> str:
    """Return a part of an article below a heading."""
    return f"<h2>{html.escape(heading, quote=False)}</h2>\n{part}"
