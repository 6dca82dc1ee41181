"""What announces an answered or forwarded mail: attributions, mail headers and separators of many mail programs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

MAX_LINE = 400  # a longer line is prose: no attribution, header or separator
MAX_ATTRIBUTION_LINES = 3
MAX_HEADERS = 8
MIN_HEADERS = 3  # "Von: Köln" alone is no mail header

QUOTED = re.compile(r"\s{0,8}(?:>|\|>)")

_DATE_WORD = (
    r"(?:[\d.,:/+\-()]+(?:(?:st|nd|rd|th|uhr|h)[.,]?)?|(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun)[.,]{0,2}|"
    r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday),?|"
    r"(?:jan|feb|mär|mrz|maer|apr|mai|jun|jul|aug|sep|sept|okt|nov|dez|januar|jänner|februar|märz|maerz|april|juni"
    r"|juli|august|september|"
    r"oktober|november|dezember|mar|may|oct|dec|january|february|march|june|july|october|december)[.,]{0,2}|"
    r"(?:um|uhr|den|vom|at|on|gegen|am|pm|a\.m\.|p\.m\.|gmt|utc|cet|cest|mez|mesz|est|pst)[.,]?(?:[+-]\d{1,4})?)"
)
_DATE = rf"(?:{_DATE_WORD} ){{0,11}}{_DATE_WORD}"
_ATTRIBUTIONS = (
    # Am Di., 3. März 2026 um 10:12 Uhr schrieb Max Muster <max@example.org>:
    re.compile(rf"am {_DATE},? (?:schrieb\b.{{0,200}}|hat .{{2,160}} geschrieben):$", re.IGNORECASE),
    # Max Muster <max@example.org> schrieb am Di., 3. März 2026, 10:12:
    re.compile(rf".{{2,160}} (?:schrieb|wrote|hat) (?:am|on) {_DATE}(?: geschrieben)?:$", re.IGNORECASE),
    # On Tue, Mar 3, 2026 at 10:12 AM Max Muster <max@example.org> wrote:
    re.compile(r"on (?=.{0,120}(?:\d:\d\d|\b\d{4}\b|/\d|@)).{4,200} wrote:$", re.IGNORECASE),
    # 2026-03-03 10:12 GMT+01:00 Max Muster <max@example.org>:
    re.compile(r"\d{4}-\d\d-\d\d .{0,120}<[^<>@ ]{1,64}@[^<>@ ]{1,128}>:$"),
    re.compile(r"(?:zitat von|quoting) .{3,160}:$", re.IGNORECASE),
)
_ATTRIBUTION_START = re.compile(
    r"(?:am|on|zitat von|quoting|\d{4}-\d\d-\d\d) |.{2,160} (?:schrieb|wrote|hat) (?:am|on) ",
    re.IGNORECASE,
)
# People write "Am 4. Mai schrieb Ihr Kollege:" too; only a program gives the minute or the address.
_MADE_BY_A_PROGRAM = re.compile(r"\d:\d\d|@")
_REPLY_SEPARATOR = re.compile(
    r"[-_*=#\s]{2,}(?:ursprüngliche|originale?|original|weitergeleitete|forwarded|reply|antwort|message)[ -]?"
    r"(?:nachricht|e-?mail|message|mail)?(?: (?:von|by|from) .{0,80})?[-_*=#\s]{2,}$|"
    r"(?:##?[- ]{0,3})?(?:bitte (?:antworten|schreiben|geben) sie .{0,40}(?:über|oberhalb) dieser zeile|"
    r"please (?:type|write) your reply above this line).{0,10}$",
    re.IGNORECASE,
)
_FORWARD_SEPARATOR = re.compile(
    r"(?:[-_*=\s]{2,}(?:weitergeleitete|forwarded) (?:nachricht|message|mail|e-mail)(?: (?:von|by"
    r"|from) .{0,80})?[-_*=\s]{2,}|"
    r"(?:anfang|beginn) der weitergeleiteten (?:nachricht|e-?mail):?|begin forwarded message:?)$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"[*_]{0,2}(?:(?P<sender>von|from|absender)|(?P<sent>gesendet(?: am)?|datum|sent|date)|(?P<to>an|to|cc|bcc"
    r"|kopie|reply-to|antwort an)|"
    r"(?P<subject>betreff|subject))[*_]{0,2} ?:[*_]{0,2}(?: |$)",
    re.IGNORECASE,
)

_INLINE_START = re.compile(
    r"(?P<dashes>(?<!-)-{3,40} ?(?:ursprüngliche|original|weitergeleitete|forwarded) (?:nachricht|message|e-?mail)"
    r" ?-{3,})|"
    r"(?<!\w)(?:von|from): |(?<!\w)(?:am|on) (?=\w)",
    re.IGNORECASE,
)
_INLINE_HEADER = re.compile(
    r"(?:von|from): (?=.{0,240}\b(?:gesendet|sent|datum|date): ).{0,500}\b(?:betreff|subject): ",
    re.IGNORECASE,
)
_INLINE_ATTRIBUTION = re.compile(
    rf"am {_DATE},? schrieb .{{2,160}}?: |on (?=.{{0,80}}\d:\d\d).{{4,200}}? wrote: ", re.IGNORECASE
)
MAX_INLINE_STARTS = 200
INLINE_WINDOW = 600


@dataclass(frozen=True, slots=True)
class Head:
    """What announces a quote: the index behind it, and whether it announces a forwarded mail."""

    end: int
    forwarded: bool = False


def quote_head(lines: Sequence[str], start: int) -> Head | None:
    """Return what announces a quote at line ``start``, or ``None``: separators, mail headers, attributions."""
    line = lines[start].strip()
    if not line or len(line) > MAX_LINE:
        return None
    if _FORWARD_SEPARATOR.match(line):
        return Head(_header_end(lines, skip_blank(lines, start + 1), at_least=1) or start + 1, forwarded=True)
    if _REPLY_SEPARATOR.match(line):
        return Head(_header_end(lines, skip_blank(lines, start + 1), at_least=1) or start + 1)
    end = _header_end(lines, start) or _attribution_end(lines, start)
    return Head(end) if end else None


def break_before_quote(text: str) -> str:
    """Give a text that lost its line breaks one back where the answered mail begins."""
    if "\n" in text:
        return text
    for found in islice(_INLINE_START.finditer(text), MAX_INLINE_STARTS):
        window = text[found.start() : found.start() + INLINE_WINDOW]
        if found["dashes"] or _INLINE_HEADER.match(window):
            return f"{text[: found.start()]}\n----- Original Message -----\n{text[found.end() :]}"
        attribution = _INLINE_ATTRIBUTION.match(window)
        if attribution and _MADE_BY_A_PROGRAM.search(attribution.group()):
            end = found.start() + attribution.end()
            return f"{text[: found.start()]}\n----- Original Message -----\n{text[end:]}"
    return text


def _attribution_end(lines: Sequence[str], start: int) -> int | None:
    """Return the index behind an attribution of up to three lines, for clients wrap it at 72 characters."""
    joined = ""
    for end in range(start, min(start + MAX_ATTRIBUTION_LINES, len(lines))):
        line = lines[end].strip()
        if not line or len(joined) + len(line) > MAX_LINE:
            return None
        joined = f"{joined} {line}".lstrip()
        if end == start and not _ATTRIBUTION_START.match(joined + " "):
            return None
        if joined.endswith(":") and any(pattern.match(joined) for pattern in _ATTRIBUTIONS):
            return end + 1 if _MADE_BY_A_PROGRAM.search(joined) or _is_quoted_next(lines, end + 1) else None
    return None


def _is_quoted_next(lines: Sequence[str], start: int) -> bool:
    following = skip_blank(lines, start)
    return following < len(lines) and QUOTED.match(lines[following]) is not None


def _header_end(lines: Sequence[str], start: int, *, at_least: int = MIN_HEADERS) -> int | None:
    """Return the index behind a block of mail headers, or ``None`` if fewer than ``at_least`` kinds stand there."""
    kinds: set[str] = set()
    end = start
    while end < len(lines) and end - start < MAX_HEADERS:
        header = _HEADER.match(lines[end].strip()[:MAX_LINE])
        if header is None:
            break
        kinds.add(str(header.lastgroup))
        end += 1
    complete = at_least == 1 or {"sender", "sent"} <= kinds or {"sender", "subject"} <= kinds
    return end if len(kinds) >= at_least and complete else None


def skip_blank(lines: Sequence[str], start: int) -> int:
    """Return the index of the first line from ``start`` that is not blank, or the number of lines."""
    while start < len(lines) and not lines[start].strip():
        start += 1
    return start
