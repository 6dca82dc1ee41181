"""Texts as words and shingles: runs of neighbouring words, by which equal passages are found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

GAP = ""
"""Stands between words where a merge field stood: no shingle reaches across it."""

_URL = re.compile(r"https?://[^\s<>\"']{1,2000}|www\.[^\s<>\"']{1,2000}", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` in one case, without web addresses.

    >>> words_of("Siehe https://hilfe.example/umzug: Ihr Umzug!")
    ['siehe', 'ihr', 'umzug']
    """
    return _WORD.findall(without_urls(text).casefold())


def without_urls(text: str) -> str:
    """Return ``text`` without its web addresses."""
    return _URL.sub(" ", text)


def urls_in(text: str) -> list[str]:
    """Return the web addresses in ``text``, in their order."""
    return _URL.findall(text)


def shingles(words: Sequence[str], size: int) -> Iterator[tuple[int, str]]:
    """Yield each run of ``size`` words without a gap, behind the position of its first word.

    >>> list(shingles(["ihr", "umzug", "", "ist", "gebucht"], 2))
    [(0, 'ihr umzug'), (3, 'ist gebucht')]
    """
    has_gaps = GAP in words
    for start, run in enumerate(zip(*(words[offset:] for offset in range(size)), strict=False)):
        if not (has_gaps and GAP in run):
            yield start, " ".join(run)
