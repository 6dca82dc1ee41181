"""Plots of what was found, drawn from results files alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matplotlib.axes import Axes

from benchmarks.plan import Found
from benchmarks.results import Result, reading
from evaluation.plotting import PlotName, draw_plot

# Colours that colour-blind readers tell apart, and another line and marker for each.
_LOOKS = (
    ("#0b4a8f", "-", "o"),
    ("#d55e00", "--", "s"),
    ("#009e73", ":", "^"),
    ("#6a3d9a", "-.", "D"),
    ("#444444", "-", "x"),
)

_Draw = Callable[[Axes, Found], None]


def plots_of(results: Mapping[str, Result]) -> dict[str, str]:
    """Return SVG by part, for those parts that have a plot and were measured."""
    return {
        part: _plot(part, results[part].found) for part in _PLOTS if part in results and results[part].failed is None
    }


def _plot(part: str, found: Found) -> str:
    title, draw = _PLOTS[part]
    with reading(part):
        return draw_plot(
            PlotName(id=part, title=title, description=f"Drawn from {part}.json"), lambda axes: draw(axes, found)
        ).svg


def _encoder(axes: Axes, found: Found) -> None:
    series = {f"int8, {threads} threads": times for threads, times in found["milliseconds"].items()}
    if found["pytorch"]["compared"]:
        series[f"PyTorch fp32, {found['pytorch']['threads']} threads"] = found["pytorch"]["milliseconds"]
    for look, (name, times) in zip(_LOOKS, series.items(), strict=False):
        _line(axes, [int(words) for words in times], [each["p50"] for each in times.values()], name, look)
    axes.set_xlabel("words")
    axes.set_ylabel("median, ms")
    axes.legend()


def _search(axes: Axes, found: Found) -> None:
    sizes = [size["passages"] for size in found["sizes"]]
    for look, (name, mask) in zip(_LOOKS, (("all", "all"), ("filter keeps 1 %", "filtered")), strict=False):
        for part, style in (("p50", "-"), ("p95", ":")):
            values = [size["milliseconds"][mask]["whole"][part] for size in found["sizes"]]
            _line(axes, sizes, values, f"{name}, {part}", (look[0], style, look[2]))
    axes.set_xscale("log")
    axes.set_xlabel("passages")
    axes.set_ylabel("search stage, ms")
    axes.legend()


def _throughput(axes: Axes, found: Found) -> None:
    clients = [step["clients"] for step in found["steps"]]
    _line(axes, clients, [step["per_second"] for step in found["steps"]], "answers a second", _LOOKS[0])
    best = max(found["encoder_alone_per_second"].values())
    axes.axhline(best, color="#6f6f6f", linestyle="--", label="the encoder alone")
    axes.set_xscale("log", base=2)
    axes.set_xticks(clients, [str(each) for each in clients])
    axes.set_ylim(bottom=0)
    axes.set_xlabel("clients")
    axes.legend()


def _side_by_side(axes: Axes, found: Found) -> None:
    names = list(dict.fromkeys(name for asked in found["sets"] for name in asked["systems"]))
    for look, name in zip(_LOOKS, names, strict=False):
        measured = [asked["systems"][name] for asked in found["sets"] if "failed" not in asked["systems"][name]]
        times = [each["milliseconds"]["p50"] for each in measured]
        axes.plot(times, [each["nDCG@10"] for each in measured], look[2], color=look[0], label=name)
    axes.set_xscale("log")
    axes.set_xlabel("a question, median ms")
    axes.set_ylabel("nDCG@10")
    axes.legend()


def _line(axes: Axes, x: list[int], y: list[float], label: str, look: tuple[str, str, str]) -> None:
    colour, style, marker = look
    axes.plot(x, y, linestyle=style, marker=marker, color=colour, label=label)


_PLOTS: Mapping[str, tuple[str, _Draw]] = {
    "encoder": ("One text alone through the encoder", _encoder),
    "search": ("The search stage by size of the corpus", _search),
    "throughput": ("Answers a second by clients", _throughput),
    "side-by-side": ("Time and precision of systems over the same documents", _side_by_side),
}
