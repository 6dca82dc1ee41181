"""What an adapter learns from: problems, each with the organisation's words and customers' words for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FitProblem:
    """One need. ``group`` names those that are alike (an industry), among which confusion is likely.

    ``title`` and ``article`` are the organisation's words, ``messages`` (one or more) those of customers, as a case's
    text reads (``corpus.casetext``); ``question`` is a short one in everyday words, where there is one.
    """

    id: str
    group: str
    title: str
    article: str
    messages: tuple[str, ...]
    question: str = ""

    @property
    def passage(self) -> str:
        """The article as it is indexed: its title, then its text."""
        return f"{self.title}\n{self.article}" if self.title else self.article


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldText:
    """A plain question and a passage of a document that answers it: both are to stay where they are."""

    question: str
    passage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two different messages about one problem (by its row); the same one twice where there is only one."""

    problem: int
    message: str
    other: str


def pairs_of(problems: Sequence[FitProblem]) -> tuple[Pair, ...]:
    """Return every message once, paired with the next one about the same problem; an odd one meets the first again."""
    return tuple(pair for row, problem in enumerate(problems) for pair in _pairs(row, problem.messages))


def _pairs(row: int, messages: Sequence[str]) -> Iterator[Pair]:
    for at in range(0, len(messages), 2):
        yield Pair(problem=row, message=messages[at], other=messages[(at + 1) % len(messages)])


def fingerprint_of(problems: Sequence[FitProblem], held: Sequence[HeldText]) -> str:
    """Return the SHA-256 over all problems and held texts in their order."""
    learned = ([each.id, each.group, each.title, each.article, each.messages, each.question] for each in problems)
    kept = ([each.question, each.passage] for each in held)
    lines = (json.dumps(each, ensure_ascii=False) for each in (*learned, *kept))
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()
