"""The state of a conversation, which tells what comes next: what either side said last, and what was done.

Its features are hashed to numbers (feature hashing; Weinberger et al., ICML 2009): no list of words has to be kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log1p, sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BITS = 20
WORD_WEIGHT = 3.0
"""What the words of a message weigh together, beside 1 for an action done."""
BACK = 3
"""So many of the actions done last are told apart by their order; of the others counts how often they were done."""
# Words without digits, and the question mark: numbers tell of one case alone.
_WORD = re.compile(r"[^\W\d]+|\?")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the ``customer`` said last, the last ``reply``, how many ``messages`` there were, and rows ``done``."""

    customer: str
    reply: str
    messages: int
    done: tuple[int, ...]


def features_of(state: State) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the numbers of a state's features, ascending, and their values; both (f,)."""
    found: dict[int, float] = {}
    for name, value in _named(state):
        number = crc32(name.encode("utf-8")) % (1 << BITS)
        found[number] = found.get(number, 0.0) + value
    numbers = np.array(sorted(found), dtype=np.int64)
    return numbers, np.array([found[number] for number in numbers.tolist()], dtype=np.float32)


def _named(state: State) -> Iterator[tuple[str, float]]:
    yield from _words("customer", state.customer)
    yield from _words("agent", state.reply)
    for back in range(1, BACK + 1):
        yield f"action {back} ago: {state.done[-back] if len(state.done) >= back else None}", 1.0
    for row, times in Counter(state.done).items():
        yield f"done: {row}", 1.0
        yield f"times: {row}", log1p(times)
    yield "actions", log1p(len(state.done))
    yield "messages", log1p(state.messages)


def _words(side: str, text: str) -> Iterator[tuple[str, float]]:
    words = _WORD.findall(text.lower())
    terms = sorted({*words, *(f"{one} {other}" for one, other in pairwise(words))})
    for term in terms:
        yield f"{side}: {term}", WORD_WEIGHT / sqrt(len(terms))
