"""Judging one pair after the other: every word is kept at once, any session can be ended and taken up again.

A judge's file grows by one line of JSON a word, ``{"question", "item", "judge", "grade", "at"}``; a word that is taken
back is a line too, with ``"undone": true`` in place of the grade. Nothing is ever changed or removed in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, cast

from corpus.times import format_time
from evaluation.judging_plan import JudgingError, Pair
from index.durable import append_line

Grade = Literal[0, 1, 2]
NOT: Final = 0
RELEVANT: Final = 1
BEST: Final = 2
_GRADES = (NOT, RELEVANT, BEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a judge said of an item: 0 not relevant, 1 relevant, 2 the best there is, ``None`` cannot say."""

    question: str
    item: str
    judge: str
    grade: Grade | None

    @property
    def pair(self) -> Pair:
        """What was judged."""
        return self.question, self.item


class JudgementFile:
    """The words of one judge, only ever appended to."""

    def __init__(self, path: Path, judge: str) -> None:
        self._path = path
        self._judge = judge

    def standing(self) -> dict[Pair, Judgement]:
        """Return the words that stand, oldest first; none when there is no file yet.

        A line that breaks off was left by a killed process: it counts as never written, and its pair is asked again.
        Raises ``JudgingError`` for a line that is whole but not a judgement of this judge.
        """
        found: dict[Pair, Judgement] = {}
        if not self._path.is_file():
            return found
        for number, line in enumerate(self._path.read_text(encoding="utf-8").split("\n"), start=1):
            try:
                row = json.loads(line)
            except ValueError:
                continue
            self._apply(row, number, found)
        return found

    def add(self, pair: Pair, grade: Grade | None, at: datetime) -> None:
        """Keep a word; it is on the disk when this returns."""
        self._append(pair, at, {"grade": grade})

    def undo(self, pair: Pair, at: datetime) -> None:
        """Keep that the word on a pair is taken back."""
        self._append(pair, at, {"undone": True})

    def _append(self, pair: Pair, at: datetime, said: dict[str, Any]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        row = {"question": pair[0], "item": pair[1], "judge": self._judge, **said, "at": format_time(at)}
        # ASCII alone, so that a line that breaks off is never half a character.
        append_line(self._path, json.dumps(row))

    def _apply(self, row: object, number: int, found: dict[Pair, Judgement]) -> None:
        if not isinstance(row, dict) or row.get("judge") != self._judge:
            raise self._error(number, f"expected a judgement of {self._judge}, the name of the file")
        question, item = row.get("question"), row.get("item")
        if not isinstance(question, str) or not isinstance(item, str):
            raise self._error(number, "expected question and item")
        # Taken out first, so that the latest word stands last and is the one to be taken back.
        found.pop((question, item), None)
        if row.get("undone") is True:
            return
        grade = row.get("grade", self)
        if grade is not None and (type(grade) is not int or grade not in _GRADES):
            raise self._error(number, "expected a grade of 0, 1, 2 or null")
        said = cast(Grade | None, grade)
        found[question, item] = Judgement(question=question, item=item, judge=self._judge, grade=said)

    def _error(self, number: int, expected: str) -> JudgingError:
        return JudgingError(
            f"{self._path}:{number}: found another line, {expected}; restore the file as it was written"
        )


class JudgingSession:
    """The way of one judge through the pairs; ``clock`` tells the time of each word."""

    def __init__(self, pairs: Sequence[Pair], file: JudgementFile, clock: Callable[[], datetime]) -> None:
        self._pairs = pairs
        self._file = file
        self._clock = clock
        asked = frozenset(pairs)
        self._said = [pair for pair in file.standing() if pair in asked]

    @property
    def total(self) -> int:
        """How many pairs there are."""
        return len(self._pairs)

    @property
    def done(self) -> int:
        """How many of them are judged or skipped."""
        return len(self._said)

    @property
    def current(self) -> Pair | None:
        """The first pair without a word; ``None`` when all is done."""
        said = frozenset(self._said)
        return next((pair for pair in self._pairs if pair not in said), None)

    def judge(self, grade: Grade | None) -> None:
        """Say a word on the current pair, ``None`` to skip it; raises ``JudgingError`` when all is done."""
        pair = self.current
        if pair is None:
            raise JudgingError(f"all {self.total} pairs are judged; take one back to judge it again")
        self._file.add(pair, grade, self._clock())
        self._said.append(pair)

    def undo(self) -> bool:
        """Take back the last word, also one of an earlier session, and ask the pair again; False when there is none."""
        if not self._said:
            return False
        self._file.undo(self._said[-1], self._clock())
        self._said.pop()
        return True
