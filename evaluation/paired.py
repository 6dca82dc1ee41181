"""How two answers to the same questions differ in the mean: over one set, and over the sets of many families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from evaluation.bootstrap import Floats, GroupBootstrap, Interval, percentiles
from evaluation.significance import macro_interval, macro_mean


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean of paired differences with its 95 % interval, by bootstrap over groups."""

    mean: float
    ci95: Interval


@dataclass(frozen=True, slots=True)
class Paired:
    """The mean of the paired differences of one set, and what it is in each resample of its groups: (replicates,)."""

    mean: float
    draws: Floats

    @classmethod
    def of(cls, differences: Sequence[float], bootstrap: GroupBootstrap) -> Paired:
        """Pair the questions of a set, in the order of the groups that the bootstrap was made of."""
        return cls(fsum(differences) / len(differences), bootstrap.means(differences))

    @property
    def ci95(self) -> Interval:
        """The interval of the mean."""
        return percentiles(self.draws)


def over_sets(paired: Mapping[str, Paired]) -> Difference:
    """Return the mean over sets by name; every set weighs the same."""
    return over_families(paired, {name: name for name in paired})


def over_families(paired: Mapping[str, Paired], families: Mapping[str, str]) -> Difference:
    """Return the mean over families of the means of their sets; both arguments go by the name of the set."""
    return Difference(
        mean=macro_mean({name: each.mean for name, each in paired.items()}, families),
        ci95=macro_interval({name: each.draws for name, each in paired.items()}, families),
    )
