"""Numbers that are personal because of the word before them: customer numbers, identity numbers, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.privacy.accounts import labelled_card
from corpus.privacy.contacts import labelled_phone
from corpus.privacy.labels import Label, is_number_word, label_of
from corpus.privacy.marks import is_mark
from corpus.privacy.spans import Span
from corpus.privacy.words import Word, Words

_BETWEEN = frozenset({
    "", "ist", "die", "der", "das", "den", "lautet", "lautete", "war", "wäre", "is", "was", "the", "am", "in", "on",
    "of", "wurde", "ich", "bin", "mein", "meine", "unter", "also", "neu", "jetzt", "id", "dienstlich", "privat",
    "geht", "an", "auf", "folgende", "hier",
})  # fmt: skip
_MOST_BETWEEN = 5
_MONTH = r"(?:jan|feb|m[äa]r|mrz|apr|ma[iy]|jun|jul|aug|sep|o[kc]t|nov|de[zc])[a-zä]{0,6}"
_DATE = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}(?:[./-] ?| )\d{{1,2}}(?:[./-] ?| )(?:\d{{4}}|\d{{2}})(?!\d)"
    rf"|\d{{1,2}}\.? ?{_MONTH}\.? ?(?:\d{{4}}|\d{{2}})(?!\d)",
    re.IGNORECASE,
)
_BORN_BEHIND = re.compile(r" (?:geboren|geb\.|zur Welt)", re.IGNORECASE)
_HEAD = re.compile(r"[A-ZÄÖÜ]{1,4}(?:-[A-Z]{1,4})?$")
_STARTS_WITH_DIGIT = re.compile(r"#?\d")
_NO_REFERENCE = re.compile(
    r"\d{1,2}[./]\d{1,2}[./](?:\d{2,4})?$|(?:19|20)\d{2}$|\d{1,2}/(?:19|20)\d{2}$|\d+,\d|\d\d?:\d"
)
_LIKE_REFERENCE = re.compile(r"(?=(?:\D*\d){5})|[A-Z]{1,4}[-/]?\d")
_NO_GROUP = re.compile(r"\d{1,2}[./]\d{1,2}[./](?:\d{2,4})?$|\d+,\d|\d\d?:\d")
_SHORT = re.compile(r"\d{1,3}$")
_LIKE_PHONE = re.compile(r"\(?[0+]")


def labelled(text: str, words: Words) -> Iterator[Span]:
    """Yield numbers that a word before them names, and dates with ``geboren`` before or behind them."""
    done = 0
    for position in words.with_digits():
        word = words[position]
        if word.start < done:
            continue
        span = _birth(text, word) or _named(text, words, position)
        if span is not None:
            done = span.end
            yield span


def _birth(text: str, word: Word) -> Span | None:
    """Return a date marked by an asterisk, or with ``geboren`` behind it."""
    starred = text[max(0, word.start - 1) : word.start] == "*"
    date = _DATE.match(text, word.start)
    if date is None or not (starred or _BORN_BEHIND.match(text, date.end())):
        return None
    return Span(*date.span(), "birth_date")


def _named(text: str, words: Words, position: int) -> Span | None:
    first = position - 1 if position and _is_head(words[position - 1]) else position
    label = _label_before(words, first)
    if label is None and first < position:
        first, label = position, _label_before(words, position)
    return None if label is None else _value(text, words, first, position, label)


def _is_head(word: Word) -> bool:
    """Whether a number can begin with the word, as in ``S 25 0099``."""
    if word.ends_phrase or word.letters in _BETWEEN or is_number_word(word.letters):
        return False
    return _HEAD.match(word.core) is not None


def _label_before(words: Words, position: int) -> Label | None:
    numbered = False
    for back in range(position - 1, max(-1, position - 2 - _MOST_BETWEEN), -1):
        letters = words[back].letters
        if (not letters and words[back].core) or _ends_mark(words, back):
            return None  # another number, or one that was masked before: it is that one's label
        if is_number_word(letters):
            numbered = True
        elif letters not in _BETWEEN:
            found = label_of(letters, numbered=numbered)
            return found or (_bare(letters) if numbered else None)
    return ("reference", False) if numbered else None


def _ends_mark(words: Words, position: int) -> bool:
    end = words[position].end
    if not words.text.startswith("]", end):
        return False
    return is_mark(words.text[words.text.rfind("[", 0, end) : end + 1])


def _bare(letters: str) -> Label | None:
    """Return the label that "number" is behind a word that says nothing of it, unless it numbers things."""
    return None if label_of(f"{letters}nr", numbered=True) is None else ("reference", False)


def _value(text: str, words: Words, first: int, position: int, label: Label) -> Span | None:
    kind, sure = label
    start = words[position].start
    if kind == "birth_date":
        date = _DATE.match(text, start)
        return None if date is None else Span(*date.span(), kind)
    if kind == "phone" or (not sure and _LIKE_PHONE.match(words[position].core)):
        return labelled_phone(text, start)
    if kind == "card":
        return labelled_card(text, start)
    span = Span(words[first].start, _end_of_number(words, position), kind)
    found = text[span.start : span.end]
    if _NO_REFERENCE.match(found) or not (sure or _LIKE_REFERENCE.match(found)):
        return None
    return span


def _end_of_number(words: Words, position: int) -> int:
    """Return where a number in groups ends, as in ``II-4 S 1023/25``."""
    last = position
    while last + 1 < len(words) and not words[last].ends_phrase and (step := _step(words, last)):
        last += step
    return words[last].end


def _step(words: Words, last: int) -> int:
    """Return how many words further the next group of a number ends: 0 where none follows."""
    following = words[last + 1]
    adjacent = following.start == words[last].end + 1
    if adjacent and _is_group(words, last + 1):
        return 1
    if adjacent and _HEAD.match(following.core) and last + 2 < len(words) and _is_group(words, last + 2):
        return 2
    return 0


def _is_group(words: Words, position: int) -> bool:
    word = words[position]
    if not _STARTS_WITH_DIGIT.match(word.core) or _NO_GROUP.match(word.core):
        return False
    if word.ends_phrase or position + 1 == len(words) or not _SHORT.match(word.core):
        return True
    following = words[position + 1].core
    counts_something = following[:1].isupper() and not _HEAD.match(following)
    return not counts_something and following not in {"€", "kWh", "x", "mal"}
