"""Cutting text into sentences, in German and English."""

from __future__ import annotations

import re
from itertools import pairwise

from index.stopwords import ENGLISH, GERMAN

# A full stop behind one of these ends no sentence. Single letters ("z. B.", "d. h.") and short numbers ("3. Mai") are
# handled apart. Abbreviations that often stand last ("usw.", "etc.") are left out on purpose.
_GERMAN = """
    abb abschn abt allg anl anm aufl bd bzgl bzw ca dgl dipl dr evtl exkl ff fr frl geb gem ggf ggfs hr hrn ing inkl
    insb jhd kap kfm lt med mind mio mrd mtl nr prof rd rufnr sog spez std str tel tsd urspr verf vgl vorm zb zzgl zzt
    ziff jan feb mär apr jun jul aug sep sept okt nov dez
"""
_ENGLISH = "approx dept e.g est i.e inc jr ltd mr mrs ms sr vs"
_ABBREVIATIONS = frozenset(f"{_GERMAN} {_ENGLISH}".split())

# These are words as well, so they count as abbreviations before a number only ("Art. 5", "max. 3", "Mo. 8 Uhr").
_WORDS_TOO = "abs art fig max min mo di mi do sa so no pp st tab"
_BEFORE_NUMBERS = frozenset(_WORDS_TOO.split())

_STARTERS = GERMAN | ENGLISH | {"bitte", "danke", "please", "thanks"}
_END = re.compile(r"""([.!?…]{1,8}["'“”’»«)\]]{0,4})\s+(?=["'„“‚»«(\[¿¡]{0,3}[\w§€$#*–-])""")
# What stands before a mark is looked up where there is one: asked for by ``_END``, it is looked for at every letter.
_LONGEST_BEFORE = 24
_BEFORE = re.compile(r"[^\s.!?…]*\Z")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_WORD = re.compile(r"[^\W_]+")
_ORDINAL_DIGITS = 2


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text`` in order, white space folded; blank lines end a sentence in any case.

    Nothing is lost but white space. Abbreviations ("z. B.", "bzw.", "Nr."), initials and ordinals ("am 3. Mai") end
    no sentence; a full stop ends one only if a capital, a digit or an opening mark follows.

    >>> sentences("Das gilt z. B. für Nr. 5. Danke!")
    ['Das gilt z. B. für Nr. 5.', 'Danke!']
    """
    return [sentence for paragraph in _PARAGRAPH.split(text) for sentence in _cut(" ".join(paragraph.split()))]


def _cut(paragraph: str) -> list[str]:
    starts = [0, *(end.end() for end in _END.finditer(paragraph) if _ends(end, paragraph)), len(paragraph)]
    parts = (paragraph[start:stop].strip() for start, stop in pairwise(starts))
    return [part for part in parts if part]


def _ends(end: re.Match[str], paragraph: str) -> bool:
    """Whether a mark ends a sentence: others than a single full stop always do."""
    mark = end[1]
    if mark[0] != "." or mark.startswith(".."):
        return True
    following = _WORD.match(paragraph, end.end())
    if following is None:
        return True
    before = _BEFORE.search(paragraph, max(0, end.start() - _LONGEST_BEFORE), end.start())
    return _ends_before(before[0].lstrip("(\"'„“‚[").lower() if before else "", following[0])


def _ends_before(before: str, following: str) -> bool:
    """Whether a full stop between two words ends a sentence."""
    if following[0].islower():
        return False
    if before.isdigit():
        return len(before) > _ORDINAL_DIGITS or following.lower() in _STARTERS
    if before in _BEFORE_NUMBERS:
        return not following[0].isdigit()
    return len(before) != 1 and before not in _ABBREVIATIONS
