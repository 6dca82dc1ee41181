"""Ours against every other system over many sets: what each part of the suggester gives, and each baseline lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from evaluation.bootstrap import Floats, GroupBootstrap, Interval, percentiles
from evaluation.judged import family_of
from evaluation.per_query import Outcome
from evaluation.results import OURS
from evaluation.significance import macro_interval, macro_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Ours less another system in the mean of one metric, over the sets that both answered.

    ``sets`` is the mean of sets, ``families`` the mean over families of the means of their sets, both with grouped
    95 % intervals. ``ahead`` and ``behind`` name the sets whose own interval lies wholly above or below 0.
    """

    system: str
    count: int
    sets: float
    sets_ci95: Interval
    families: float
    families_ci95: Interval
    ahead: tuple[str, ...]
    behind: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Paired:
    mean: float
    replicates: Floats

    @property
    def interval(self) -> Interval:
        return percentiles(self.replicates)


def contrasts(outcomes: Mapping[str, Sequence[Outcome]], metric: str) -> Iterator[Contrast]:
    """Yield ours against each other system, in order of name; ``outcomes`` go by the name of the set."""
    names = sorted({each.system for every in outcomes.values() for each in every} - {OURS})
    for system in names:
        paired = {name: _paired(every, system, metric) for name, every in sorted(outcomes.items())}
        there = {name: each for name, each in paired.items() if each is not None}
        if there:
            yield _contrast(system, there)


def _contrast(system: str, paired: Mapping[str, _Paired]) -> Contrast:
    means = {name: each.mean for name, each in paired.items()}
    replicates = {name: each.replicates for name, each in paired.items()}
    families = {name: family_of(name) for name in paired}
    return Contrast(
        system=system,
        count=len(paired),
        sets=fsum(means.values()) / len(means),
        sets_ci95=percentiles(np.mean(list(replicates.values()), axis=0)),
        families=macro_mean(means, families),
        families_ci95=macro_interval(replicates, families),
        ahead=tuple(name for name, each in paired.items() if each.interval.low > 0),
        behind=tuple(name for name, each in paired.items() if each.interval.high < 0),
    )


def _paired(outcomes: Sequence[Outcome], system: str, metric: str) -> _Paired | None:
    ours = {each.question: each for each in outcomes if each.system == OURS}
    theirs = {each.question: each for each in outcomes if each.system == system}
    if not theirs or ours.keys() != theirs.keys():
        return None
    ids = sorted(ours)
    differences = [ours[each].metrics[metric] - theirs[each].metrics[metric] for each in ids]
    bootstrap = GroupBootstrap([ours[each].group for each in ids])
    return _Paired(fsum(differences) / len(ids), bootstrap.means(differences))
