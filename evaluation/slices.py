"""Where a system is good and where not: means by language, length and whatever else questions are told apart by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.bootstrap import REPLICATES, SEED, Interval, intervals
from evaluation.metrics import PerQuestion, mean
from evaluation.questions import Question

# The mean of fewer questions says more about those questions than about the system.
SMALLEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceMeans:
    """Means and intervals by metric over the ``n`` questions of a slice; both are empty where n is below 10."""

    n: int
    means: Mapping[str, float]
    ci95: Mapping[str, Interval]


def slice_means(
    questions: Sequence[Question], measured: PerQuestion, *, seed: int = SEED, replicates: int = REPLICATES
) -> dict[str, dict[str, SliceMeans]]:
    """Return the means by the name of the slice and its value, both in order: ``{"language": {"de": …}}``.

    A question without a value for a name is in none of its slices.
    """
    members: dict[str, dict[str, list[Question]]] = {}
    for question in questions:
        for name, value in question.slices.items():
            members.setdefault(name, {}).setdefault(value, []).append(question)
    return {
        name: {value: _means(by_value[value], measured, seed, replicates) for value in sorted(by_value)}
        for name, by_value in sorted(members.items())
    }


def _means(questions: Sequence[Question], measured: PerQuestion, seed: int, replicates: int) -> SliceMeans:
    if len(questions) < SMALLEST:
        return SliceMeans(n=len(questions), means={}, ci95={})
    groups = {question.id: question.group for question in questions}
    return SliceMeans(
        n=len(questions),
        means={
            metric: mean({question: values[question] for question in groups})
            for metric, values in measured.values.items()
        },
        ci95=intervals(measured.values, groups, seed=seed, replicates=replicates),
    )
