"""The plots of a report.

Systems differ by line style and marker before they differ by colour, so that a print in grey can be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from corpus.wilson import wilson
from evaluation.coverage import CoveragePoint
from evaluation.plotting import Plot, PlotName, draw_plot
from evaluation.reliability import Bin
from evaluation.results import OURS, SYSTEMS, Abstention, SystemScores, in_order

_INK, _FAINT = "#111111", "#6f6f6f"
# Colours that colour-blind readers tell apart (Okabe and Ito), of differing lightness; each with its line and marker.
_LOOKS = (
    ("#0b4a8f", "-", "o"),
    ("#56a0d3", "--", "o"),
    ("#999999", ":", "x"),
    ("#d55e00", "-.", "s"),
    ("#009e73", "--", "^"),
    ("#cc79a7", ":", "D"),
    ("#b8860b", "-", "v"),
    ("#6a3d9a", "-.", "P"),
    ("#444444", "--", "*"),
    ("#7f4f24", ":", "X"),
)


def systems_plot(name: PlotName, systems: Mapping[str, SystemScores], metric: str) -> Plot:
    """Draw one line per system: its mean and 95 % interval."""
    names = in_order(systems)

    def draw(axes: Axes) -> None:
        for row, system in enumerate(names):
            colour = _LOOKS[0][0] if system == OURS else _FAINT
            mean, (low, high) = systems[system].means[metric], systems[system].ci95[metric]
            axes.plot([low, high], [row, row], color=colour, linewidth=2.4, solid_capstyle="butt")
            axes.plot(mean, row, marker="o" if system == OURS else "s", color=colour, markersize=7)
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_xlim(0, 1)
        axes.set_xlabel(metric)
        axes.grid(visible=False, axis="y")

    return draw_plot(name, draw, height=0.9 + 0.3 * len(names))


def coverage_plot(name: PlotName, systems: Mapping[str, Sequence[CoveragePoint]]) -> Plot:
    """Draw how often the first item is right among the questions answered most confidently."""

    def draw(axes: Axes) -> None:
        axes.axhline(0.9, color=_FAINT, linewidth=1, linestyle=(0, (2, 2)))
        for system in in_order(systems):
            points = sorted(systems[system], key=lambda point: point.coverage)
            _line(axes, system, [each.coverage for each in points], [each.precision for each in points])
        _shares(axes, "questions answered", "first item right")
        _legend(axes)

    return draw_plot(name, draw)


def reliability_plot(name: PlotName, bins: Sequence[Bin]) -> Plot:
    """Draw how often first items of about the same confidence are right, with 95 % intervals, beside the diagonal."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=_FAINT, linewidth=1, linestyle=(0, (2, 2)))
        for each in bins:
            axes.plot([each.confidence] * 2, wilson(each.precision, each.n), color=_LOOKS[0][0], linewidth=1.4)
        axes.plot(
            [each.confidence for each in bins],
            [each.precision for each in bins],
            color=_LOOKS[0][0],
            marker="o",
            linestyle="none",
        )
        _shares(axes, "confidence stated", "first item right")

    return draw_plot(name, draw)


def recall_plot(name: PlotName, systems: Mapping[str, Mapping[int, float]]) -> Plot:
    """Draw the share of relevant items among the first k."""
    depths = sorted({depth for recall in systems.values() for depth in recall})

    def draw(axes: Axes) -> None:
        for system in in_order(systems):
            _line(axes, system, sorted(systems[system]), [systems[system][depth] for depth in sorted(systems[system])])
        axes.set_xscale("log")
        axes.set_xticks(depths, [str(depth) for depth in depths])
        axes.set_xticks([], minor=True)
        axes.set_ylim(0, 1.02)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.set_xlabel("items looked at (k)")
        axes.set_ylabel("relevant items found")
        _legend(axes)

    return draw_plot(name, draw)


def abstention_plot(name: PlotName, systems: Mapping[str, Abstention]) -> Plot:
    """Draw suggestions where nothing fits against answerable questions answered; squares are shipped thresholds."""

    def draw(axes: Axes) -> None:
        axes.axvline(0.8, color=_FAINT, linewidth=1, linestyle=(0, (2, 2)))
        for system in in_order(systems):
            points = sorted(systems[system].curve, key=lambda point: (point.answered, point.false_suggestions))
            _line(axes, system, [each.answered for each in points], [each.false_suggestions for each in points])
            shipped = systems[system].shipped
            if shipped is not None:
                axes.plot(
                    shipped.answered, shipped.false_suggestions, marker="s", markersize=9, color=_INK, fillstyle="none"
                )
        _shares(axes, "answerable questions answered", "false suggestions")
        _legend(axes)

    return draw_plot(name, draw)


def _line(axes: Axes, system: str, x: Sequence[float], y: Sequence[float]) -> None:
    place = SYSTEMS.index(system) if system in SYSTEMS else len(_LOOKS) - 1
    colour, line, marker = _LOOKS[place]
    axes.plot(
        x,
        y,
        color=colour,
        linestyle=line,
        marker=marker,
        markersize=4.5,
        markevery=max(1, len(x) // 8),
        linewidth=2.4 if system == OURS else 1.4,
        zorder=3 if system == OURS else 2,
        label=system,
    )


def _shares(axes: Axes, x: str, y: str) -> None:
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_xlabel(x)
    axes.set_ylabel(y)


def _legend(axes: Axes) -> None:
    axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), handlelength=3.2)
