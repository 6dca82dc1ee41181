"""The passage study in means over sets and over families, and how far each setting lies from what ships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.bootstrap import GroupBootstrap
from evaluation.metrics import mean
from evaluation.paired import Difference, Paired, over_families
from evaluation.passage_study import Measured, Tried
from evaluation.significance import macro_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One setting of one system on one set: the ``mean``, and the ``difference`` of what was ``tried`` to what ships.

    ``changed`` counts the questions that it answered better or worse than what ships.
    """

    tried: Tried
    questions: int
    changed: int
    mean: float
    difference: Paired


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over several sets, and its difference to that of what ships."""

    mean: float
    difference: Difference


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
    over_sets: Mean
    over_families: Mean


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
        members.setdefault((cell.tried.part, cell.tried.setting, cell.tried.system), []).append(cell)
    return [_summary(*key, some) for key, some in members.items()]


def _cell(measured: Measured, ids: Sequence[str], bootstrap: GroupBootstrap) -> Cell:
    differences = [measured.values[each] - measured.ships[each] for each in ids]
    return Cell(
        tried=measured.tried,
        questions=len(ids),
        changed=sum(difference != 0 for difference in differences),
        mean=mean(measured.values),
        difference=Paired.of(differences, bootstrap),
    )


def _summary(part: str, setting: str, system: str, cells: Sequence[Cell]) -> Summary:
    return Summary(
        part=part,
        setting=setting,
        system=system,
        sets=len(cells),
        passages=sum(cell.tried.passages for cell in cells),
        questions=sum(cell.questions for cell in cells),
        changed=sum(cell.changed for cell in cells),
        over_sets=_mean(cells, {cell.tried.dataset: cell.tried.dataset for cell in cells}),
        over_families=_mean(cells, {cell.tried.dataset: cell.tried.family for cell in cells}),
    )


def _mean(cells: Sequence[Cell], families: Mapping[str, str]) -> Mean:
    return Mean(
        mean=macro_mean({cell.tried.dataset: cell.mean for cell in cells}, families),
        difference=over_families({cell.tried.dataset: cell.difference for cell in cells}, families),
    )
