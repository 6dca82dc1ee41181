"""Two folders of results side by side: what B reaches beyond A, metric by metric."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from evaluation.bootstrap import SEED, Interval
from evaluation.metrics_file import rounded
from evaluation.pairing import pairs
from evaluation.result_folder import ResultFolder, ResultsError
from evaluation.results import OURS, in_order
from evaluation.significance import randomisation_p


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One metric of one system in both runs.

    ``questions`` counts the paired ones; where it is 0 the two runs kept no common questions,
    so there is no interval and no p-value. ``p`` is of one test alone, not corrected for their number.
    """

    system: str
    kind: str
    metric: str
    a: float
    b: float
    questions: int = 0
    interval: Interval | None = None
    p: float | None = None

    @property
    def difference(self) -> float:
        """What B reaches beyond A (-1 to 1)."""
        return self.b - self.a


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """All changes between runs A and B on one set, and the fingerprints in which they differ."""

    dataset: str
    changes: tuple[Change, ...]
    fingerprints: tuple[str, ...]


def compare(
    a: ResultFolder,
    b: ResultFolder,
    *,
    seed: int = SEED,
    systems: tuple[str, ...] = (OURS,),
) -> RunComparison:
    """Compare two runs on the same set. Raises ``ResultsError`` for different sets or when they share no metric."""
    if a.dataset != b.dataset:
        raise ResultsError(f"found runs on {a.dataset} and {b.dataset}; expected two runs on the same set")
    changes = tuple(_changes(a, b, seed, systems))
    if not changes:
        raise ResultsError(f"found no metric of {', '.join(systems)} in both runs; expected a system that both ran")
    return RunComparison(dataset=a.dataset, changes=changes, fingerprints=_differing(a, b))


def comparison_table(comparison: RunComparison) -> Table:
    """Return the comparison for a terminal."""
    table = Table(title=f"{comparison.dataset}: A against B", caption=_caption(comparison))
    for heading in ("kind", "system", "metric"):
        table.add_column(heading, no_wrap=True)
    for heading in ("A", "B", "B - A", "95 % interval", "p"):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in comparison.changes:
        table.add_row(
            each.kind, each.system, each.metric, f"{each.a:.3f}", f"{each.b:.3f}", f"{each.difference:+.3f}",
            "" if each.interval is None else f"[{each.interval[0]:+.3f}, {each.interval[1]:+.3f}]",
            "" if each.p is None else f"{each.p:.4f}",
        )  # fmt: skip
    return table


def comparison_results(comparison: RunComparison) -> dict[str, Any]:
    """Return the comparison for a program: system -> kind -> metric -> a, b, difference, ci95, p, questions."""
    systems: dict[str, Any] = {}
    for each in comparison.changes:
        systems.setdefault(each.system, {}).setdefault(each.kind, {})[each.metric] = {
            "a": each.a,
            "b": each.b,
            "difference": each.difference,
            "ci95": each.interval,
            "p": each.p,
            "questions": each.questions,
        }
    whole: dict[str, Any] = rounded(
        {"dataset": comparison.dataset, "systems": systems, "differing_fingerprints": comparison.fingerprints},
        "comparison",
    )
    return whole


def _changes(
    a: ResultFolder,
    b: ResultFolder,
    seed: int,
    systems: tuple[str, ...],
) -> Iterator[Change]:
    for system in in_order(dict.fromkeys(systems)):
        for kind, metric in a.measured(system):
            paired = pairs(b, a, system=system, kind=kind, metric=metric)
            before, after = a.value(system, kind, metric), b.value(system, kind, metric)
            if paired is not None:
                yield Change(
                    system=system,
                    kind=kind,
                    metric=metric,
                    a=paired.old,
                    b=paired.new,
                    questions=len(paired.groups),
                    interval=paired.interval(seed),
                    p=randomisation_p(paired.differences, paired.groups, seed=seed),
                )
            elif before is not None and after is not None:
                yield Change(system=system, kind=kind, metric=metric, a=before, b=after)


def _differing(a: ResultFolder, b: ResultFolder) -> tuple[str, ...]:
    mine, theirs = a.metrics.get("fingerprints", {}), b.metrics.get("fingerprints", {})
    return tuple(sorted(key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)))


def _caption(comparison: RunComparison) -> str:
    paired = {each.questions for each in comparison.changes if each.questions}
    said = f"paired questions: {', '.join(map(str, sorted(paired)))}" if paired else "questions could not be paired"
    differing = ", ".join(comparison.fingerprints) or "none"
    return f"{said}; differing fingerprints: {differing}; p of each test alone"
