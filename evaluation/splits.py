"""Parting solved cases: what had closed before a moment is history, what opened at it or after is asked.

The moment is the ``opened_at`` of case ``floor(0.8 n)``, counted from 0 over the solved cases in the order of their
opening. A case with a ``split`` of its own goes where that says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from corpus.models import Case

TEST_SHARE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """``history`` and ``tests`` in the order of their opening; ``facts`` and ``dropped`` as in ``JudgedSet``."""

    history: tuple[Case, ...]
    tests: tuple[Case, ...]
    facts: Mapping[str, str | int | float]
    dropped: Mapping[str, int]


def split_cases(cases: Sequence[Case], *, newest: int | None = None) -> Split:
    """Part the solved cases; ``newest`` looks at only so many of the newest.

    A case that neither had closed before the split nor opened at or after it belongs to neither and is counted.
    Raises ``ValueError`` when there is no case to ask about, or no time to part the cases by.
    """
    solved = sorted((case for case in cases if case.is_solved_history), key=_order)[-(newest or 0) :]
    cut = _cut(solved)
    tests = tuple(case for case in solved if _is_test(case, cut))
    history = tuple(case for case in solved if _is_history(case, cut))
    if not tests:
        raise ValueError(
            f"found {len(solved)} solved cases and none to ask about, expected some that opened late or have the split "
            "test: give cases closed_at and opened_at, or a split"
        )
    return Split(
        history=history,
        tests=tests,
        facts=_facts(solved, history, tests, cut),
        dropped={
            "not solved": sum(not case.is_solved_history for case in cases),
            "closed after the split": len(solved) - len(history) - len(tests),
        },
    )


def _cut(solved: Sequence[Case]) -> datetime | None:
    opened = [case.opened_at for case in solved if case.opened_at is not None]
    without = [case.id for case in solved if case.split is None]
    if without and not opened:
        raise ValueError(
            f"found no opened_at in any of {len(solved)} solved cases and no split in {len(without)} (such as "
            f"{without[0]}), expected one of them: give opened_at, or the split train or test"
        )
    # in whole numbers, as 0.8 is no binary fraction
    return opened[4 * len(opened) // 5] if without else None


def _is_test(case: Case, cut: datetime | None) -> bool:
    if case.split is not None:
        return case.split == "test"
    return cut is not None and case.opened_at is not None and case.opened_at >= cut


def _is_history(case: Case, cut: datetime | None) -> bool:
    if case.split is not None:
        return case.split == "train"
    return cut is not None and not _is_test(case, cut) and case.closed_at is not None and case.closed_at < cut


def _facts(
    solved: Sequence[Case], history: Sequence[Case], tests: Sequence[Case], cut: datetime | None
) -> Mapping[str, str | int | float]:
    own = sum(case.split is not None for case in solved)
    facts: dict[str, str | int | float] = {
        "by": "time" if own == 0 else "field" if own == len(solved) else "time and field",
        "solved_cases": len(solved),
        "history_cases": len(history),
        "test_cases": len(tests),
    }
    return facts if cut is None else {**facts, "at": cut.isoformat(), "test_share": TEST_SHARE}


def _order(case: Case) -> tuple[float, str]:
    # A solved case has closed_at; times are compared as seconds, as zones differ.
    moment = case.opened_at or case.closed_at
    return (moment.timestamp() if moment else 0.0, case.id)
