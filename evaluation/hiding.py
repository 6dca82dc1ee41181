"""History made worse: none for a sample of items, as if they were new, only the newest cases, or wrong labels."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from corpus.models import Case, Record
from evaluation.heirs import current_ids
from evaluation.history_sets import used_in_history, with_history_slices
from evaluation.questions import JudgedSet
from index.situations import USED_KINDS


def hide_history(judged: JudgedSet, share: float = 0.15, seed: int = 7) -> tuple[JudgedSet, frozenset[str]]:
    """Withhold every use of a sample of the items that occur in history; return the set and the items' ids.

    ``share`` (above 0, below 1) of those items is drawn, at least one; the same for the same seed. A case that used
    nothing else leaves history with them, for a new item has been met in no case at all. The items stay in the corpus,
    the questions stay as they are. Raises ``ValueError`` for another share, and for a set without history.
    """
    if not 0.0 < share < 1.0:
        raise ValueError(f"found the share {share}, expected a number above 0 and below 1, such as 0.15")
    if judged.kind == "similar_cases":
        raise ValueError(
            f"{judged.name}: found a set about similar cases, expected one about items that have a history"
        )
    known = sorted(used_in_history(judged))
    if not known:
        raise ValueError(f"{judged.name}: found no use of {judged.kind} in history, expected some to hide")
    drawn = random.Random(seed).sample(known, max(1, round(share * len(known))))  # noqa: S311 - no secret
    hidden = frozenset(drawn)
    current = current_ids(judged.records[judged.kind])
    ids = frozenset(each for each, now in current.items() if now in hidden)
    before = judged.records["cases"]
    after = [case for record in before if (case := _without(record, judged.kind, ids)) is not None]
    facts = {
        "hidden_items": len(hidden),
        "hidden_share": share,
        "hidden_seed": seed,
        "hidden_cases": len(before) - len(after),
        "history_cases": len(after),
    }
    records = {**judged.records, "cases": after}
    return with_history_slices(replace(judged, records=records, split={**judged.split, **facts})), hidden


def shuffle_history(judged: JudgedSet, share: float, seed: int = 7) -> JudgedSet:
    """Make a seeded ``share`` (above 0, at most 1) of the uses in history wrong: they change their items among them.

    A use may get the id that it had, where an item was used often. Raises ``ValueError`` for another share, and for a
    set about similar cases.
    """
    if not 0.0 < share <= 1.0:
        raise ValueError(f"found the share {share}, expected a number above 0 and at most 1, such as 0.2")
    if judged.kind == "similar_cases":
        raise ValueError(f"{judged.name}: found a set about similar cases, expected one about items that were used")
    kind = judged.kind
    cases = [record for record in judged.records["cases"] if isinstance(record, Case)]
    places = [(case.id, number) for case in cases for number in range(len(getattr(case, kind)))]
    chance = random.Random(seed)  # noqa: S311 - no secret
    drawn = chance.sample(places, round(share * len(places)))
    uses = {case.id: list(getattr(case, kind)) for case in cases}
    ids = [uses[case][number].id for case, number in drawn]
    chance.shuffle(ids)
    for (case, number), other in zip(drawn, ids, strict=True):
        uses[case][number] = replace(uses[case][number], id=other)
    changed: list[dict[str, Any]] = [{kind: tuple(uses[case.id])} for case in cases]
    shuffled = [replace(case, **change) for case, change in zip(cases, changed, strict=True)]
    records = {**judged.records, "cases": shuffled}
    return replace(judged, records=records, split={**judged.split, "shuffled_share": share, "shuffled_seed": seed})


def with_newest(judged: JudgedSet, cases: int) -> JudgedSet:
    """Return a set whose history is only its newest so many solved cases, by when they closed; the rest as it was."""
    history = [record for record in judged.records.get("cases", ()) if isinstance(record, Case)]
    newest = sorted(history, key=lambda case: (case.closed_at.timestamp() if case.closed_at else 0.0, case.id))
    kept = sorted(newest[max(len(newest) - cases, 0) :], key=lambda case: case.id)
    records = {**judged.records, "cases": kept}
    return with_history_slices(replace(judged, records=records, split={**judged.split, "history_cases": len(kept)}))


def _without(record: Record, kind: str, hidden: frozenset[str]) -> Record | None:
    if not isinstance(record, Case):
        return record
    uses = getattr(record, kind)
    left = tuple(use for use in uses if use.id not in hidden)
    if len(left) == len(uses):
        return record
    changed: dict[str, Any] = {kind: left}
    case = replace(record, **changed)
    return case if any(getattr(case, each) for each in USED_KINDS) else None
