"""The space of past cases, with a few that changed, came or went since the snapshot."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.models import Case
from index.case_space import CaseSpace, told_by
from index.delta_history import Heirs, overlaid_head, overlaid_history
from index.delta_reading import ReadCase
from index.exact import ExactIndex
from index.hits import Ids
from index.layered_items import placed, with_others
from index.layered_vectors import LayeredVectors
from index.layered_words import overlaid_lexicons
from index.lines import Overlaid
from index.situations import UsedKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChanges:
    """What changed of cases: ``read`` by row, new rows behind the last, and the rows that nobody may see any more."""

    read: Mapping[int, ReadCase]
    hidden: Sequence[int]

    @classmethod
    def of(cls, base: CaseSpace, read: Iterable[ReadCase], hidden: Iterable[str]) -> CaseChanges:
        """Place changed cases where the snapshot has them, and new ones behind it, ordered by id."""
        ordered = list(read)
        rows = placed(base.row_of, [each.case.id for each in ordered])
        return cls(
            read=dict(sorted(zip(rows, ordered, strict=True), key=lambda pair: pair[0])),
            hidden=[base.row_of[each] for each in hidden if each in base.row_of],
        )


def overlaid_cases(base: CaseSpace, changes: CaseChanges, heirs: Mapping[UsedKind, Heirs]) -> CaseSpace:
    """Return the space with its changes, and its history as it concerns the items of now."""
    read = changes.read
    size = max([len(base.cases), *(row + 1 for row in read)])
    touched: dict[int, Case] = {row: each.case for row, each in read.items()}
    touched |= {row: replace(base.cases[row], audience=()) for row in changes.hidden}
    lived = [replace(situation, case=row) for row, each in read.items() for situation in each.lived]
    return replace(
        base,
        cases=Overlaid(base.cases, touched),
        ids=with_others(base.ids, {row: case.id for row, case in touched.items()}),
        row_of={**base.row_of, **{case.id: row for row, case in touched.items()}},
        masks=base.masks.overlaid(touched, size),
        history=overlaid_history(base, heirs, lived, list(read)),
        situations=_situations(base, read) if read else base.situations,
        lexicons=overlaid_lexicons(base.lexicons, {row: each.words for row, each in read.items()}),
        heads={kind: overlaid_head(head, heirs[kind]) for kind, head in base.heads.items()},
        told=Overlaid(base.told, {row: told_by(each.case) for row, each in read.items()}),
        openings=base.openings.overlaid({row: each.opening for row, each in read.items()}, size),
        resolutions=base.resolutions.overlaid({row: each.resolution for row, each in read.items()}, size),
    )


def _situations(base: CaseSpace, read: Mapping[int, ReadCase]) -> LayeredVectors:
    """Add the situations of changed cases behind the others; those that they had before are never found again."""
    nothing = np.zeros((0, base.situations.dimension), dtype=np.float32)
    vectors = np.concatenate([nothing, *(each.vectors for each in read.values())])
    origin = np.concatenate([np.arange(base.situations.size), -1 - np.arange(len(vectors))])
    gone = np.flatnonzero(np.isin(base.history.case_of, np.fromiter(read, dtype=np.int64)))
    return LayeredVectors(base.situations, ExactIndex(vectors), origin, gone, ranks=_ranks(base, read))


def _ranks(base: CaseSpace, read: Mapping[int, ReadCase]) -> Ids:
    """Rank situations by the ids of their cases: of cases that say the same, the first one votes, in every index."""
    fresh = [each for each in read.values() for _ in each.lived]
    # A new situation comes just before that of the snapshot which it would have pushed on.
    rows = [bisect_left(base.ids, each.case.id) for each in fresh]
    pushed = np.searchsorted(base.history.case_of, rows) * (len(fresh) + 1)
    by_id = np.argsort([each.case.id for each in fresh], kind="stable") if fresh else np.zeros(0, dtype=np.int64)
    place = np.empty(len(fresh), dtype=np.int64)
    place[by_id] = np.arange(len(fresh))
    old = np.arange(base.situations.size) * (len(fresh) + 1)
    return np.concatenate([old, pushed - len(fresh) + place]).astype(np.int64)
