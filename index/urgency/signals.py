"""Reading signals of urgency out of what a customer wrote; what is denied or only supposed is none.

>>> [(signal.kind, signal.quote) for signal in signals_in("Seit Freitag kein Internet, das ist nicht eilig.")]
[('outage', 'Seit Freitag kein Internet')]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from corpus.shorten import sentences
from index.urgency.words import CALM, NEGATIONS, PATTERNS, STRENGTHS, SUPPOSED, SignalKind

KINDS: tuple[SignalKind, ...] = tuple(STRENGTHS)
ENOUGH = 2
"""Signals of this strength together make a case urgent by rules alone."""
MAX_QUOTE = 60
_TAKEN_BACK: frozenset[SignalKind] = frozenset({"stated", "deadline"})
# What stands between may not deny it.
_GAP, _WIDE_GAP = r"(?:(?!nicht |nie |not )\S+ ){0,4}?", r"(?:(?!nicht |nie |not )\S+ ){0,8}?"
_SPELLINGS = {"ä": "(?:ä|ae|a)", "ö": "(?:ö|oe|o)", "ü": "(?:ü|ue|u)", "ß": "(?:ß|ss|s)"}
# A number's point ("am 3. Mai") ends no clause; a comma, a dash between blanks and the like do.
_CLAUSE_END = re.compile(r"[,;:!?()]+|(?<!\d)\.+(?=\s|$)|\s[-–—]+\s|\s(?:aber(?!\snicht)|sondern|but)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signal:
    """A kind of signal that a text gives, and the words by which it does, as the customer wrote them."""

    kind: SignalKind
    quote: str


def signals_in(text: str) -> tuple[Signal, ...]:
    """Return the signals of a text, each kind once, the most telling first; linear in the text."""
    clauses = _clauses(text)
    calm = _calm().search(clauses) is not None
    found = []
    for kind in KINDS:
        quote = None if calm and kind in _TAKEN_BACK else _quote(kind, clauses)
        if quote is not None:
            found.append(Signal(kind=kind, quote=quote))
    return tuple(found)


def strength(signals: Sequence[Signal]) -> int:
    """Return how much signals say together, 0 for none."""
    return sum(STRENGTHS[signal.kind] for signal in signals)


def presence(signals: Sequence[Signal]) -> NDArray[np.float64]:
    """Return 1 for each of ``KINDS`` that is among the signals and 0 for the others: (kinds,)."""
    given = {signal.kind for signal in signals}
    return np.array([kind in given for kind in KINDS], dtype=np.float64)


def _clauses(text: str) -> str:
    """Return a text with one clause a line: patterns know blanks alone, so that none reaches over a line's end."""
    lines = (" ".join(clause.split()) for sentence in sentences(text) for clause in _CLAUSE_END.split(sentence))
    return "\n".join(filter(None, lines))


def _quote(kind: SignalKind, clauses: str) -> str | None:
    """Return the first words that give a signal, or ``None`` where there are none that count."""
    for found in _pattern(kind).finditer(clauses):
        clause = clauses.rfind("\n", 0, found.start()) + 1
        if not _is_doubtful(clauses[clause : found.start()]):
            shown = next((group for group in found.groups() if group), found.group())
            return shown[:MAX_QUOTE].strip()
    return None


def _is_doubtful(before: str) -> bool:
    near = " ".join(before.split()[-3:])
    return bool(_whole(NEGATIONS).search(near) or _whole(SUPPOSED).search(before))


@cache
def _pattern(kind: SignalKind) -> re.Pattern[str]:
    # One expression a kind: every further one would look at every letter of the text once more.
    return _whole("|".join(pattern.replace("(?P<quote>", "(") for pattern in PATTERNS[kind]))


@cache
def _calm() -> re.Pattern[str]:
    return _whole("|".join(CALM))


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of whole words in any spelling."""
    spelt = "".join(_SPELLINGS.get(letter, letter) for letter in pattern)
    spelt = spelt.replace(" __", f" {_WIDE_GAP}").replace(" _", f" {_GAP}")
    return re.compile(rf"(?<![\w-])(?:{spelt})(?![\w-])", re.IGNORECASE)
