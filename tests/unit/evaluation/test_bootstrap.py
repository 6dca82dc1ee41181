from __future__ import annotations

import json
from math import sqrt
from time import perf_counter

import numpy as np
import pytest

from evaluation.bootstrap import GroupBootstrap, Interval, intervals

# Efron and Tibshirani, An Introduction to the Bootstrap, 1993, table 2.1: survival of treated mice, in days.
MICE = (94, 197, 16, 38, 99, 141, 23)


def _alone(count: int) -> list[str]:
    return [f"q{number}" for number in range(count)]


def test_the_standard_error_is_that_of_the_mice_of_efron_and_tibshirani() -> None:
    """Table 2.2 there: the bootstrap standard error of the mean of the treated mice tends to 23.36."""
    means = GroupBootstrap(_alone(len(MICE)), seed=1, replicates=50_000).means(MICE)
    assert np.std(means) == pytest.approx(23.36, rel=0.02)


def test_the_interval_is_the_analytic_one_for_a_mean_of_many() -> None:
    """Of n questions with a share p right, the normal interval is p -+ 1.96 sqrt(p (1 - p) / n)."""
    right = np.repeat([1.0, 0.0], [600, 400])
    low, high = GroupBootstrap(_alone(1000), seed=2, replicates=20_000).interval(right)
    half = 1.96 * sqrt(0.6 * 0.4 / 1000)
    assert low == pytest.approx(0.6 - half, abs=0.0015)
    assert high == pytest.approx(0.6 + half, abs=0.0015)


def test_copies_within_a_group_do_not_narrow_the_interval() -> None:
    values = np.random.default_rng(3).random(60)
    single = GroupBootstrap(_alone(60), seed=4).interval(values)
    copied = GroupBootstrap(_alone(60) * 5, seed=4).interval(np.tile(values, 5))
    torn = GroupBootstrap(_alone(300), seed=4).interval(np.tile(values, 5))
    assert copied == pytest.approx(single)
    assert torn.high - torn.low < 0.6 * (single.high - single.low)


def test_a_mean_is_over_the_questions_of_the_drawn_groups() -> None:
    """Groups of one question (0) and of three (1): a resample has a mean of 0, 3/4 or 1, with chances 1/4, 1/2, 1/4."""
    bootstrap = GroupBootstrap(["a", "b", "b", "b"], seed=5, replicates=4000)
    values, counts = np.unique(bootstrap.means([0, 1, 1, 1]), return_counts=True)
    assert values.tolist() == [0.0, 0.75, 1.0]
    assert (counts / 4000).tolist() == pytest.approx([0.25, 0.5, 0.25], abs=0.03)


def test_the_order_of_questions_does_not_matter_and_the_seed_decides() -> None:
    values = np.random.default_rng(6).random(40)
    groups = [f"g{number % 17}" for number in range(40)]
    order = np.random.default_rng(7).permutation(40)
    straight = GroupBootstrap(groups, seed=8).interval(values)
    shuffled = GroupBootstrap([groups[each] for each in order], seed=8).interval(values[order])
    assert shuffled == pytest.approx(straight)
    assert GroupBootstrap(groups, seed=8).interval(values) == straight
    assert GroupBootstrap(groups, seed=9).interval(values) != straight


def test_a_paired_interval_is_that_of_the_differences() -> None:
    base = np.random.default_rng(10).random(200)
    bootstrap = GroupBootstrap(_alone(200), seed=11)
    assert bootstrap.difference(base + 0.05, base) == pytest.approx((0.05, 0.05))
    assert bootstrap.difference(base, base) == Interval(0.0, 0.0)


def test_intervals_go_by_metric_over_the_questions_asked_for() -> None:
    values = {"P@1": {"a": 1.0, "b": 1.0, "other": 0.0}}
    assert intervals(values, {"a": "g", "b": "h"}, seed=1) == {"P@1": Interval(1.0, 1.0)}


def test_an_interval_is_a_list_in_json() -> None:
    assert json.dumps(Interval(0.25, 0.5)) == "[0.25, 0.5]"


def test_a_large_set_is_resampled_in_well_under_a_second() -> None:
    values = np.random.default_rng(12).random(1300)
    began = perf_counter()
    GroupBootstrap(_alone(1300)).interval(values)
    assert perf_counter() - began < 1.0


def test_what_cannot_be_drawn_from_is_refused() -> None:
    with pytest.raises(ValueError, match="found no questions"):
        GroupBootstrap([])
    with pytest.raises(ValueError, match=r"found values of shape \(3,\), expected one for each of 2"):
        GroupBootstrap(["a", "b"]).means([1, 2, 3])
