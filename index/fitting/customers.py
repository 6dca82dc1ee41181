"""The training data of the shipped adapter as material for a fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from corpus.casetext import case_text
from corpus.models import Case
from corpus.plain_passages import PlainPassage
from corpus.training_problems import TrainingMessage, TrainingProblem
from index.fitting.material import FitProblem, HeldText

# Industries that meet some of the same needs: measuring on one, the others must not have been learned from either.
RELATED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "appliances": frozenset({"devices"}),
        "banking": frozenset({"finance"}),
        "insurance": frozenset({"social"}),
        "itservice": frozenset({"office", "software"}),
        "retail": frozenset({"marketplace", "parcel"}),
    }
)

# A message is read as the description of a case; when it came does not matter.
_OPENED = datetime(2026, 1, 1, tzinfo=UTC)


def material_of(problems: Iterable[TrainingProblem], *, without: Collection[str] = ()) -> tuple[FitProblem, ...]:
    """Return training problems as material, without those of the industries ``without`` and of their relatives.

    Languages make no difference: an industry is left out in all of them.
    """
    left_out = with_relatives(without)
    return tuple(_material(each) for each in problems if each.industry not in left_out)


def held_texts(passages: Iterable[PlainPassage]) -> tuple[HeldText, ...]:
    """Return plain questions and passages as what a fit must not move."""
    return tuple(HeldText(question=each.question, passage=each.passage) for each in passages)


def with_relatives(industries: Collection[str]) -> frozenset[str]:
    """Return the industries together with those that meet some of the same needs."""
    return frozenset(industries).union(*(RELATED.get(each, frozenset()) for each in industries))


def message_text(message: TrainingMessage, language: str) -> str:
    """Return a message as a query reads it: subject and text, cleaned and shortened as every case is."""
    case = Case(id="message", subject=message.subject, description=message.text, language=language, opened_at=_OPENED)
    return case_text(case).text


def _material(problem: TrainingProblem) -> FitProblem:
    return FitProblem(
        id=problem.id,
        group=f"{problem.industry}.{problem.language}",
        title=problem.title,
        article=problem.article,
        messages=tuple(message_text(each, problem.language) for each in problem.messages),
        question=problem.question or "",
    )
