"""Two runs over the same questions: what one reached beyond the other, question by question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluation.bootstrap import Floats, GroupBootstrap, Interval
from evaluation.result_folder import ResultFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The questions that both runs asked: means of both, differences new - old (n,), and groups (n names)."""

    new: float
    old: float
    differences: Floats
    groups: tuple[str, ...]

    def interval(self, seed: int) -> Interval:
        """Return the 95 % interval of the mean difference."""
        return GroupBootstrap(self.groups, seed=seed).interval(self.differences)


def pairs(new: ResultFolder, old: ResultFolder, *, system: str, kind: str, metric: str) -> Pairs | None:
    """Pair the questions of two runs by id; ``None`` where a run kept no single questions or they share none."""
    mine, theirs = new.outcomes.get((kind, system), {}), old.outcomes.get((kind, system), {})
    common = sorted(mine.keys() & theirs.keys())
    if not common:
        return None
    after = np.array([mine[question].metrics[metric] for question in common], dtype=np.float64)
    before = np.array([theirs[question].metrics[metric] for question in common], dtype=np.float64)
    return Pairs(
        new=float(after.mean()),
        old=float(before.mean()),
        differences=after - before,
        groups=tuple(mine[question].group for question in common),
    )
