"""A text as words with their places, for rules that look at what stands before a number."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_WORD = re.compile(r"[^\s:=#]+[:=#]?|[:=#]")
_DIGITS = re.compile(r"\d+")
_LEADING = "([{<„“”\"'«»‚‘*#:=-–"
_TRAILING = ".,;:!?)]}>\"'“”«»‘’…=#"
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Word:
    """What stands between white space: ``core`` is it without punctuation around it, from ``start`` to ``end``.

    ``letters`` are its letters in lower case (``Kd.-Nr.:`` gives ``kdnr``). ``ends_phrase`` is whether punctuation or a
    line break parts it from the next word.
    """

    core: str
    start: int
    end: int
    letters: str
    ends_phrase: bool


class Words:
    """The words of a text in order. Most are never looked at, so each is made when it is asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._places = [found.span() for found in _WORD.finditer(text)]
        self._made: dict[int, Word] = {}

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, position: int) -> Word:
        """Return a word by its position from 0; of one that has no end, the first 80 characters."""
        word = self._made.get(position)
        if word is None:
            word = self._made[position] = self._word(*self._places[position])
        return word

    def with_digits(self) -> list[int]:
        """Return the positions of the words that hold a digit, ascending."""
        starts = [start for start, _ in self._places]
        return sorted({bisect_right(starts, found.start()) - 1 for found in _DIGITS.finditer(self.text)})

    def _word(self, begin: int, end: int) -> Word:
        raw = self.text[begin : min(end, begin + _LONGEST)]
        tail = raw.rstrip(_TRAILING)
        core = tail.lstrip(_LEADING)
        start = begin + len(tail) - len(core)
        return Word(
            core=core,
            start=start,
            end=start + len(core),
            letters=(core if core.isalpha() else "".join(filter(str.isalpha, core))).lower(),
            ends_phrase=len(tail) < len(raw) or self.text.startswith("\n", end),
        )
