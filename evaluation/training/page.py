"""The scorecard as one HTML file without scripts, for whoever looks after the knowledge base."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from evaluation.plotting import Plot, PlotName, draw_plot
from evaluation.report import page_environment
from evaluation.training.curve import CurvePoint
from evaluation.training.judge import CONTENT, LEARNED, METRICS, SHIPPED, Share
from evaluation.training.scorecard import Scorecard

# Each ranker has its colour, line and marker, so that a print in grey can be read.
_LOOKS = {LEARNED: ("#0b4a8f", "-", "o"), SHIPPED: ("#d55e00", "--", "s")}


def scorecard_page(card: Scorecard) -> str:
    """Return the page; everything of the scorecard is in it, and nothing else."""
    return (
        page_environment()
        .get_template("scorecard.html.j2")
        .render(
            card=card,
            curves={
                kind: curve_plot(kind, each.curve, each.judgement.systems[CONTENT]["P@1"])
                for kind, each in card.kinds.items()
            },
            metrics=METRICS,
            learned=LEARNED,
            shipped=SHIPPED,
        )
    )


def curve_plot(kind: str, curve: Sequence[CurvePoint], content: Share) -> Plot:
    """Draw P@1 with its interval over the number of cases, and that of content alone as a level."""
    places = range(len(curve))
    name = PlotName(
        id=f"curve-{kind}",
        title=f"Learning curve: {kind}",
        description="How often the first item is right, by how many of the newest cases are history",
    )

    def draw(axes: Axes) -> None:
        axes.axhline(content.mean, color="#6f6f6f", linewidth=1.2, linestyle=(0, (2, 2)), label="content alone")
        for ranker in curve[0].rankers:
            colour, line, marker = _LOOKS[ranker]
            shares = [point.rankers[ranker] for point in curve]
            for place, each in zip(places, shares, strict=True):
                axes.plot([place] * 2, each.ci95, color=colour, linewidth=1.2)
            means = [each.mean for each in shares]
            axes.plot(places, means, color=colour, linestyle=line, marker=marker, linewidth=2, label=ranker)
        axes.set_xticks(list(places), [f"{point.cases:,}" for point in curve])
        axes.set_ylim(0, 1.02)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.set_xlabel("newest solved cases in history")
        axes.set_ylabel("first item right")
        axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), handlelength=3.2)

    return draw_plot(name, draw)
