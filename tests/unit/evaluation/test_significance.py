from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from evaluation.bootstrap import GroupBootstrap, Interval
from evaluation.significance import (
    Comparison,
    against_best,
    corrected,
    family_means,
    holm,
    macro_interval,
    macro_mean,
    randomisation_p,
)

# Darwin's maize, cross- less self-fertilised, in eighths of an inch: Fisher, The Design of Experiments, 1935.
MAIZE = (49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48)


def _alone(count: int) -> list[str]:
    return [f"q{number}" for number in range(count)]


def _exact(differences: tuple[float, ...]) -> float:
    """The share of all ways to sign the differences whose sum is at least as far from zero."""
    sums = np.array(list(product((-1, 1), repeat=len(differences)))) @ np.array(differences)
    return float(np.mean(np.abs(sums) >= abs(sum(differences)) - 1e-9))


def test_the_p_value_is_that_of_fishers_maize() -> None:
    """Fisher, section 21: 863 of the 32768 ways to sign the differences reach 314 eighths, on either side: 5.267 %."""
    assert _exact(MAIZE) == 2 * 863 / 32768
    assert randomisation_p(MAIZE, _alone(15), seed=1, permutations=100_000) == pytest.approx(0.05267, abs=0.002)


def test_it_agrees_with_full_enumeration_where_values_are_tied() -> None:
    differences = (1.0, 1.0, 0.0, 1.0, -1.0, 0.5, 0.5, 0.0, 1.0)
    found = randomisation_p(differences, _alone(9), seed=2, permutations=50_000)
    assert found == pytest.approx(_exact(differences), abs=0.007)


def test_the_p_value_is_never_zero() -> None:
    assert randomisation_p([1.0] * 100, _alone(100), permutations=999) == 1 / 1000


def test_systems_that_answer_alike_do_not_differ() -> None:
    assert randomisation_p([0.0] * 5, _alone(5), permutations=99) == 1.0


def test_questions_of_one_group_are_turned_together() -> None:
    """Four conversations, each better throughout: 2 of 16 ways are as extreme, however many questions they have."""
    groups = [f"conversation {number % 4}" for number in range(40)]
    assert randomisation_p([0.3] * 40, groups, seed=3, permutations=50_000) == pytest.approx(2 / 16, abs=0.005)


def test_under_no_difference_p_values_are_evenly_spread() -> None:
    chance = np.random.default_rng(4)
    found = [
        randomisation_p(chance.normal(size=30), _alone(30), seed=number, permutations=199) for number in range(400)
    ]
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=0.03)
    assert np.mean(np.array(found) <= 0.5) == pytest.approx(0.5, abs=0.08)


def test_holm_of_the_example_of_wikipedia() -> None:
    """Wikipedia, "Holm-Bonferroni method", example: .01 .04 .03 .005 at .05; H1 and H4 are rejected, H2 and H3 not."""
    adjusted = holm({"H1": 0.01, "H2": 0.04, "H3": 0.03, "H4": 0.005})
    assert adjusted == pytest.approx({"H1": 0.03, "H2": 0.06, "H3": 0.06, "H4": 0.02})
    assert {name for name, p in adjusted.items() if p < 0.05} == {"H1", "H4"}


def test_holm_never_exceeds_one_and_leaves_a_single_test_alone() -> None:
    assert holm({"a": 0.6, "b": 0.7}) == {"a": 1.0, "b": 1.0}
    assert holm({"a": 0.04}) == {"a": 0.04}
    assert holm({}) == {}


def _values(*numbers: float) -> dict[str, float]:
    return {f"q{number}": value for number, value in enumerate(numbers)}


GROUPS = {f"q{number}": f"g{number}" for number in range(4)}


def test_the_baseline_with_the_highest_mean_is_the_one_to_beat() -> None:
    baselines = {"bm25": _values(0, 0, 1, 0), "dense": _values(1, 0, 1, 0), "popularity": _values(0, 0, 0, 0)}
    found = against_best(_values(1, 1, 1, 0), baselines, GROUPS, seed=5)
    assert found.baseline == "dense"
    assert found.diff == pytest.approx(0.25)
    assert found.ci95.low <= 0.25 <= found.ci95.high
    # Only one question differs, and it may as well have gone the other way.
    assert found.p == 1.0


def test_of_equal_baselines_the_first_by_name_is_taken() -> None:
    same = _values(1, 0, 1, 0)
    assert against_best(same, {"rrf": same, "cc": same}, GROUPS, permutations=9) == Comparison(
        baseline="cc", diff=0.0, ci95=Interval(0.0, 0.0), p=1.0
    )


def test_a_comparison_does_not_depend_on_the_order_of_questions() -> None:
    chance = np.random.default_rng(6)
    system, baseline = (dict(_values(*chance.random(50))) for _ in range(2))
    groups = {name: f"g{number % 20}" for number, name in enumerate(system)}
    turned = against_best(dict(reversed(system.items())), {"bm25": baseline}, groups)
    assert turned == against_best(system, {"bm25": baseline}, groups)


def test_systems_asked_different_questions_are_not_compared() -> None:
    with pytest.raises(ValueError, match="baseline bm25: found other questions"):
        against_best(_values(1, 0), {"bm25": _values(1)}, GROUPS)
    with pytest.raises(ValueError, match="found no baseline"):
        against_best(_values(1, 0), {}, GROUPS)


def test_comparisons_made_together_are_corrected_together() -> None:
    one = Comparison(baseline="cc", diff=0.1, ci95=Interval(0.0, 0.2), p=0.01)
    other = Comparison(baseline="cc", diff=0.1, ci95=Interval(0.0, 0.2), p=0.04)
    found = corrected({"articles": one, "templates": other})
    assert {kind: each.p for kind, each in found.items()} == pytest.approx({"articles": 0.02, "templates": 0.04})
    assert found["articles"].ci95 == one.ci95


FAMILIES = {"adobe_en": "adobe", "adobe_de": "adobe", "cwa_de": "cwa"}


def test_families_weigh_the_same_however_many_sets_they_have() -> None:
    values = {"adobe_en": 1.0, "adobe_de": 0.5, "cwa_de": 0.25}
    assert family_means(values, FAMILIES) == {"adobe": 0.75, "cwa": 0.25}
    assert macro_mean(values, FAMILIES) == 0.5


def test_the_macro_mean_has_an_interval_about_it() -> None:
    chance = np.random.default_rng(7)
    values = {name: chance.random(100) for name in FAMILIES}
    replicates = {
        name: GroupBootstrap(_alone(100), seed=number).means(each) for number, (name, each) in enumerate(values.items())
    }
    low, high = macro_interval(replicates, FAMILIES)
    # Variance of uniform values is 1/12; families weigh a half, the sets of adobe a quarter each.
    error = np.sqrt((1 / 16 + 1 / 16 + 1 / 4) / 12 / 100)
    middle = macro_mean({name: float(each.mean()) for name, each in values.items()}, FAMILIES)
    assert (low, high) == pytest.approx((middle - 1.96 * error, middle + 1.96 * error), abs=0.008)
