"""What is put before the judges: the first items of several systems together, so that no judge can tell whose they are.

Pooling: K. Spärck Jones and C. J. van Rijsbergen, *Report on the need for and provision of an "ideal" information
retrieval test collection*, British Library Research and Development Report 5266, 1975; as TREC does it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.questions import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledQuestion:
    """A question by its id, and the ids of the items to be judged for it, in an order that tells nothing."""

    id: str
    items: tuple[str, ...]


def pool(runs: Sequence[Run], questions: Sequence[str], *, depth: int, seed: int) -> tuple[PooledQuestion, ...]:
    """Return for each question the first ``depth`` items of every run, each item once; without items no question.

    The order of the items depends on the seed, the question and the items alone: not on which systems found them, how
    many did, or at which rank. The order of the questions is shuffled too, so that whoever stops early has judged a
    random sample. Raises ``ValueError`` for a depth below 1.
    """
    if depth < 1:
        raise ValueError(f"found depth {depth}, expected at least 1")
    pooled = (
        PooledQuestion(id=question, items=_shuffled(_found(runs, question, depth), f"{seed}\n{question}"))
        for question in _shuffled(questions, f"{seed}")
    )
    return tuple(question for question in pooled if question.items)


def _found(runs: Sequence[Run], question: str, depth: int) -> set[str]:
    rankings = (run.rankings[question] for run in runs if question in run.rankings)
    return {item for ranking in rankings for item in ranking.ids[:depth]}


def _shuffled(ids: Iterable[str], seed: str) -> tuple[str, ...]:
    # Sorted first: neither the order of a set nor that of the caller may show.
    ordered = sorted(ids)
    random.Random(seed).shuffle(ordered)  # noqa: S311 - no secret
    return tuple(ordered)
