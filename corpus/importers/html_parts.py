"""HTML of foreign systems as the body of an article: only what may be shown, and only if it says anything."""

from __future__ import annotations

import html

from corpus.html import html_to_text, only_whole_tags
from corpus.importers.fates import RowRefusedError
from corpus.safe_html import sanitise_html


def html_body(found: str) -> str:
    """Return HTML with allowed tags only, raising RowRefusedError when no text is left."""
    body = sanitise_html(only_whole_tags(found)).strip()
    if not html_to_text(body).strip():
        raise RowRefusedError(
            "found no text in the body, expected some", "pictures alone answer nothing: write the text"
        )
    return body


def section(heading: str, part: str) -> str:
    """Return a part of an article below a heading."""
    return f"<h2>{html.escape(heading, quote=False)}</h2>\n{part}"
