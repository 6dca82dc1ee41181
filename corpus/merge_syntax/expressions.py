"""What stands inside a foreign mark, as an expression of Liquid; ``None`` where there is no way to say it."""

from __future__ import annotations

import html
import re

from corpus.merge_syntax.maps import SyntaxMap
from corpus.merge_syntax.marks import Mark

_FALLBACK = re.compile(
    r"(?:BLANKVALUE|NULLVALUE)\(\s*(?P<field>[\w.$]+)\s*,\s*(?P<text>\"[^\"]*\"|'[^']*')\s*\)", re.IGNORECASE
)
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")


def simple_output(mark: Mark, syntax: SyntaxMap, *, is_html: bool) -> str | None:
    """Return the Liquid of a mark that names a field: Salesforce, Dynamics, Zammad, plain braces."""
    inner = html.unescape(mark.inner) if is_html else mark.inner
    if mark.form == "formula":
        return _formula(inner, syntax)
    if mark.form == "field":
        name, _, default = inner.partition(";")
        return _written(syntax.field(name), default.strip())
    return _written(syntax.field(inner), "")


def quoted(text: str) -> str | None:
    """Return a text as a string of Liquid, which knows no escapes; ``None`` where it cannot be written."""
    if "\n" in text or "}}" in text or "%}" in text or len(text) > 500:
        return None
    return next((f"{mark}{text}{mark}" for mark in "\"'" if mark not in text), None)


def _formula(inner: str, syntax: SyntaxMap) -> str | None:
    """Return a field, a field with a fallback, or several of them and texts joined by ``&``."""
    if fallback := _FALLBACK.fullmatch(inner):
        return _written(syntax.field(fallback["field"]), fallback["text"][1:-1])
    parts = [part.strip() for part in inner.split("&")]
    if len(parts) > 1:
        written = [_part(part, syntax) for part in parts]
        return None if None in written else "".join(filter(None, written))
    return _written(syntax.field(inner), "")


def _part(part: str, syntax: SyntaxMap) -> str | None:
    if _STRING.fullmatch(part):
        text = quoted(part[1:-1])
        return None if text is None else f"{{{{ {text} }}}}"
    return _written(syntax.field(part), "")


def _written(field: str | None, default: str) -> str | None:
    if field is None:
        return None
    if not default:
        return f"{{{{ {field} }}}}"
    text = quoted(default)
    return None if text is None else f"{{{{ {field} | default: {text} }}}}"
