"""What a value looks like, without saying what it is: reasons in a quarantine file show no more of a case."""

from __future__ import annotations

import re

_SHOWN = 24
_QUOTED = re.compile(r'found "(?:[^"\\]|\\.)*"')


def shape(text: str) -> str:
    """Return the shape of a text: its length where it is long, else digits as 9 and letters as a.

    >>> shape("01.03.26 8 Uhr"), shape("x" * 30)
    ('"99.99.99 9 aaa"', 'a text of 30 characters')
    """
    if len(text) > _SHOWN:
        return f"a text of {len(text)} characters"
    return '"' + "".join("9" if each.isdigit() else "a" if each.isalpha() else each for each in text) + '"'


def without_values(message: str) -> str:
    """Return a reader's message without the text that it quotes as found.

    >>> without_values('found "Helmut Brandt", expected a time')
    'found a text, expected a time'
    """
    return _QUOTED.sub("found a text", message)
