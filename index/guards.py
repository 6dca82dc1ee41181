"""Why a change does not happen though nothing failed: a guard held it, or what was made is not good enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from corpus.models import KINDS, Kind

if TYPE_CHECKING:  # commands name these errors, and only some of them open a store
    from corpus.diff import CorpusDiff

FEW_RECORDS = 5
"""So few records may always go: in a small corpus a single one is a large share."""

_SHOWN_IDS = 5


class RefusedError(RuntimeError):
    """A guard refused a change; nothing was written. Commands end with exit code 3 on it."""


class NotGoodEnoughError(RuntimeError):
    """What was made may not serve; what served before goes on. Commands end with exit code 4 on it.

    ``details`` are lines for a person, free of any text of a case.
    """

    def __init__(self, message: str, details: tuple[str, ...] = ()) -> None:
        super().__init__("\n".join((message, *details)))
        self.details = details


def check_shrinking(
    difference: CorpusDiff, live: Mapping[Kind, int], limit_percent: int, *, force: bool = False
) -> Mapping[str, object]:
    """Raise ``RefusedError`` when an import removes too much, unless it is forced; return what the audit tells of that.

    That is nothing unless it is forced, then ``{"force": True, "passed_over": ["shrink_guard"]}``, or ``[]`` where the
    guard would have let it pass. ``live`` counts the live records of each kind before it. Too much are at least five
    records that make more than ``limit_percent`` of those of their kind.
    """
    told = [
        f"{len(ids)} of {live[kind]} {kind} ({len(ids) / live[kind]:.0%}: {', '.join(ids[:_SHOWN_IDS])}"
        f"{', …' if len(ids) > _SHOWN_IDS else ''})"
        for kind in KINDS
        if len(ids := difference.removed[kind]) >= FEW_RECORDS and len(ids) * 100 > limit_percent * live[kind]
    ]
    if force:
        return {"force": True, "passed_over": ["shrink_guard"] if told else []}
    if told:
        raise RefusedError(
            f"this import would remove {' and '.join(told)}, expected at most {limit_percent} % of a kind "
            "(ASSIST_SHRINK_LIMIT): nothing was written. Complete the folder; or import only what it names with "
            "MODE=upsert (`--mode upsert`); or, if that many are meant to go, repeat with FORCE=1 (`--force`)"
        )
    return {}
