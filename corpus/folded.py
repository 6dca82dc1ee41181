"""Finding a text in another whatever its case, its spaces and its Unicode form, and where it stands in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u201e\u201c\u201d\u00ab\u00bb\u2039\u203a\u2018\u2019\u201a"), '"')


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; ``places[i]`` is where its character ``i`` stands in the original."""

    text: str
    places: tuple[int, ...]


def fold(text: str, *, loose: bool = False) -> Folded:
    r"""Fold a text: compatibility forms to plain ones (NFKC), lower case, any white space to one space.

    With ``loose`` 39.99 equals 39,99, and dashes and quotation marks of every kind are the same.

    >>> fold("STRASSE\n 5").text == fold("straße 5").text, fold("39,99", loose=True).text
    (True, '39.99')
    """
    letters: list[str] = []
    places: list[int] = []
    for start, end in _clusters(text):
        for letter in unicodedata.normalize("NFKC", text[start:end]).casefold():
            folded = " " if letter.isspace() else letter
            if folded == " " and letters[-1:] == [" "]:
                continue
            letters.append(folded)
            places.append(start)
    folded_text = "".join(letters)
    if loose:  # one character for one, so that the places stay right
        folded_text = _DECIMAL.sub(".", folded_text.translate(_DASHES).translate(_QUOTES))
    return Folded(folded_text, tuple(places))


def occurrences(text: str, wanted: str, *, loose: bool = False) -> Iterator[tuple[int, int]]:
    """Yield start and end of every place in ``text`` where ``wanted`` stands, without overlaps.

    >>> list(occurrences("Nur 39,99 Euro", "39,99")), list(occurrences("Nur 39.99 Euro", "39,99"))
    ([(4, 9)], [])
    """
    needle = fold(wanted, loose=loose).text.strip()
    folded = fold(text, loose=loose)
    at = folded.text.find(needle) if needle else -1
    while at >= 0:
        end = at + len(needle)
        yield folded.places[at], folded.places[end] if end < len(folded.places) else len(text)
        at = folded.text.find(needle, end)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of each letter with its combining marks: these compose with it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not unicodedata.combining(text[place]):
            yield start, place
            start = place
