"""Any other system, by the run file that it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evaluation.questions import Question, Ranking, Run
from evaluation.runs import read_run
from evaluation.system import Update, counted

UNANSWERED = Ranking(ids=(), scores=())


class TrecSystem:
    """Answers out of a TREC run file; ``name`` overrides the name in the file."""

    def __init__(self, path: Path, *, name: str | None = None) -> None:
        run = read_run(path)
        self.name = name or run.system
        self._path = path
        self._rankings = run.rankings

    def rank(self, questions: Sequence[Question], update: Update | None = None) -> Run:
        """Answer every question; those that the file lacks stay unanswered, and count as such.

        Raises ``ValueError`` when the file answers none of them: then it is of another set.
        """
        if questions and not any(question.id in self._rankings for question in questions):
            raise ValueError(
                f"{self._path}: found answers to none of the {len(questions)} questions, expected the ids of this set "
                f"such as {questions[0].id!r}; give the run of this set"
            )
        answers = {each.id: self._rankings.get(each.id, UNANSWERED) for each in counted(questions, update)}
        return Run(system=self.name, rankings=answers)
