"""What comes first when the right answer is there, and when it is not.

Each question is asked twice: as it is, and again as if the corpus lacked every item that is right for it. Whatever
comes first the second time is wrong, and an agent should be spared it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evaluation.bench import Asked, Bench
from evaluation.questions import Question
from evaluation.system import ScoredSystem, Update, counted

NO_ANSWER = -np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstItem:
    """The id of the first item and how sure the system is of it; ``None`` and ``NO_ANSWER`` when there is none."""

    id: str | None
    sureness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstItems:
    """How sure a system is of its first items, question by question; arrays of shape (q,).

    ``answerable``: with the right items in the corpus; ``unanswerable``: without them. ``right`` says whether the
    former is right. ``groups`` names the group of each question.
    """

    system: str
    answerable: NDArray[np.float64]
    unanswerable: NDArray[np.float64]
    right: NDArray[np.bool_]
    groups: tuple[str, ...]


class Answerer(Protocol):
    """Gives the first item of one question."""

    @property
    def name(self) -> str:
        """The system's name."""

    def first(self, question: Question, without: frozenset[str]) -> FirstItem:
        """Return the first item as if the corpus lacked those of the ids in ``without``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedAnswerer:
    """The shipped suggester, as sure as its confidence (0 to 1)."""

    name: str
    bench: Bench

    def first(self, question: Question, without: frozenset[str]) -> FirstItem:
        """Return the first item with its confidence, as ``Suggester.suggest`` would."""
        asked = self.bench.ask(question)
        if not asked.case.text.text:
            return FirstItem(id=None, sureness=NO_ANSWER)
        if self.bench.judged.kind == "similar_cases":
            return self._case(asked, without)
        return self._item(asked, without)

    def _item(self, asked: Asked, without: frozenset[str]) -> FirstItem:
        suggester, kind = self.bench.suggester, self.bench.used_kind
        considered = suggester.consider(kind, asked.case, suggester.look_back(asked.case), without=without)
        if not considered.ranking:
            return FirstItem(id=None, sureness=NO_ANSWER)
        first = considered.ranking[0]
        confidences = considered.confidences(self.bench.parts.scorer.confidence[kind])
        return FirstItem(id=considered.id_at(first), sureness=float(confidences[first]))

    def _case(self, asked: Asked, without: frozenset[str]) -> FirstItem:
        suggester = self.bench.suggester
        chosen = suggester.similar(asked.case, suggester.look_back(asked.case, without=without), limit=1)
        if not chosen:
            return FirstItem(id=None, sureness=NO_ANSWER)
        return FirstItem(id=chosen[0].id, sureness=chosen[0].confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredAnswerer:
    """A baseline, as sure as its score is high."""

    system: ScoredSystem

    @property
    def name(self) -> str:
        """The baseline's name."""
        return self.system.name

    def first(self, question: Question, without: frozenset[str]) -> FirstItem:
        """Return the first item with its score."""
        ranking = self.system.answer(question, without)
        if not ranking.ids:
            return FirstItem(id=None, sureness=NO_ANSWER)
        return FirstItem(id=ranking.ids[0], sureness=ranking.scores[0])


def first_items(answerer: Answerer, questions: Sequence[Question], update: Update | None = None) -> FirstItems:
    """Ask every question with and without its right items; ``update`` is told how far it is."""
    answerable, unanswerable, right = [], [], []
    for question in counted(questions, update):
        there = answerer.first(question, frozenset())
        answerable.append(there.sureness)
        right.append(there.id in question.relevant)
        unanswerable.append(answerer.first(question, question.relevant).sureness)
    return FirstItems(
        system=answerer.name,
        answerable=np.array(answerable, dtype=np.float64),
        unanswerable=np.array(unanswerable, dtype=np.float64),
        right=np.array(right, dtype=np.bool_),
        groups=tuple(question.group for question in questions),
    )
