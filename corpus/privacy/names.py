"""Names of people: those that are known, and those that the text itself calls names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from corpus.privacy.name_patterns import (
    AND,
    BEFORE_DATA,
    BORN_AT_END,
    CUES,
    FOLDED,
    HINT,
    LOWER,
    NO_NAMES,
    ONLY_PLACE,
    PHRASE_END,
    SIGNED,
    SMALL_CLOSING,
)
from corpus.privacy.spans import Span
from corpus.signature_patterns import CLOSING

_WORD = re.compile(r"[^\W_]+")
_LOOKED_BACK = 80
_LONGEST_CLOSING = 80
_SHORTEST = 2
_MOST_NAMES = 40


def known_names(text: str, names: Iterable[str]) -> Iterator[Span]:
    """Yield where one of the names stands, with a capital, whatever its accents, also inflected (``Brandts``)."""
    parts = dict.fromkeys(
        part for name in names for part in _WORD.findall(name.translate(FOLDED)) if _is_name_part(part)
    )
    if not parts:
        return
    folded = text.translate(FOLDED)
    for part in islice(parts, _MOST_NAMES):
        start = folded.find(part)
        while start >= 0:
            end = _end_of_name(folded, start + len(part))
            if text[start].isupper() and not folded[max(0, start - 1) : start].isalnum() and end is not None:
                yield Span(start, end, "name")
            start = folded.find(part, start + len(part))


def _end_of_name(folded: str, end: int) -> int | None:
    """Return where a name with its ending stops (``Brandts``, ``Brandt's``); ``None`` where the word goes on."""
    ending = next((each for each in ("'s", "’s", "s", "") if folded.startswith(each, end)), "")
    return None if folded[end + len(ending) : end + len(ending) + 1].isalnum() else end + len(ending)


def told_names(text: str) -> Iterator[Span]:
    """Yield names that the text says are names: ``Frau …``, ``mein Name ist …``, greetings and signatures."""
    lower = text.lower()
    for pattern, cues in CUES.items():
        for found in pattern.finditer(text) if any(cue in lower for cue in cues) else ():
            span = Span(*found.span("name"), "name")
            if not _is_common(found["name"]):
                yield span
    yield from _signatures(text)


def name_before(text: str, span: Span) -> Span | None:
    """Return the name that stands right before an address or a date of birth: ``Max Mustermann, Musterstr. 1``."""
    begin = max(0, span.start - _LOOKED_BACK)
    before = text[begin : span.start].rstrip(" ,\n*")
    before = BORN_AT_END.sub("", before).rstrip(" ,\n")
    name = PHRASE_END.split(before)[-1].strip()
    if not BEFORE_DATA.fullmatch(name) or _is_common(name):
        return None
    start = begin + before.rindex(name)
    return Span(start, start + len(name), "name")


def _signatures(text: str) -> Iterator[Span]:
    position = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if len(line) <= _LONGEST_CLOSING and HINT.search(line):
            yield from _signed(line, position, lines[number + 1 : number + 4])
        position += len(line) + 1


def _signed(line: str, position: int, following: list[str]) -> Iterator[Span]:
    closing = CLOSING.match(line.strip())
    if closing is None:
        return
    indent = len(line) - len(line.lstrip())
    rest = closing["rest"]
    at = position + indent + closing.start("rest")
    if not ONLY_PLACE.match(rest):
        yield from _signers(rest, at, alone=SMALL_CLOSING.match(closing["formula"]) is not None)
        return
    at = position + len(line) + 1
    for signature in following:
        if signature.strip():
            yield from _signers(signature, at, alone=SMALL_CLOSING.match(closing["formula"]) is not None)
            return
        at += len(signature) + 1


def _signers(line: str, position: int, *, alone: bool) -> Iterator[Span]:
    """Yield the names on a line that is a signature; ``alone`` is whether a lone small word can be one."""
    begin = len(line) - len(line.lstrip(" ,.!-–"))
    stripped = line[begin:].rstrip()
    found = SIGNED.match(stripped)
    if found is None:
        if alone and LOWER.match(stripped) and stripped not in NO_NAMES:
            yield Span(position + begin, position + begin + len(stripped), "name")
        return
    if _is_common(found["name"]):
        return
    at = position + begin + found.start("name")
    for part in AND.split(found["name"]):
        start = found["name"].index(part)
        yield Span(at + start, at + start + len(part), "name")


def _is_common(name: str) -> bool:
    first, last = name.split()[0], name.split()[-1]
    return first.rstrip(".,").lower() in NO_NAMES or last.rstrip(".,").lower() in NO_NAMES


def _is_name_part(part: str) -> bool:
    return len(part) >= _SHORTEST and part[0].isalpha() and part not in NO_NAMES
