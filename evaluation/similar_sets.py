"""Similar cases judged by what solved them: a solved case is right for a question if it used what is right for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from corpus.models import Case
from evaluation.heirs import current_ids
from evaluation.questions import JudgedSet


def similar_cases(judged: JudgedSet) -> JudgedSet:
    """Return the questions of a history set as questions for solved cases.

    Questions whose items no case of history used are dropped and counted: for them no case is right. Raises
    ``ValueError`` when none is left, or when the set is about similar cases already.
    """
    if judged.kind == "similar_cases":
        raise ValueError(f"{judged.name}: found a set about similar cases, expected articles, templates or actions")
    current = current_ids(judged.records[judged.kind])
    solving: dict[str, set[str]] = defaultdict(set)
    for case in judged.records.get("cases", ()):
        if isinstance(case, Case):
            for use in getattr(case, judged.kind):
                solving[current.get(use.id, use.id)].add(case.id)
    questions = tuple(
        replace(question, relevant=frozenset(right))
        for question in judged.questions
        if (right := {case for item in question.relevant for case in solving.get(item, ())})
    )
    if not questions:
        raise ValueError(f"{judged.name}: found no case of history that used what is asked for, expected some")
    dropped = {**judged.dropped, "questions without a similar case": len(judged.questions) - len(questions)}
    return replace(judged, kind="similar_cases", questions=questions, dropped=dropped)
