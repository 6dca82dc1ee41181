"""How far the best of so many items stands out for questions that none of them answers.

Questions of other families are asked of random parts of a set, smaller and larger ones. What comes first is there by
chance, and how far it stands out by its content is what confidence must not take for an answer
(`assist.confidence.best_by_chance`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assist.confidence import best_by_chance
from evaluation.bench import Asked, Bench, open_bench
from evaluation.metrics import mean
from evaluation.questions import JudgedSet, Question
from evaluation.workbench import Workbench
from index.progress import Reporter

SIZES = (30, 60, 125, 250, 500, 1000, 2000)
SEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """The mean content of the first of ``items`` for questions that none of them answers, and what is expected."""

    dataset: str
    items: int
    found: float
    expected: float


def chances(sets: Sequence[JudgedSet], workbench: Workbench, each: int) -> Iterator[Chance]:
    """Ask of each set ``each`` questions of every set of another family; yield sizes of it in rising order."""
    for judged in sets:
        foreign = tuple(_foreign(judged, sets, each))
        if foreign:
            bench = open_bench(replace(judged, questions=foreign), workbench.fair_to(judged))
            yield from _chances(bench, workbench.reporter)


def _foreign(judged: JudgedSet, sets: Sequence[JudgedSet], each: int) -> Iterator[Question]:
    for other in sets:
        if other.family != judged.family:
            for question in other.questions[:each]:
                yield replace(question, id=f"{other.name}/{question.id}", relevant=frozenset())


def _chances(bench: Bench, reporter: Reporter) -> Iterator[Chance]:
    ids = [item.id for item in bench.snapshot.items[bench.used_kind].items]
    deviation = 1.0 + bench.parts.scorer.weights[bench.used_kind].alignment
    sizes = [*(size for size in SIZES if size < len(ids)), len(ids)]
    with reporter.stage(f"ask {bench.judged.name} what it does not know") as update:
        for number, size in enumerate(sizes, start=1):
            found = {asked.question.id: _first(bench, asked, ids, size) for asked in bench.asked.values()}
            update(number, len(sizes))
            yield Chance(
                dataset=bench.judged.name,
                items=size,
                found=mean(found),
                expected=best_by_chance(size, deviation=deviation),
            )


def _first(bench: Bench, asked: Asked, ids: Sequence[str], size: int) -> float:
    """Return the content of what comes first among so many of the items, drawn anew for each question."""
    kept = set(random.Random(f"{SEED} {asked.question.id}").sample(ids, size))  # noqa: S311 - no secret
    suggester = bench.suggester
    considered = suggester.consider(
        bench.used_kind, asked.case, suggester.look_back(asked.case), without=[each for each in ids if each not in kept]
    )
    return float(considered.parts.content[considered.ranking[0]]) if considered.ranking else 0.0


def by_set(found: Sequence[Chance]) -> Mapping[str, list[Chance]]:
    """Return what was found, by set."""
    sets: dict[str, list[Chance]] = {}
    for each in found:
        sets.setdefault(each.dataset, []).append(each)
    return sets
