"""The report of an evaluation: one HTML file without scripts that opens offline and prints well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evaluation.bootstrap import Interval
from evaluation.figures import figures
from evaluation.metrics import METRICS
from evaluation.plotting import Plot
from evaluation.results import OURS, Contrast, EvaluationResults, KindResults, RankedItem, in_order
from evaluation.significance import Comparison

CONTRASTS = 20


def render_report(results: EvaluationResults, *, with_text: bool = False) -> str:
    """Return the page. Texts of cases and titles of items are in it only ``with_text``; everything is escaped."""
    shown = results if with_text else _without_text(results)
    return (
        page_environment()
        .get_template("report.html.j2")
        .render(
            results=shown,
            figures={kind: figures(kind, each) for kind, each in shown.kinds.items()},
            metrics=METRICS,
            ours=OURS,
            limit=CONTRASTS,
            with_text=with_text,
        )
    )


def write_report(path: Path, results: EvaluationResults, *, with_text: bool = False) -> None:
    """Write the page as UTF-8."""
    path.write_text(render_report(results, with_text=with_text), encoding="utf-8")


def verdict(comparison: Comparison) -> str:
    """Say in words what the interval of a difference shows.

    >>> verdict(Comparison(baseline="cc", diff=0.02, ci95=Interval(-0.01, 0.05), p=0.2))
    'not shown to differ from'
    """
    if comparison.ci95.low > 0:
        return "ahead of"
    return "behind" if comparison.ci95.high < 0 else "not shown to differ from"


def page_environment() -> Environment:
    """Return what renders the pages of `evaluation/templates`; everything is escaped but drawings."""
    environment = Environment(
        loader=PackageLoader("evaluation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        share=_share,
        signed=_signed,
        span=_span,
        p_value=_p_value,
        milliseconds=_milliseconds,
        words=_words,
        in_order=in_order,
        summands=_summands,
        verdict=verdict,
        drawing=_drawing,
    )
    return environment


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")


def _span(interval: Interval | None, *, signed: bool = False) -> str:
    if interval is None:
        return "–"
    low, high = (_signed(end) if signed else _share(end) for end in interval)
    return f"{low} to {high}"


def _p_value(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _milliseconds(value: float) -> str:
    digits = 0 if value >= 10 else 1 if value >= 1 else 2
    return f"{value:,.{digits}f}"


def _words(name: str) -> str:
    """Make a name such as ``similar_cases`` readable."""
    return name.replace("_", " ")


def _summands(items: Iterable[RankedItem]) -> list[str]:
    """Return what adds to any of the scores, in the order of first appearance."""
    return list(dict.fromkeys(name for item in items for name in item.contributions))


def _drawing(plot: Plot) -> Markup:
    # The one thing that is not escaped here: matplotlib and `plotting` have escaped every text in it.
    return Markup(plot.svg)  # noqa: S704


def _without_text(results: EvaluationResults) -> EvaluationResults:
    return replace(results, kinds={kind: _kind_without_text(each) for kind, each in results.kinds.items()})


def _kind_without_text(kind: KindResults) -> KindResults:
    return replace(
        kind,
        losses=tuple(_contrast_without_text(each) for each in kind.losses),
        wins=tuple(_contrast_without_text(each) for each in kind.wins),
    )


def _contrast_without_text(contrast: Contrast) -> Contrast:
    return replace(contrast, text=None, items=tuple(replace(item, title=None) for item in contrast.items))
