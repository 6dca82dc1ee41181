"""What a customer says in a mail: without quoted replies, greeting, signature and legal notices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.greeting import strip_greeting
from corpus.quotes import Split, split_quotes
from corpus.signature import strip_signature

ENOUGH_WORDS = 2
FEW_REMOVED_WORDS = 12  # one word is enough where so little was removed ("Guten Tag, Kündigung. MfG Max")
POINTER_WORDS = 8  # who forwards a mail with fewer own words points at it ("siehe unten, was ist das?")
MAX_REFERRED_WORDS = 80  # a short quote the writer refers to ("der Hersteller schreibt, siehe unten") is part of it
MAX_NESTING = 3
MAX_TEXT = 200_000  # characters; nobody describes a problem behind them

_REFERS = re.compile(
    r"(?<!\w)(?:siehe unten|s\. ?u\.|untenstehend\w*|folgendes|siehe (?:mail|nachricht|text) unten|see below)(?!\w)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]\w*")
_POINTS_DOWN = re.compile(
    r"(?<!\w)(?:siehe (?:unten|anhang|mail)|s\. ?u\.|s\.u|unten|anbei|weitergeleitet\w*|fyi|z\. ?k\.|zur (?:info"
    r"|kenntnis)\w*|see below|below)(?!\w)",
    re.IGNORECASE,
)


def strip_mail(text: str) -> str:
    """Return what the writer of ``text`` says, without what mail programs and manners add.

    Removed are the answered mail, the greeting, closing formula and signature, notes such as "Von meinem iPhone
    gesendet" and legal notices. Answers between quoted lines and postscripts stay. A forwarded mail stays where the
    writer says little himself, a short quote where he refers to it. Where too little would be left, less is removed:
    the result is blank only for a blank text. Expects line feeds (``corpus.text.normalise``); reads ``MAX_TEXT``
    characters; linear in the length of ``text``; never raises.
    """
    text = text[:MAX_TEXT] if text[:MAX_TEXT].strip() else text.strip()[:MAX_TEXT]
    fallback = ""
    all_words = _count(text)
    for number, attempt in enumerate(_attempts(text)):
        words = _count(attempt)
        if words >= ENOUGH_WORDS or (words and not number and all_words - words <= FEW_REMOVED_WORDS):
            return attempt
        fallback = fallback or (attempt if words else "")
    return fallback or text.strip()


def _attempts(text: str) -> Iterator[str]:
    """Yield what may be said, the most stripped first."""
    yield _body(text, MAX_NESTING)
    parts = split_quotes(text)
    yield "\n\n".join(filter(None, map(strip_signature, parts.own)))
    yield strip_greeting("\n\n".join(parts.own))
    yield "\n\n".join(parts.own)
    yield text.strip()


def _body(text: str, nesting: int) -> str:
    parts = split_quotes(text)
    own = _own(parts)
    if parts.quoted and nesting and _needs_quote(own, parts):
        return f"{own}\n\n{_body(parts.quoted, nesting - 1)}".strip()
    return own


def _own(parts: Split) -> str:
    stripped = (strip_greeting(strip_signature(block)) for block in parts.own)
    return "\n\n".join(block for block in stripped if block)


def _needs_quote(own: str, parts: Split) -> bool:
    words = _count(own)
    if words == 0:
        return True
    if words <= POINTER_WORDS:
        return parts.forwarded or _POINTS_DOWN.search(own) is not None
    return _REFERS.search(own) is not None and _count(parts.quoted) <= MAX_REFERRED_WORDS


def _count(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))
