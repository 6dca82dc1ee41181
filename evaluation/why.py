"""Why the suggester ranked as it did: what each kind of evidence added to the score of an item."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from assist.considering import Considered
from assist.past import Past
from evaluation.bench import Bench
from evaluation.questions import Question
from evaluation.results import RankedItem


def explain_ranking(
    bench: Bench, question: Question, *, top: int = 3, others: Iterable[str] = ()
) -> tuple[RankedItem, ...]:
    """Return the first ``top`` items of the shipped ranking, then relevant ones and ``others`` that are not among them.

    Contributions are ``meaning``, ``alignment``, ``words``, ``votes`` and ``sequence``, in standard deviations of the
    background; they add up to the score. For similar cases there is ``meaning`` alone. An item that was not considered
    has neither rank nor score: it was not eligible, or neither near enough nor voted for.
    """
    asked = bench.ask(question)
    past = bench.suggester.look_back(asked.case)
    if bench.judged.kind == "similar_cases":
        ranked = _cases(past, question)
    else:
        ranked = _items(bench.suggester.consider(bench.judged.kind, asked.case, past), question)
    by_id = {item.id: item for item in ranked}
    first = [item.id for item in ranked[:top]]
    beside = sorted(question.relevant) + sorted(others)
    wanted = dict.fromkeys([*first, *sorted(beside, key=lambda each: _place(by_id.get(each)))])
    return tuple(by_id.get(each) or _unranked(each, question) for each in wanted)


def _items(considered: Considered, question: Question) -> list[RankedItem]:
    parts = considered.parts
    total = parts.total
    found = []
    for rank, position in enumerate(considered.ranking, start=1):
        item = considered.id_at(position)
        contributions = {
            "meaning": float(parts.meaning[position]),
            "alignment": float(parts.alignment[position]),
            "words": float(parts.words[position]),
            "history": float(parts.history[position]),
            "sequence": float(parts.sequence[position]),
            "silence": float(parts.silence[position]),
        }
        found.append(_ranked(item, rank, float(total[position]), contributions, question))
    return found


def _cases(past: Past, question: Question) -> list[RankedItem]:
    meaning = np.round(past.meaning, 5).tolist()
    ids = [past.space.cases[row].id for row in past.nearest.cases.tolist()]
    order = sorted(range(len(ids)), key=lambda place: (-meaning[place], ids[place]))
    return [
        _ranked(ids[place], rank, meaning[place], {"meaning": meaning[place]}, question)
        for rank, place in enumerate(order, start=1)
    ]


def _ranked(item: str, rank: int, score: float, contributions: dict[str, float], question: Question) -> RankedItem:
    return RankedItem(
        id=item, rank=rank, relevant=item in question.relevant, score=round(score, 5), contributions=contributions
    )


def _unranked(item: str, question: Question) -> RankedItem:
    return RankedItem(id=item, rank=None, relevant=item in question.relevant)


def _place(item: RankedItem | None) -> float:
    return np.inf if item is None or item.rank is None else float(item.rank)
