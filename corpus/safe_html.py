"""HTML with few tags, safe links and no remote content: what imports keep of it, and what may be shown."""

from __future__ import annotations

from collections.abc import Mapping

import nh3

TEXT_TAGS = frozenset({"abbr", "b", "code", "em", "i", "kbd", "q", "s", "small", "span", "strong", "sub", "sup", "u"})
BLOCK_TAGS = frozenset({"blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "p", "pre"})
LIST_TAGS = frozenset({"dd", "dl", "dt", "li", "ol", "ul"})
TABLE_TAGS = frozenset({"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"})
TAGS = TEXT_TAGS | BLOCK_TAGS | LIST_TAGS | TABLE_TAGS | {"a"}
URL_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_ATTRIBUTES: Mapping[str, set[str]] = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# Their content is code or other media, not text that merely lost its tag.
_DROPPED = frozenset({"script", "style", "iframe", "object", "noscript", "svg", "math", "template", "title"})


def sanitise_html(html: str) -> str:
    """Return the fragment with only the tags, attributes and link schemes allowed here."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(_DROPPED),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=set(URL_SCHEMES),
    )
