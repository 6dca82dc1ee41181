"""The solved cases most like this one, as one request sees them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.choosing import distinct, near_matrix
from assist.understanding import Understanding
from assist.votes import Neighbours, neighbours
from index.background import Average
from index.case_space import CaseSpace
from index.filters import Mask
from index.history import Uses
from index.vectors import Hits

# A case of many turns has many situations; enough of them are fetched to meet the wanted number of distinct cases.
SITUATIONS_FETCHED = 120
# Each kind leaves out cases of its own; of so many situations enough are left, mostly, and are not searched for again.
_SITUATIONS_SEARCHED = 480
CASES_KEPT = 15
# More cases are worth a look than vote: of those that say the same only one is shown.
CASES_TO_SHOW_FROM = 30
STATES_KEPT = 30
TEMPERATURE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """History as far as the caller may see it.

    ``nearest`` holds the best situation of each near case, ``states`` the nearest situations whatever their case,
    ``meaning`` (float32, one for each near case) the cosine in standard deviations above the background ``average``.
    ``showable`` are more near cases, of which some are shown, and ``repeats`` (m, m) tells which of these say the same:
    of such only the nearest is among ``nearest`` and votes, for what was written again is no second opinion.
    ``searched`` are the nearest situations of the visible cases, more than are looked at.
    """

    space: CaseSpace
    visible: Mask
    nearest: Neighbours
    states: Neighbours
    showable: Neighbours
    repeats: Mask
    average: Average
    meaning: NDArray[np.float32]
    searched: Hits

    @property
    def eligible(self) -> int:
        """How many solved cases there were to choose from."""
        return int(np.count_nonzero(self.visible))

    @property
    def nearness(self) -> float:
        """How far the nearest case stands out from the background, in standard deviations; 0 without any."""
        return float(self.meaning[0]) if self.meaning.size else 0.0


def look_back(space: CaseSpace, case: Understanding, *, without: Collection[str] = ()) -> Past:
    """Find the solved cases nearest to a case, among those that its caller may see and that had closed before.

    Cases whose ids are in ``without`` count as if history lacked them.
    """
    request = case.request
    visible = space.masks.visible(request.audiences, closed_before=case.as_of, without=request.case.id)
    visible[[space.row_of[each] for each in without if each in space.row_of]] = False
    searched = space.nearest(case.vector, visible, depth=_SITUATIONS_SEARCHED)
    return _of(space, visible, searched, space.average(case.vector))


def past_with_uses(past: Past, case: Understanding, uses: Uses, seen: Mask) -> Past:
    """Return the past without the cases in which nothing was used, as far as anybody knows who sees the items ``seen``.

    What was used in a case may just not have been logged. Such a case says nothing, and least of all that history is
    near and long.
    """
    telling = np.zeros_like(past.visible)
    telling[uses.case[seen[uses.item]]] = True
    telling &= past.visible
    if np.array_equal(telling, past.visible):
        return past
    return _of(past.space, telling, _searched(past, case, telling), past.average)


def _searched(past: Past, case: Understanding, visible: Mask) -> Hits:
    """Return the nearest situations of fewer cases than those of a past: those that it has, as far as they suffice."""
    have, case_of = past.searched, past.space.history.case_of
    kept = visible[case_of[have.ids]]
    complete = have.ids.size == np.count_nonzero(past.visible[case_of])
    if complete or np.count_nonzero(kept) >= SITUATIONS_FETCHED:
        return Hits(have.ids[kept], have.scores[kept])
    return past.space.nearest(case.vector, visible, depth=SITUATIONS_FETCHED)


def _of(space: CaseSpace, visible: Mask, searched: Hits, average: Average) -> Past:
    ids, cosines = searched.ids[:SITUATIONS_FETCHED], searched.scores[:SITUATIONS_FETCHED]
    rows = space.history.case_of[ids].astype(np.int64)
    states = neighbours(ids, rows, cosines, count=STATES_KEPT, temperature=TEMPERATURE, one_per_case=False)
    showable = neighbours(ids, rows, cosines, count=CASES_TO_SHOW_FROM, temperature=TEMPERATURE, one_per_case=True)
    repeats = near_matrix([space.openings.of(row) for row in showable.cases.tolist()])
    nearest = showable.at(distinct(repeats)[:CASES_KEPT])
    return Past(
        space=space,
        visible=visible,
        nearest=nearest,
        states=states,
        showable=showable,
        repeats=repeats,
        average=average,
        meaning=average.standing(nearest.cosines),
        searched=searched,
    )
