"""What is measured: anything that ranks the items of a set for its questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from evaluation.baselines import Scorer, Scores
from evaluation.bench import DEPTH, Bench
from evaluation.questions import Question, Ranking, Run
from evaluation.shelf import NOT_RANKED
from index.filters import Mask

# Told how many questions are answered, and how many there are.
Update = Callable[[int, int], None]

# Beyond so many digits a score is noise of floating point, which must not decide an order.
DIGITS = 6


class System(Protocol):
    """Answers the questions of one set."""

    @property
    def name(self) -> str:
        """Its name in ``metrics.json``."""

    def rank(self, questions: Sequence[Question], update: Update | None = None) -> Run:
        """Answer every question, up to 20 items each; ``update`` is told how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredSystem:
    """A system that gives every row of the shelf a number.

    ``probabilities`` says that its scores are probabilities of being right (0 to 1), to be read as confidences.
    """

    name: str
    bench: Bench
    scorer: Scorer
    probabilities: bool = False

    def rank(self, questions: Sequence[Question], update: Update | None = None) -> Run:
        """Answer every question; took no time worth reporting, since its parts are shared with other systems."""
        answers = {question.id: self.answer(question) for question in counted(questions, update)}
        return Run(system=self.name, rankings=answers)

    def answer(self, question: Question, without: frozenset[str] = frozenset()) -> Ranking:
        """Answer one question as if the corpus lacked the items of the ids in ``without``."""
        asked = self.bench.ask(question)
        allowed = self.bench.allowed(asked, without)
        return self._ranking(self.scorer(asked, allowed), allowed)

    def _ranking(self, scores: Scores, allowed: Mask) -> Ranking:
        kept = np.round(np.where(allowed, scores, NOT_RANKED), DIGITS)
        # Rows are in the order of ids, and a stable sort keeps it among equals.
        order = np.argsort(-kept, kind="stable")[:DEPTH]
        rows = order[np.isfinite(kept[order])].tolist()
        values = tuple(float(kept[row]) for row in rows)
        ids = tuple(self.bench.shelf.ids[row] for row in rows)
        return Ranking(ids=ids, scores=values, confidences=values if self.probabilities else ())


def counted(questions: Sequence[Question], update: Update | None) -> Iterator[Question]:
    """Yield questions one by one, telling ``update`` after each."""
    for number, question in enumerate(questions, start=1):
        yield question
        if update:
            update(number, len(questions))
