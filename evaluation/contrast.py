"""Ours against every other system over many sets: what each part of the suggester gives, and each baseline lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluation.bootstrap import GroupBootstrap
from evaluation.judged import family_of
from evaluation.paired import Difference, Paired, over_families, over_sets
from evaluation.per_query import Outcome
from evaluation.results import OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Ours less another system in the mean of one metric, over the sets that both answered.

    ``sets`` is the mean of sets, ``families`` the mean over families of the means of their sets. ``ahead`` and
    ``behind`` name the sets whose own interval lies wholly above or below 0.
    """

    system: str
    count: int
    sets: Difference
    families: Difference
    ahead: tuple[str, ...]
    behind: tuple[str, ...]


def contrasts(outcomes: Mapping[str, Sequence[Outcome]], metric: str) -> Iterator[Contrast]:
    """Yield ours against each other system, in order of name; ``outcomes`` go by the name of the set."""
    names = sorted({each.system for every in outcomes.values() for each in every} - {OURS})
    for system in names:
        paired = {name: _paired(every, system, metric) for name, every in sorted(outcomes.items())}
        there = {name: each for name, each in paired.items() if each is not None}
        if there:
            yield _contrast(system, there)


def _contrast(system: str, paired: Mapping[str, Paired]) -> Contrast:
    return Contrast(
        system=system,
        count=len(paired),
        sets=over_sets(paired),
        families=over_families(paired, {name: family_of(name) for name in paired}),
        ahead=tuple(name for name, each in paired.items() if each.ci95.low > 0),
        behind=tuple(name for name, each in paired.items() if each.ci95.high < 0),
    )


def _paired(outcomes: Sequence[Outcome], system: str, metric: str) -> Paired | None:
    ours = {each.question: each for each in outcomes if each.system == OURS}
    theirs = {each.question: each for each in outcomes if each.system == system}
    if not theirs or ours.keys() != theirs.keys():
        return None
    ids = sorted(ours)
    differences = [ours[each].metrics[metric] - theirs[each].metrics[metric] for each in ids]
    return Paired.of(differences, GroupBootstrap([ours[each].group for each in ids]))
