"""Finding personal data in a text, and putting marks in its place.

Rules, no model: what is masked can be read here, is the same every time, and costs little beside encoding a text.
Shapes with check digits come first, then numbers that the word before them names, then names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus.privacy.accounts import cards, ibans
from corpus.privacy.addresses import addresses
from corpus.privacy.contacts import emails, phones
from corpus.privacy.labelled import labelled
from corpus.privacy.marks import mark_of
from corpus.privacy.names import known_names, name_before, told_names
from corpus.privacy.spans import Span, without_overlaps
from corpus.privacy.words import Words

_DIGIT = re.compile(r"\d")


def personal_data(text: str, names: Iterable[str] = ()) -> list[Span]:
    """Return the places of personal data in a text (normalised, see ``corpus.text``), in order, without overlaps.

    ``names`` are known ones: wherever they stand, they are masked. Linear in the length of the text; never raises.
    """
    return without_overlaps(_candidates(text, names), len(text))


def mask(text: str, *, language: str = "de", names: Iterable[str] = ()) -> str:
    """Return a text with marks in place of personal data, German or English ones by ``language``.

    >>> mask("Rückruf bitte unter 0171 2345678, Kd.-Nr. 4711-0815")
    'Rückruf bitte unter [Telefon], Kd.-Nr. [Nummer]'
    """
    parts: list[str] = []
    done = 0
    for span in personal_data(text, names):
        parts += (text[done : span.start], mark_of(span.kind, language))
        done = span.end
    return "".join((*parts, text[done:])) if parts else text


def _candidates(text: str, names: Iterable[str]) -> Iterator[Span]:
    yield from emails(text)
    if _DIGIT.search(text):
        for span in _numbers(text):
            yield span
            before = name_before(text, span) if span.kind in ("address", "birth_date") else None
            if before is not None:
                yield before
    yield from known_names(text, names)
    yield from told_names(text)


def _numbers(text: str) -> Iterator[Span]:
    words = Words(text)
    told = [*ibans(text), *labelled(text, words), *cards(text)]
    yield from told
    yield from phones(_without(text, told))
    yield from addresses(text, words)


def _without(text: str, spans: Iterable[Span]) -> str:
    """Return a text of the same length without the digits of spans, lest parts of them are taken for other numbers."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = "x" * (span.end - span.start)
    return "".join(characters)
