"""Parting a history in time, twice: what came later judges what was learned before, and never teaches it.

The last fifth of the solved cases judges. Of what came before, again the last fifth is what a ranker is fitted on, with
the cases before that as its history: so it learns how far to believe cases that are as old as they will be in service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.models import Kind, Record
from evaluation.hiding import hide_history
from evaluation.history_sets import judged_sets, used_in_history
from evaluation.questions import JudgedSet
from evaluation.splits import Split, split_cases
from evaluation.training.records import OwnRecords
from index.situations import USED_KINDS, UsedKind

MIN_QUESTIONS = 50
"""Fewer questions about a kind tell neither what to learn nor whether it helps."""
# No shipped scorer was fitted without a family of this name: the one that serves is what is compared with.
NAME = "own"


class TooLittleHistoryError(Exception):
    """A store that holds too few solved cases to learn from; the message says how many, and how many are needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The questions of one kind: ``inner`` to learn from, ``later`` to judge by.

    ``hidden`` is ``inner`` with some items of every kind hidden from its history, the same for all kinds.
    """

    inner: JudgedSet
    hidden: JudgedSet
    later: JudgedSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """The kinds that can be learned, how the solved cases were parted, and why other kinds that were used cannot."""

    kinds: Mapping[UsedKind, Period]
    split: Split
    left_out: Mapping[UsedKind, str]


def part(records: OwnRecords) -> Periods:
    """Part the solved cases of a store; raises ``TooLittleHistoryError`` where no kind can be learned."""
    later, split = _later(records)
    before = records.only(frozenset(case.id for case in split.history)).without_split()
    inner, _ = _later(before) if later else ({}, split)
    reasons = {kind: _too_few(inner.get(kind), later.get(kind)) for kind in USED_KINDS}
    labels = records.labels()
    left_out = {kind: reason for kind, reason in reasons.items() if reason is not None and labels[kind].given}
    learned = [kind for kind, reason in reasons.items() if reason is None]
    if not learned:
        raise TooLittleHistoryError(_told(records, left_out))
    hidden = _hidden([inner[kind] for kind in learned])
    kinds = {
        kind: Period(inner=inner[kind], hidden=replace(inner[kind], records=hidden), later=later[kind])
        for kind in learned
    }
    return Periods(kinds=kinds, split=split, left_out=left_out)


def _hidden(sets: Sequence[JudgedSet]) -> Mapping[Kind, Sequence[Record]]:
    """Return the records of sets, which share them, with some items of each of their kinds hidden from history."""
    records = sets[0].records
    for judged in sets:
        records = hide_history(replace(judged, records=records, questions=()))[0].records
    return records


def _later(records: OwnRecords) -> tuple[dict[UsedKind, JudgedSet], Split]:
    try:
        split = split_cases(records.corpus.cases)
    except ValueError as error:
        raise TooLittleHistoryError(f"{error}; {_told(records, {})}") from error
    taught = replace(split, history=tuple(records.taught[case.id] for case in split.history))
    found = judged_sets(NAME, records.corpus, taught)
    return {kind: judged for judged in found for kind in USED_KINDS if judged.kind == kind}, split


def _too_few(inner: JudgedSet | None, later: JudgedSet | None) -> str | None:
    fits, judges = (len(judged.questions) if judged else 0 for judged in (inner, later))
    if judges < MIN_QUESTIONS or fits < MIN_QUESTIONS:
        return (
            f"found {fits} questions to learn from and {judges} to judge by, expected at least {MIN_QUESTIONS} of each"
        )
    if inner is not None and not used_in_history(inner):
        return "found no use of it in the earlier cases, expected some to learn from"
    return None


def _told(records: OwnRecords, left_out: Mapping[UsedKind, str]) -> str:
    named = ", ".join(f"{labels.given} name {kind}" for kind, labels in records.labels().items())
    why = "".join(f"; {kind}: {reason}" for kind, reason in left_out.items())
    return (
        f"found {len(records.solved)} solved cases, of which {named}{why}. A ranker can be learned from some "
        f"{_needed():,} solved cases on that name what they used and when they were opened: go on with the shipped "
        "one until then"
    )


def _needed() -> int:
    """Return how many cases it takes for the last fifth of the first four fifths to ask enough, one question a case."""
    return -(-MIN_QUESTIONS * 25 // 4)
