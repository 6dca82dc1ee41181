"""What is to be judged, and by whom: made once, so that everybody judges the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evaluation.pooling import PooledQuestion

JudgedKind = Literal["articles", "templates"]
JUDGED_KINDS: tuple[JudgedKind, ...] = ("articles", "templates")

SHARE = 0.2
"""Of how many questions a second judge judges everything again."""

_LONGEST_NAME = 40

Pair = tuple[str, str]
"""The ids of a question and of an item to be judged for it."""


class JudgingError(ValueError):
    """A judging cannot be made or continued as asked; the message says how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingPlan:
    """The pool, and how it was made.

    ``wanted`` questions were asked for; there may be fewer. Of every system of ``systems`` the first ``depth`` items
    of ``kind`` were pooled, in an order that ``seed`` decides.
    ``team`` names those who share the questions, each of which one of them judges. Of a seeded ``share`` (0 to 1) of
    the questions everything is judged twice: by the next member of the team, and by anybody who is not of the team.
    ``corpus`` and ``fingerprint`` say what was pooled; ``dropped`` counts cases that were passed over.
    """

    kind: JudgedKind
    corpus: str
    fingerprint: str
    seed: int
    wanted: int
    depth: int
    share: float
    team: tuple[str, ...]
    systems: tuple[str, ...]
    dropped: Mapping[str, int]
    questions: tuple[PooledQuestion, ...]

    @property
    def pairs(self) -> int:
        """How many judgements it takes to judge everything once."""
        return sum(len(question.items) for question in self.questions)

    def main_judge(self, number: int) -> str:
        """Return whose word counts for the question at a position: questions are dealt to the team in turn."""
        return self.team[number % len(self.team)]

    def pairs_of(self, judge: str) -> tuple[Pair, ...]:
        """Return what a judge is asked, in order: the own questions and those judged a second time."""
        return tuple(_pairs(question for number, question in enumerate(self.questions) if self._asks(judge, number)))

    @property
    def judged_twice(self) -> frozenset[int]:
        """The positions of the questions that are judged twice: at least one, unless the share is 0."""
        count = len(self.questions)
        wanted = min(count, max(1, round(self.share * count))) if self.share > 0 else 0
        return frozenset(random.Random(f"{self.seed}\ntwice").sample(range(count), wanted))  # noqa: S311 - no secret

    def _asks(self, judge: str, number: int) -> bool:
        if judge == self.main_judge(number):
            return True
        return number in self.judged_twice and (judge not in self.team or judge == self.main_judge(number + 1))


def _pairs(questions: Iterator[PooledQuestion]) -> Iterator[Pair]:
    return ((question.id, item) for question in questions for item in question.items)


def check_team(team: Sequence[str]) -> None:
    """Raise ``JudgingError`` for a name that cannot name a file, or one that stands twice."""
    for name in team:
        check_judge(name)
    if len({name.casefold() for name in team}) < len(team):
        raise JudgingError(f"found a name twice in the team {', '.join(team)}; name everybody once")


def check_judge(name: str) -> None:
    """Raise ``JudgingError`` for a name of a judge that cannot name a file."""
    plain = name.replace("-", "").replace("_", "").replace(".", "")
    if not plain.isalnum() or name.startswith(".") or len(name) > _LONGEST_NAME:
        raise JudgingError(
            f"found the judge {name!r}, expected up to {_LONGEST_NAME} letters, digits, - _ or . (not first)"
        )
