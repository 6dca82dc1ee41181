"""Whether a system really beats the best baseline: paired randomisation, Holm's correction, means over families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np
from numpy.typing import ArrayLike

from evaluation.bootstrap import REPLICATES, SEED, Floats, GroupBootstrap, Interval, percentiles
from evaluation.metrics import mean

PERMUTATIONS = 10_000
# Sums that differ by rounding alone count as equal.
ROUNDING = 1e-9
_BLOCK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A system against the best baseline: ``diff`` is the mean of the system less that of the baseline."""

    baseline: str
    diff: float
    ci95: Interval
    p: float


def randomisation_p(
    differences: ArrayLike, groups: Sequence[str], *, seed: int = SEED, permutations: int = PERMUTATIONS
) -> float:
    """Return the two-sided p-value of a mean difference, by flipping the sign of whole groups of questions.

    ``differences`` (n,) are paired, system less baseline. Were the two alike, each group's difference would as well
    have come out the other way round (Fisher, The Design of Experiments, 1935, section 21; for search systems Smucker,
    Allan and Carterette, CIKM 2007). With b of n random flips at least as far from zero as what was seen, p is
    (b + 1) / (n + 1): never zero (Phipson and Smyth, 2010).
    """
    names, group = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.bincount(group, weights=np.asarray(differences, dtype=np.float64), minlength=len(names))
    # A group that both answered alike says nothing, whichever way it is turned.
    sums = sums[np.abs(sums) > ROUNDING]
    seen = abs(float(sums.sum())) - ROUNDING
    chance = np.random.default_rng(seed)
    extreme = 0
    for start in range(0, permutations, _BLOCK):
        flips = chance.integers(2, size=(min(_BLOCK, permutations - start), sums.size), dtype=np.int8)
        # The sum with the flipped groups turned round is the whole less twice theirs.
        turned = sums.sum() - 2.0 * (flips @ sums)
        extreme += int(np.count_nonzero(np.abs(turned) >= seen))
    return (extreme + 1) / (permutations + 1)


def against_best(
    system: Mapping[str, float],
    baselines: Mapping[str, Mapping[str, float]],
    groups: Mapping[str, str],
    *,
    seed: int = SEED,
    replicates: int = REPLICATES,
    permutations: int = PERMUTATIONS,
) -> Comparison:
    """Compare a system with the baseline of the highest mean (of equals, the first by name).

    ``system`` and each of ``baselines`` hold the values of one metric by question id, ``groups`` the group of each
    question. Raises ``ValueError`` without baselines, or where one was asked other questions than the system.
    """
    if not baselines:
        raise ValueError("found no baseline, expected at least one to compare with")
    for name, values in baselines.items():
        if values.keys() != system.keys():
            raise ValueError(f"baseline {name}: found other questions than the system's; measure both on the same set")
    best = min(baselines, key=lambda name: (-mean(baselines[name]), name))
    ids = sorted(system)
    differences = np.array([system[each] - baselines[best][each] for each in ids])
    names = [groups[each] for each in ids]
    return Comparison(
        baseline=best,
        diff=fsum(differences) / len(ids),
        ci95=GroupBootstrap(names, seed=seed, replicates=replicates).interval(differences),
        p=randomisation_p(differences, names, seed=seed, permutations=permutations),
    )


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return p-values adjusted for there being several: significant at a level where the adjusted one is below it.

    Step-down: the i-th smallest of m is multiplied by m - i + 1, and none may be smaller than one before it
    (Holm, Scandinavian Journal of Statistics 6, 1979).
    """
    adjusted: dict[str, float] = {}
    reached = 0.0
    for rank, name in enumerate(sorted(p_values, key=lambda name: (p_values[name], name))):
        reached = max(reached, min(1.0, (len(p_values) - rank) * p_values[name]))
        adjusted[name] = reached
    return {name: adjusted[name] for name in p_values}


def corrected(comparisons: Mapping[str, Comparison]) -> dict[str, Comparison]:
    """Return the comparisons with their p-values adjusted by ``holm`` for all that were made together."""
    adjusted = holm({name: each.p for name, each in comparisons.items()})
    return {name: replace(each, p=adjusted[name]) for name, each in comparisons.items()}


def family_means(values: Mapping[str, float], families: Mapping[str, str]) -> dict[str, float]:
    """Return the mean of each family's sets, families by name; both arguments go by the name of the set."""
    members: dict[str, list[float]] = {}
    for name, value in values.items():
        members.setdefault(families[name], []).append(value)
    return {family: fsum(members[family]) / len(members[family]) for family in sorted(members)}


def macro_mean(values: Mapping[str, float], families: Mapping[str, str]) -> float:
    """Return the mean over families of the mean over their sets: many sets of one origin weigh as one."""
    means = family_means(values, families)
    return fsum(means.values()) / len(means)


def macro_interval(replicates: Mapping[str, Floats], families: Mapping[str, str]) -> Interval:
    """Return the interval of ``macro_mean`` from ``GroupBootstrap.means`` (replicates,) of each set."""
    members: dict[str, list[Floats]] = {}
    for name, means in replicates.items():
        members.setdefault(families[name], []).append(means)
    return percentiles(np.mean([np.mean(members[family], axis=0) for family in sorted(members)], axis=0))
