from __future__ import annotations

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from evaluation.bootstrap import Floats
from evaluation.reliability import Bin, calibration_error, null_error, reliability_bins


def _certain(values: list[float]) -> Floats:
    return np.array(values, dtype=np.float64)


def test_the_error_is_that_of_the_example_of_torchmetrics() -> None:
    """TorchMetrics, BinaryCalibrationError: .25 .25 .55 .75 .75 with targets 0 0 1 1 1 and two bins give .2900.

    Its bins are of equal width; those of equal mass hold the same questions here.
    """
    bins = reliability_bins(_certain([0.25, 0.25, 0.55, 0.75, 0.75]), np.array([0, 0, 1, 1, 1], dtype=np.bool_), 2)
    assert [each.n for each in bins] == [2, 3]
    assert calibration_error(bins) == pytest.approx(0.29, abs=5e-5)


def test_the_bins_are_those_of_scikit_learn_by_quantile() -> None:
    chance = np.random.default_rng(1)
    confidences = chance.random(300)
    right = chance.random(300) < confidences
    precision, confidence = calibration_curve(right, confidences, n_bins=15, strategy="quantile")
    bins = reliability_bins(confidences, right)
    assert [each.n for each in bins] == [20] * 15
    assert [each.precision for each in bins] == pytest.approx(precision.tolist())
    assert [each.confidence for each in bins] == pytest.approx(confidence.tolist())


def test_bins_of_any_number_of_questions_hold_nearly_as_many() -> None:
    confidences = np.random.default_rng(2).random(1000)
    sizes = [each.n for each in reliability_bins(confidences, confidences > 0.5)]
    assert len(sizes) == 15
    assert set(sizes) <= {66, 67}


def test_equal_confidences_share_a_bin_whatever_their_order() -> None:
    confidences = _certain([0.5] * 40 + [0.9] * 20)
    right = np.arange(60) % 2 == 0
    bins = reliability_bins(confidences, right)
    assert [(each.n, each.confidence) for each in bins] == [(40, 0.5), (20, pytest.approx(0.9))]
    order = np.random.default_rng(3).permutation(60)
    assert reliability_bins(confidences[order], right[order]) == bins


def test_a_constant_confidence_errs_by_its_distance_from_the_base_rate() -> None:
    right = np.repeat([True, False], [30, 70])
    assert calibration_error(reliability_bins(np.full(100, 0.5), right)) == pytest.approx(0.2)
    assert calibration_error(reliability_bins(np.full(100, 0.3), right)) == pytest.approx(0.0)


def test_the_error_weighs_bins_by_their_questions() -> None:
    bins = [Bin(n=1, confidence=0.5, precision=1.0), Bin(n=3, confidence=0.9, precision=0.8)]
    assert calibration_error(bins) == pytest.approx((0.5 + 0.3) / 4)


def test_a_perfectly_calibrated_system_exceeds_the_null_error_once_in_twenty() -> None:
    chance = np.random.default_rng(4)
    confidences = chance.random(200)
    limit = null_error(confidences, seed=5)
    errors = [calibration_error(reliability_bins(confidences, chance.random(200) < confidences)) for _ in range(1000)]
    assert np.mean(np.array(errors) > limit) == pytest.approx(0.05, abs=0.025)


def test_the_null_error_of_one_bin_is_the_analytic_one() -> None:
    """Of n tosses of probability p, |share - p| has its 95th percentile at 1.96 sqrt(p (1 - p) / n)."""
    limit = null_error(np.full(10_000, 0.3), seed=6)
    assert limit == pytest.approx(1.96 * np.sqrt(0.3 * 0.7 / 10_000), rel=0.08)


def test_more_questions_leave_less_to_chance_and_the_seed_decides() -> None:
    few, many = np.linspace(0, 1, 100), np.linspace(0, 1, 10_000)
    assert null_error(many, seed=7) < 0.2 * null_error(few, seed=7)
    assert null_error(few, seed=7) == null_error(few, seed=7)
