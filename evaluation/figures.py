"""Which plots a kind of item gets in the report, and what they say in words."""

from __future__ import annotations

from evaluation import plots
from evaluation.plotting import Plot, PlotName
from evaluation.results import KindResults, in_order


def figures(kind: str, results: KindResults) -> dict[str, Plot]:
    """Return the figures there is something to draw for, by name; ``kind`` makes their ids unique in a page."""
    drawn = {
        "systems": _systems(kind, results) if results.systems else None,
        "coverage": _coverage(kind, results) if results.precision_coverage else None,
        "reliability": _reliability(kind, results) if results.reliability else None,
        "recall": _recall(kind, results) if results.recall_by_k else None,
        "abstention": _abstention(kind, results) if results.abstention else None,
    }
    return {name: plot for name, plot in drawn.items() if plot is not None}


def _systems(kind: str, results: KindResults) -> Plot:
    systems, metric = results.systems, results.metric
    means = (f"{name} {systems[name].means[metric]:.3f}" for name in in_order(systems))
    return plots.systems_plot(_name(kind, "systems", f"{metric} by system", "; ".join(means)), systems, metric)


def _coverage(kind: str, results: KindResults) -> Plot:
    description = (
        "The share of first items that are right when only the most confidently answered questions count; the dotted "
        f"line is 90 %. Systems: {', '.join(in_order(results.precision_coverage))}."
    )
    return plots.coverage_plot(
        _name(kind, "coverage", "Precision against coverage", description), results.precision_coverage
    )


def _reliability(kind: str, results: KindResults) -> Plot:
    bins = (f"stated {each.confidence:.2f}, right {each.precision:.2f}" for each in results.reliability)
    return plots.reliability_plot(
        _name(kind, "reliability", "Reliability of the confidence", "; ".join(bins)), results.reliability
    )


def _recall(kind: str, results: KindResults) -> Plot:
    recalls = (
        f"{name} " + ", ".join(f"{share:.2f} at {k}" for k, share in sorted(results.recall_by_k[name].items()))
        for name in in_order(results.recall_by_k)
    )
    return plots.recall_plot(_name(kind, "recall", "Recall by depth", "; ".join(recalls)), results.recall_by_k)


def _abstention(kind: str, results: KindResults) -> Plot:
    rates = (
        f"{name}: {results.abstention[name].false_at_80:.2f} false suggestions at 80 % answered"
        for name in in_order(results.abstention)
    )
    return plots.abstention_plot(
        _name(kind, "abstention", "False suggestions against questions answered", "; ".join(rates)), results.abstention
    )


def _name(kind: str, figure: str, title: str, description: str) -> PlotName:
    return PlotName(id=f"{kind.replace('_', '-')}-{figure}", title=title, description=description)
