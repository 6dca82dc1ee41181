"""How a figure becomes inline SVG that is the same, byte by byte, whenever the numbers are.

Texts stay texts: they can be searched, and take the font of the page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "stichwort",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.labelcolor": "#222222",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e3e3e3",
    "grid.linewidth": 0.7,
    "xtick.color": "#333333",
    "ytick.color": "#333333",
    "legend.frameon": False,
}
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A figure of the report: ``svg`` is safe to put into a page, ``heading`` names it."""

    svg: str
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotName:
    """``id`` makes the ids of a figure unique within a page (letters, digits, hyphens); ``title`` is read aloud."""

    id: str
    title: str
    description: str


def draw_plot(name: PlotName, draw: Callable[[Axes], None], *, width: float = 6.4, height: float = 3.6) -> Plot:
    """Let ``draw`` fill the axes of a new figure, ``width`` by ``height`` inches, and return it as SVG."""
    with mpl.rc_context():
        # The settings of this machine or user must not show.
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.add_subplot())
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata=_NO_METADATA)
    return Plot(svg=_inline(written.getvalue(), name), heading=name.title)


def _inline(svg: str, name: PlotName) -> str:
    """Return the ``<svg>`` element alone, with unique ids, a title and a description for screen readers."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>", "", body, flags=re.DOTALL)
    body = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name.id}-", body)
    opening, _, rest = body.partition(">")
    size = re.search(r'viewBox="[^"]*"', opening)
    if size is None:
        raise ValueError("found an SVG without viewBox, expected one as matplotlib writes it")
    title, description = f"{name.id}-title", f"{name.id}-desc"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size.group()} '
        f'role="img" aria-labelledby="{title} {description}"><title id="{title}">{escape(name.title)}</title>'
        f'<desc id="{description}">{escape(name.description)}</desc>{rest}'
    )
