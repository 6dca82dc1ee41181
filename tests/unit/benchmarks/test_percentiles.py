"""Many times become a few figures."""

from __future__ import annotations

import pytest

from benchmarks.percentiles import by_stage, percentiles, timed


def test_percentiles_lie_between_the_times_in_proportion() -> None:
    found = percentiles([float(number) for number in range(101)])
    assert found == {"n": 101, "mean": 50.0, "p50": 50.0, "p95": 95.0, "p99": 99.0}


def test_the_order_of_times_does_not_matter() -> None:
    assert percentiles([3.0, 1.0, 2.0]) == percentiles([1.0, 2.0, 3.0])


def test_one_time_is_every_percentile() -> None:
    assert percentiles([7.5]) == {"n": 1, "mean": 7.5, "p50": 7.5, "p95": 7.5, "p99": 7.5}


def test_no_times_are_refused() -> None:
    with pytest.raises(ValueError, match="found no times"):
        percentiles([])


def test_stages_are_summed_up_each_for_itself() -> None:
    found = by_stage([{"encode": 1.0, "history": 5.0}, {"encode": 3.0}])
    assert (found["encode"]["n"], found["encode"]["p50"], found["history"]["n"]) == (2, 2.0, 1)


def test_everything_is_timed_once_a_round() -> None:
    seen: list[str] = []
    times = timed(seen.append, ["a", "b"], rounds=3)
    assert seen == ["a", "b"] * 3
    assert len(times) == 6
    assert min(times) >= 0
