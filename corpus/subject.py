"""Subject lines without what mail programs and ticket systems put into them."""

from __future__ import annotations

import re

from corpus.text import normalise

_PREFIX = re.compile(
    r"(?:aw|antw\.?|antwort|wg|re|fw|fwd|wtrlt|weitergeleitet|sv|tr)(?:\[\d{1,3}\]|\(\d{1,3}\))? ?: ?", re.IGNORECASE
)
_TICKET = re.compile(
    r"[\[(](?:[^\[\]()]{0,20}(?:ticket|case|fall|vorgang|anfrage|request|incident|ref)[^\[\]()]{0,40}"
    r"|#? ?[A-Z]{0,6}-?\d{3,20}|ext(?:ern(?:al)?)?)[\])]"
    r"|#{1,2}[A-Z]{0,6}-?\d{3,20}#{0,2}|\bref:[\w.!]{6,60}:ref\b",
    re.IGNORECASE,
)
_TICKET_HAS_NUMBER = re.compile(r"\d|ext|ticket", re.IGNORECASE)
_EMPTY_SUBJECT = re.compile(
    r"\(?(?:kein betreff|ohne betreff|no subject|without subject|none|null|-+)\)?$", re.IGNORECASE
)


def clean_subject(subject: str) -> str:
    """Return a subject line without reply and forward prefixes and ticket numbers."""
    subject = _TICKET.sub(_drop_ticket, normalise(subject[:1000]).replace("\n", " "))
    subject = " ".join(subject.split())
    while prefix := _PREFIX.match(subject):
        subject = subject[prefix.end() :].lstrip()
    return "" if _EMPTY_SUBJECT.match(subject) else subject.strip(" -–:|")


def _drop_ticket(found: re.Match[str]) -> str:
    return " " if _TICKET_HAS_NUMBER.search(found.group()) else found.group()
