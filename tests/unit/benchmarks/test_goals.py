"""Each goal stands beside what was found, and is held only where that can be said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.goals import goals
from benchmarks.results import Result
from tests.unit.benchmarks.measured import found, result, results

Worsen = Callable[[dict[str, Any]], None]


def _missed(part: str, worsen: Worsen) -> list[str]:
    worse = found()
    worsen(worse[part])
    return [each.what for each in goals({part: result(part, worse[part])}) if each.held is False]


def test_goals_that_are_reached_are_held() -> None:
    assert {each.held for each in goals(results())} == {True}


def test_without_results_no_goal_is_left_out_and_none_is_held() -> None:
    found_nothing = goals({})
    assert len(found_nothing) == len(goals(results()))
    assert {(each.found, each.held) for each in found_nothing} == {("not measured", None)}


WORSE: dict[str, tuple[str, Worsen]] = {
    "whole service / encoding": ("suggest", lambda each: each.update(ratio=1.51)),
    "one suggestion, 95th": ("suggest", lambda each: each.update(p95_over_p50=3.1)),
    "int8 / PyTorch": ("encoder", lambda each: each["pytorch"]["ratio"].update({"100": 0.51})),
    "cosine": ("encoder", lambda each: each["pytorch"]["cosine"].update(mean=0.98)),
    "the encoder alone sustains": ("throughput", lambda each: each["steps"][1].update(share_of_encoder=0.89)),
    "errors": ("throughput", lambda each: each["steps"][1].update(errors=1)),
    "batch rate": ("build", lambda each: each.update(share_of_encoder=0.89)),
    "share of a full build": ("build", lambda each: each.update(share_of_full=0.11)),
    "recall@50": ("search", lambda each: each["sizes"][0]["recall"].update(all=0.979)),
    "start to ready": ("start", lambda each: each["sizes"][1].update(seconds_to_ready=[4.0, 6.1])),
    "worker, 100,000": ("start", lambda each: each["sizes"][1]["resident_mb_per_worker"].update(most=1_501.0)),
    "worker, 10,000": ("start", lambda each: each["sizes"][0]["resident_mb_per_worker"].update(most=801.0)),
    "PyTorch in a serving": ("start", lambda each: each["sizes"][0].update(torch_loaded=True)),
}


@pytest.mark.parametrize("goal", WORSE)
def test_a_worse_figure_misses_its_goal_and_no_other(goal: str) -> None:
    (missed,) = _missed(*WORSE[goal])
    assert goal in missed


def test_a_slow_search_misses_the_goal_with_and_without_a_filter_each_for_itself() -> None:
    def slow(each: dict[str, Any]) -> None:
        times = each["sizes"][0]["milliseconds"]
        each["sizes"][0]["milliseconds"] = {**times, "filtered": {**times["filtered"], "whole": {"p95": 10.1}}}

    assert _missed("search", slow) == ["the same with a filter that keeps 1 %"]


@pytest.mark.parametrize(
    ("part", "other_size"),
    [
        ("suggest", lambda each: each.update(passages=200)),
        ("throughput", lambda each: each.update(steps=each["steps"][:1])),
        ("search", lambda each: each["sizes"][0].update(passages=60_000)),
    ],
)
def test_at_another_size_than_that_of_the_goal_nothing_is_said(part: str, other_size: Worsen) -> None:
    other = found()
    other_size(other[part])
    assert {each.found for each in goals({part: result(part, other[part])})} == {"not measured"}


def test_recall_is_never_judged_by_random_vectors() -> None:
    random = found()
    random["search"]["sizes"][0].update(vectors="random", recall=None)
    told = {
        each.what: each.held for each in goals({"search": result("search", random["search"])}) if each.part == "search"
    }
    assert told["recall@50 against exact search, 100,000 passages"] is None
    assert told["search stage, 100,000 passages (95th percentile)"] is True


def test_with_the_toy_encoder_figures_are_shown_and_no_goal_is_held() -> None:
    shown = goals(results(encoder="toy"))
    assert {each.held for each in shown} == {None}
    assert "not measured" not in {each.found for each in shown}


def test_a_part_that_failed_holds_no_goal() -> None:
    whole = result("build", {})
    failed = Result(
        **{name: getattr(whole, name) for name in Result.__dataclass_fields__ if name != "failed"}, failed="no"
    )
    assert {each.held for each in goals({"build": failed})} == {None}
