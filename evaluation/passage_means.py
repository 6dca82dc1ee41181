"""Means of settings over sets and over families, and how far each lies from what ships, with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.bootstrap import Floats, GroupBootstrap, Interval, percentiles
from evaluation.metrics import mean
from evaluation.passage_study import Measured
from evaluation.significance import macro_interval, macro_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """A mean, and its paired difference to what ships (this less that) with the 95 % interval of that difference."""

    mean: float
    diff: float
    ci95: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One setting of one system on one set.

    ``changed`` counts the questions that it answered better or worse than what ships; ``draws`` are differences of the
    mean by resample of the questions: (replicates,).
    """

    part: str
    setting: str
    system: str
    dataset: str
    family: str
    encoder: str
    passages: int
    questions: int
    changed: int
    result: Paired
    draws: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One setting of one system on several sets; passages, questions and those that changed are sums.

    In ``over_sets`` every set weighs the same, in ``over_families`` every family.
    """

    part: str
    setting: str
    system: str
    sets: int
    passages: int
    questions: int
    changed: int
    over_sets: Paired
    over_families: Paired


def cells_of(measured: Sequence[Measured]) -> list[Cell]:
    """Pair everything that was measured on one set, in its order, on the same resamples of groups of questions."""
    if not measured:
        return []
    groups = measured[0].groups
    ids = sorted(groups)
    bootstrap = GroupBootstrap([groups[each] for each in ids])
    return [_cell(each, ids, bootstrap) for each in measured]


def summaries(cells: Sequence[Cell]) -> list[Summary]:
    """Return the summary of each setting and system over the sets of the cells, in the order of the cells."""
    members: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in cells:
        members.setdefault((cell.part, cell.setting, cell.system), []).append(cell)
    return [_summary(*key, some) for key, some in members.items()]


def _cell(measured: Measured, ids: Sequence[str], bootstrap: GroupBootstrap) -> Cell:
    differences = [measured.values[each] - measured.ships[each] for each in ids]
    draws = bootstrap.means(differences)
    return Cell(
        part=measured.part,
        setting=measured.setting,
        system=measured.system,
        dataset=measured.dataset,
        family=measured.family,
        encoder=measured.encoder,
        passages=measured.passages,
        questions=len(ids),
        changed=sum(difference != 0 for difference in differences),
        result=Paired(
            mean=mean(measured.values),
            diff=mean(dict(zip(ids, differences, strict=True))),
            ci95=percentiles(draws),
        ),
        draws=draws,
    )


def _summary(part: str, setting: str, system: str, cells: Sequence[Cell]) -> Summary:
    return Summary(
        part=part,
        setting=setting,
        system=system,
        sets=len(cells),
        passages=sum(cell.passages for cell in cells),
        questions=sum(cell.questions for cell in cells),
        changed=sum(cell.changed for cell in cells),
        over_sets=_paired(cells, {cell.dataset: cell.dataset for cell in cells}),
        over_families=_paired(cells, {cell.dataset: cell.family for cell in cells}),
    )


def _paired(cells: Sequence[Cell], families: Mapping[str, str]) -> Paired:
    return Paired(
        mean=macro_mean({cell.dataset: cell.result.mean for cell in cells}, families),
        diff=macro_mean({cell.dataset: cell.result.diff for cell in cells}, families),
        ci95=macro_interval({cell.dataset: cell.draws for cell in cells}, families),
    )
