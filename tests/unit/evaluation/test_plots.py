from __future__ import annotations

import matplotlib as mpl

from evaluation.bootstrap import Interval
from evaluation.plots import reliability_plot, systems_plot
from evaluation.plotting import PlotName
from evaluation.reliability import Bin
from evaluation.results import SystemScores

NAME = PlotName(id="fig", title="<Title>", description="what it shows")


def test_names_of_systems_stay_texts() -> None:
    scores = SystemScores(n=1, means={"P@1": 0.5}, ci95={"P@1": Interval(0.4, 0.6)})
    svg = systems_plot(NAME, {"<b>$a_1$": scores}, "P@1").svg
    assert "&lt;b&gt;$a_1$</text>" in svg
    assert "&lt;Title&gt;</title>" in svg


def test_settings_of_the_machine_do_not_show() -> None:
    bins = [Bin(n=5, confidence=0.5, precision=0.4)]
    plain = reliability_plot(NAME, bins).svg
    with mpl.rc_context({"lines.linewidth": 9.0, "font.size": 30.0, "axes.facecolor": "red"}):
        assert reliability_plot(NAME, bins).svg == plain


def test_a_figure_names_no_date_and_no_maker() -> None:
    svg = reliability_plot(NAME, [Bin(n=5, confidence=0.5, precision=0.4)]).svg
    assert "metadata" not in svg
    assert "atplotlib v" not in svg
